"""What can be imported: one module a kind, each with its typed row and how a line becomes one."""
