"""The deal mix of a team: what the CEO and the sales leader agreed for the year, and what came of it."""
