"""Imports from the terminal: nobody can be asked there, so every question is refused with the option that answers it.

A file becomes a run like one that was uploaded (deals.import_runs): admins see it among the imports, and may undo it.
"""
