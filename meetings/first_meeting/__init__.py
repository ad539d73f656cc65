"""The first meeting of a pair: prepared by each alone, opened together, and ended as the agreement of the quarter.

As with a check-in, nothing in here bumps a revision or writes an audit entry, a notice or a line of the log. What the
two put into the agreement is proposed there, like anything else.
"""
