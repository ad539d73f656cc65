"""How a team's deals ended: won and lost, why, and how long it took."""
