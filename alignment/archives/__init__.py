"""A company as one file: taken out whole, and put into another installation. docs/data.md says it for people."""
