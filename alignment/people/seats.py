"""Who has which seat on a team, from when until when.

A change whose day has begun is made at once; a later one is planned (alignment.people.planned_changes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from alignment.audit import note
from alignment.models import PlannedSeat, Seat, Team, User
from alignment.people.directory import LEFT, everyone
from alignment.rules.seats import ALONE, ONE_DAY, Change, Sitting, last_day, refusal

HandoverListener = Callable[[PlannedSeat, datetime], None]
handover_listeners: dict[str, HandoverListener] = {}
"""What apps do when the seat of a CEO or a sales leader has been handed
over, in the transaction of that change."""


def on_handover(listener: HandoverListener) -> HandoverListener:
    """Register a listener. It is called when the handover has happened, not when it is planned."""
    handover_listeners[f"{listener.__module__}.{listener.__qualname__}"] = listener
    return listener


class SeatRuleViolation(Exception):
    """The change would break a rule of the seats; the message is a sentence
    for the person. Nothing was changed."""


@transaction.atomic
def give(
    team: Team,
    user: User,
    role: str,
    *,
    by: User,
    now: datetime,
    day: date,
    acts_for: str = "",
    why: str = "",
) -> PlannedSeat:
    """Seat the person from `day` on; a seat they have on the team ends the day
    before. Raises SeatRuleViolation."""
    return _change(PlannedSeat(team=team, user=user, role=role, acts_for=acts_for, day=day, why=why), by, now)


@transaction.atomic
def hand_over(seat: Seat, to: User, *, by: User, now: datetime, day: date, why: str) -> PlannedSeat:
    """The seat is another's from `day` on, and its holder's until the day
    before. Raises SeatRuleViolation."""
    row = PlannedSeat(
        team=seat.team, user=to, role=seat.role, acts_for=seat.acts_for, ends_seat=seat, day=day, why=why
    )
    return _change(row, by, now)


@transaction.atomic
def end(seat: Seat, *, by: User, now: datetime, last: date, why: str = "") -> PlannedSeat:
    """`last` is the seat's last day; when that is today it ends at once. Raises SeatRuleViolation."""
    row = PlannedSeat(
        team=seat.team, role=seat.role, acts_for=seat.acts_for, ends_seat=seat, day=last + ONE_DAY, why=why
    )
    return _change(row, by, now, at_once=last <= seat.team.today(now))


def in_words(row: PlannedSeat) -> str:
    """ "Maria Lopez, Sales leader from 2026-12-01, after Joe Keller": facts for the audit."""
    role = row.get_role_display() + (f" for the {row.get_acts_for_display()}" if row.acts_for else "")
    if row.user is None:
        assert row.ends_seat is not None  # a constraint: it changes something
        return f"{row.ends_seat.user.name}, {role} until {row.last}"
    before = f", after {row.ends_seat.user.name}" if row.ends_seat else ""
    return f"{row.user.name}, {role} from {row.day}{before}"


# Steps


def _change(row: PlannedSeat, by: User, now: datetime, *, at_once: bool = False) -> PlannedSeat:
    team = lock_team(row.team)
    row.team, row.by, row.at = team, by, now
    if sentence := find_refusal(row, team):
        raise SeatRuleViolation(sentence)
    row.save(force_insert=True)
    if at_once or row.day <= team.today(now):
        apply_change(row, now)
    else:
        note(
            "seat.planned",
            by=by,
            now=now,
            company=team.company,
            about=team.name,
            new=in_words(row),
            why=row.why,
        )
    return row


def apply_change(row: PlannedSeat, now: datetime) -> None:
    """Make the change now; listeners hear of the handed-over seat of a CEO or a sales leader."""
    own = Q(user=row.user) if row.user else Q(pk=None)
    for seat in Seat.objects.current().filter(Q(pk=row.ends_seat_id) | own, team=row.team):
        seat.until = last_day(seat.since, row.day)
        seat.save(update_fields=("until",))
    if row.user:
        _take(row)
    row.done_at = now
    row.save(update_fields=("done_at",))
    row.team.forget_seats()
    Team.objects.bump_revision(row.team.pk)
    kind = "seat.handed_over" if row.user and row.ends_seat else "seat.given" if row.user else "seat.ended"
    note(
        kind,
        by=row.by,
        now=now,
        company=row.team.company,
        about=row.team.name,
        new=in_words(row),
        why=row.why,
    )
    if kind == "seat.handed_over" and row.role in ALONE:
        for listener in handover_listeners.values():
            listener(row, now)


def _take(row: PlannedSeat) -> None:
    """The person's seat: the one they gave up that day goes on, or a new one.

    What was given up that day and cannot be held beside it ends the day before.
    """
    given_up = row.team.seats.filter(until=row.day)
    own = {"user": row.user, "role": row.role, "acts_for": row.acts_for}
    returning = given_up.filter(**own).first()
    if returning is None:
        Seat.objects.create(team=row.team, since=row.day, **own)
    else:
        returning.until = None
        returning.save(update_fields=("until",))
    beside = Q(user=row.user) | Q(role=row.role if row.role in ALONE else None)
    given_up.filter(beside, since__lt=row.day).update(until=row.day - ONE_DAY)


# Asking the database


def lock_team(team: Team) -> Team:
    return Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)


def find_refusal(row: PlannedSeat, team: Team) -> str:
    if row.ends_seat_id and (sentence := _is_given_up(row, row.ends_seat_id, team)):
        return sentence
    others = waiting_changes(team).exclude(pk=row.pk) if row.pk else waiting_changes(team)
    change = change_of(row)
    if row.user:
        known: Any = everyone(team.company).filter(pk=row.user.pk).first()
        change = replace(
            change, is_ours=known is not None, is_active=known is not None and known.state != LEFT
        )
    return refusal(sittings_of(team), [change_of(other) for other in others], change, ends_on=team.ends_on)


def _is_given_up(row: PlannedSeat, seat: int, team: Team) -> str:
    """Whether the seat to be ended has ended, or will by another change that is planned."""
    if not team.seats.current().filter(pk=seat).exists():
        return "This person has already left the team. Check the current members."
    other = waiting_changes(team).filter(ends_seat=seat).exclude(pk=row.pk).first()
    return f"A change is already planned: {in_words(other)}. Cancel that first." if other else ""


def waiting_changes(team: Team) -> QuerySet[PlannedSeat]:
    return PlannedSeat.objects.waiting().filter(team=team).select_related("user", "ends_seat__user")


def sittings_of(team: Team) -> list[Sitting]:
    return [
        Sitting(
            user=seat.user_id,
            name=seat.user.name,
            role=seat.role,
            since=seat.since,
            until=seat.until,
            acts_for=seat.acts_for,
            id=seat.pk,
            is_over=seat.until is not None,
        )
        for seat in team.seats.select_related("user")
    ]


def change_of(row: PlannedSeat) -> Change:
    who = (row.user.pk, row.user.name, row.role, row.acts_for) if row.user else (0, "", "", "")
    return Change(row.day, *who, ends=row.ends_seat_id or 0)
