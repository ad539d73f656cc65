"""The teams of a company in figures alone, for people without a seat. No module here reads what somebody wrote."""
