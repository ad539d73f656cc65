"""The question whether the sales leader knows where they stand, put to each of the two once a quarter.

As with a check-in, nothing in here bumps a revision or writes an audit entry, a notice or a line of the log.
"""
