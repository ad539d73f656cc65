"""Setting goals.

grid: what the page shows. edits: what was typed in it. parse: a table as goals. spread: a year spread over
its months, last year grown. bulk_change: a change of many goals, previewed and applied. history: who changed
what. export: a year as rows for a file.
"""
