"""Imports as people run them: a file is read, compared, previewed, applied, undone.

In order: scopes (who may import what), uploads and files (what arrives, as stored), reading (what the engine
understands, what is still open), owners (whose team), compare (rows beside the database, nothing written), write (apply
and undo), jobs (who does the work), expiry; plan is the shape they share, kinds/ has a module for every kind.
"""
