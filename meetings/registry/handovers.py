"""Who is notified when the seat of a CEO or a sales leader has been handed over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from alignment.models import PlannedSeat, User
from alignment.outbox.notice_kinds import enqueue
from alignment.people.seats import on_handover
from alignment.rules.roles import PRINCIPAL_ROLES


@on_handover
def notify_of_handover(row: PlannedSeat, now: datetime) -> None:
    """Notify the CEO, the sales leader and the company's admins, once."""
    team = row.team
    admins = Q(memberships__company=team.company_id, memberships__is_admin=True)
    principals = Q(seats__in=team.seats.current().filter(role__in=PRINCIPAL_ROLES))
    for user in User.objects.filter(admins | principals, is_active=True).distinct():
        enqueue(
            "handover",
            to=user,
            about=f"seat-{row.pk}",
            payload={"planned": row.pk},
            now=now,
            company=team.company,
        )
