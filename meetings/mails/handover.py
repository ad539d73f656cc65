"""The mail of a handover: facts only, because company admins read it too. Sent once, after the handover."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from alignment.models import Notice, PlannedSeat
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.roles import NAMES, Role


@notice_type("handover", label="Role handed over", has_words=False)
def handover(notice: Notice) -> Message | None:
    """Not sent when the seat has changed again, or its reader no longer has access to the team."""
    rows = PlannedSeat.objects.select_related("team__company", "user", "ends_seat__user")
    row = rows.filter(pk=notice.payload["planned"]).first()
    if row is None or row.done_at is None or row.user is None or row.ends_seat is None:
        return None
    team, holder = row.team, row.team.holder(row.role)
    is_principal = team.is_principal(notice.to)
    if holder != row.user or not (is_principal or team.company.is_administered_by(notice.to)):
        return None
    name, about = (
        ("meetings:first_days", "What was handed over") if is_principal else ("meetings:team", "The team")
    )
    context = {
        "team": team,
        "new": row.user,
        "old": row.ends_seat.user,
        "role": NAMES[Role(row.role)],
        "day": row.day,
        "url": f"{settings.BASE_URL}{reverse(name, args=(team.slug,))}",
        "about": about,
        "is_new": row.user == notice.to,
    }
    return Message("handover", notice.to, team.currency, context)
