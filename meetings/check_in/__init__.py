"""The check-in of a CEO and a sales leader: a round after every meeting, read by these two alone.

Nothing in here bumps a revision, writes an audit entry, a notice or a line of the log: what others can get does not
depend on whether, when or what somebody answered.
"""
