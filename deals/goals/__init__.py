"""Setting goals: grid (what the page shows), typed (what was typed in it), paste (a table as goals), fill (a year
spread, last year grown), proposal (what a bulk act would change, and doing it), export."""
