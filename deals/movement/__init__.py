"""What changed in a team's deals and revenue between two moments."""
