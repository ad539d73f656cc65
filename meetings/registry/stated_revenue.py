"""Which teams have stated their revenue: those of which a meeting was closed since."""

from collections.abc import Collection
from datetime import datetime

from deals.import_runs.kinds.stated_revenue import register_stated_teams
from meetings.models import Meeting


def teams_with_a_closed_meeting(teams: Collection[int], since: datetime) -> set[int]:
    closed = Meeting.objects.filter(team__in=teams, closed_at__gte=since)
    return set(closed.order_by().values_list("team", flat=True).distinct())


register_stated_teams(teams_with_a_closed_meeting)
