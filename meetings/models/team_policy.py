from __future__ import annotations

from alignment.models import Team
from meetings.rules.escalation import Policy


def policy_of(team: Team) -> Policy:
    """After how many misses in a row the admins are told and the team is red."""
    return Policy(team.admins_told_after, team.red_after)
