"""Heads-ups: what a CEO said to others about a team, in one line to its sales leader, who answers by one tap.

Nothing in here bumps a revision or writes an audit entry, a notice or a line of the log: what others can get does not
depend on it, until the leader puts it on the agenda in words of their own choice.
"""
