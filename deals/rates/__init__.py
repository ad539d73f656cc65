"""What a team's own past says of its pipeline: yield, win rate, what is created, how long a stage takes."""
