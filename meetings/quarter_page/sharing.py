"""What of a quarter's page the CEO opens to others on the team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from alignment.models import Team, User
from alignment.rules.periods import Period
from meetings.models import QuarterSharing, TransitionNotAllowed
from meetings.rules.quarter_page import Part, known_parts

CHANGED = (
    "This was changed in another window in the meantime, so nothing was saved. Look at what is ticked here and save "
    "it again."
)


@transaction.atomic
def share_quarter(
    team: Team,
    quarter: Period,
    parts: Iterable[Part],
    *,
    with_ceo_number: bool,
    version: int,
    by: User,
    now: datetime,
) -> QuarterSharing:
    """From now on others have these parts. The CEO opens their own number alone: that of another CEO is closed by it.

    The same sent twice is saved once. Raises TransitionNotAllowed where something else was saved in between.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # two first choices at once are one
    row = QuarterSharing.objects.of(team, quarter)
    fields = {
        "open_parts": [str(part) for part in known_parts(parts)],
        "ceo_number_of": by if with_ceo_number else None,
    }
    if row.pk and not row.differs_from(fields):
        return row
    if row.version != version:
        raise TransitionNotAllowed(CHANGED)
    stamps = {"changed_by": by, "changed_at": now}
    if row.pk:
        return row.edit(version=version, **fields, **stamps)
    return QuarterSharing.objects.create(
        team=team, starts_on=quarter.start, ends_on=quarter.end, version=1, **fields, **stamps
    )
