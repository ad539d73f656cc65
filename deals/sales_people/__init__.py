"""Reps: who is meant by a name, on which teams they are, two that are one."""
