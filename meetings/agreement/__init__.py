"""The agreement of a quarter: its lines, how they are proposed and signed, and what of them no longer is as agreed."""
