"""What the sales leader committed for a period, and what came of it."""
