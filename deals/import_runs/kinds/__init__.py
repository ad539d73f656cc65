"""What can be imported, a kind each: how its rows are compared, written and taken back."""
