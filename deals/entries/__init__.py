"""Real figures that come as a table: table (rows → entries, checked), write (which are there already, and writing the rest)."""
