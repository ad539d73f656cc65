"""The quarter on one page: what a team's other pages say of a quarter, read once and by everybody alike.

What waits for a meeting to start (a call, a commit) is not on it for anybody, and nothing of a rep's plan.
"""
