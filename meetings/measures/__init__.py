"""Leading measures of a team: counted from its deals or typed in, week by week."""
