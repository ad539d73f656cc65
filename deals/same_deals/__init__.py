"""Two deals that are one: which may be, and what becomes of everything that stands on the one that goes."""
