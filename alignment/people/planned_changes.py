"""When a planned change of seats, such as a handover, takes effect, and how it is taken back.

It takes effect when its day begins in the team's zone: from then on the sweep makes it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from alignment.audit import note
from alignment.models import PlannedSeat, Team, User
from alignment.people.seats import (
    SeatRuleViolation,
    apply_change,
    change_of,
    find_refusal,
    in_words,
    lock_team,
    sittings_of,
    waiting_changes,
)
from alignment.rules.seats import refusal
from alignment.rules.zones import EARLIEST_ZONE

log = logging.getLogger(__name__)


@transaction.atomic
def cancel(planned: PlannedSeat, *, by: User, now: datetime) -> None:
    """Take a planned change back. Raises SeatRuleViolation when it has
    happened already or others build on it."""
    team = lock_team(planned.team)
    row = (
        PlannedSeat.objects.waiting().select_related("user", "ends_seat__user").filter(pk=planned.pk).first()
    )
    if row is None:
        raise SeatRuleViolation("This change was already made or cancelled. Check the current members.")
    if sentence := _breaks_without(row, team):
        raise SeatRuleViolation(sentence)
    row.team = team
    forget(row, by=by, now=now)


def forget(row: PlannedSeat, *, by: User, now: datetime) -> None:
    """Cancel without checking the other changes; the caller knows that none depends on it."""
    PlannedSeat.objects.waiting().filter(pk=row.pk).update(cancelled_at=now)
    note("seat.cancelled", by=by, now=now, company=row.team.company, about=row.team.name, old=in_words(row))


def find_planned_changes(now: datetime) -> QuerySet[PlannedSeat]:
    """The changes whose day may have begun somewhere, in the order they happen."""
    latest = (now + EARLIEST_ZONE).date()
    return PlannedSeat.objects.waiting().filter(day__lte=latest).select_related("team__company")


def has_come(row: PlannedSeat, now: datetime) -> bool:
    """Whether its day has begun in the team's zone. Raises KeyError,
    ValueError or OSError when that is no zone."""
    return row.day <= row.team.today(now)


@transaction.atomic
def carry_out(row: PlannedSeat, now: datetime) -> bool:
    """Make the change; False when it was made already, or is not possible any more and is cancelled.

    Twice, or on two machines, does it once.
    """
    team = lock_team(row.team)
    planned = (
        PlannedSeat.objects.waiting()
        .select_related("user", "ends_seat__user", "by")
        .filter(pk=row.pk)
        .first()
    )
    if planned is None:  # another process was here first
        return False
    planned.team = team
    if sentence := find_refusal(planned, team):
        _cancel_impossible(planned, sentence, now)
        return False
    apply_change(planned, now)
    return True


def _cancel_impossible(row: PlannedSeat, sentence: str, now: datetime) -> None:
    log.warning("planned seat %s was not carried out: %s", row.pk, sentence)
    PlannedSeat.objects.filter(pk=row.pk).update(cancelled_at=now)
    note(
        "seat.impossible",
        by=row.by,
        now=now,
        company=row.team.company,
        about=row.team.name,
        old=in_words(row),
        why=sentence,
    )


def _breaks_without(row: PlannedSeat, team: Team) -> str:
    """Why the other planned changes would fail without this one; empty when they would not."""
    left = list(waiting_changes(team).exclude(pk=row.pk))
    for number, planned in enumerate(left):
        others = [change_of(other) for other in left[:number] + left[number + 1 :]]
        if sentence := refusal(sittings_of(team), others, change_of(planned), ends_on=team.ends_on):
            return f"Another planned change depends on this one; cancel that first. {sentence}"
    return ""
