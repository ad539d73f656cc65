"""In which order the teams stand on home. Which of them needs attention most is said above them
(meetings.home.attention) and moves none.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from meetings.home.team_snapshots import TeamSnapshot


def by_start(team: TeamSnapshot) -> tuple[bool, datetime, str]:
    """In session first, then by the next meeting's start; those without one last."""
    if team.next is None:
        return True, datetime.max.replace(tzinfo=timezone.get_current_timezone()), team.name
    return not team.next.in_session, team.next.starts_at, team.name
