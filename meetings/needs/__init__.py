"""What waits for a person, each with the act that settles it, and how that act is undone."""

from meetings.needs.build import needs_of, needs_you
from meetings.needs.queries import SeatedTeam, WaitingRow, waiting_rows
from meetings.needs.values import Need, Needs

__all__ = ["Need", "Needs", "SeatedTeam", "WaitingRow", "needs_of", "needs_you", "waiting_rows"]
