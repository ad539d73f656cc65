"""The database at one moment as files, and put back from them; a module for each of the two databases."""
