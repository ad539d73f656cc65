"""The words of a handover: facts alone, for company admins read them too. Told once, when it has happened."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from alignment.mail import Letter
from alignment.models import Notice, PlannedSeat
from alignment.models.teams import Role
from alignment.notices import maker
from meetings.first_days import NAMES


@maker("handover", label="A seat handed over", has_words=False)
def handover(notice: Notice) -> Letter | None:
    """Closed unsent when the seat is another's again, or its reader has nothing to do with the team any more."""
    rows = PlannedSeat.objects.select_related("team__company", "user", "ends_seat__user")
    row = rows.filter(pk=notice.payload["planned"]).first()
    if row is None or row.done_at is None or row.user is None or row.ends_seat is None:
        return None
    team, holder = row.team, row.team.holder(row.role)
    two = team.is_pair(notice.to)
    if holder != row.user or not (two or team.company.is_administered_by(notice.to)):
        return None
    name, about = ("meetings:first_days", "What was handed over") if two else ("meetings:team", "The team")
    told = {
        "team": team, "new": row.user, "old": row.ends_seat.user, "role": NAMES[Role(row.role)], "day": row.day,
        "url": f"{settings.BASE_URL}{reverse(name, args=(team.slug,))}", "about": about, "is_new": row.user == notice.to,
    }  # fmt: skip
    return Letter("handover", notice.to, team.currency, told)
