"""Who sits where on a team, from when until when: changed at once, or on a day to come by the clock."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from alignment.audit import note
from alignment.models import PlannedSeat, Seat, Team, User
from alignment.models.teams import Role
from alignment.notices import owe
from alignment.people import LEFT, everyone
from alignment.seat_rules import ALONE, ONE_DAY, Change, Sitting, last_day, refusal

log = logging.getLogger(__name__)
EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day can begin."""


class Refused(Exception):  # noqa: N818 - a state, not an error
    """The change would break a rule of the seats; the message is a sentence for the person. Nothing was changed."""


@transaction.atomic
def give(
    team: Team, user: User, role: str, *, by: User, now: datetime, day: date, acts_for: str = "", why: str = ""
) -> PlannedSeat:  # fmt: skip
    """Seat the person from `day` on; a seat they have on the team ends the day before. Raises Refused."""
    return _change(PlannedSeat(team=team, user=user, role=role, acts_for=acts_for, day=day, why=why), by, now)


@transaction.atomic
def hand_over(seat: Seat, to: User, *, by: User, now: datetime, day: date, why: str) -> PlannedSeat:
    """The seat is another's from `day` on, and its holder's until the day before. Raises Refused."""
    row = PlannedSeat(
        team=seat.team, user=to, role=seat.role, acts_for=seat.acts_for, ends_seat=seat, day=day, why=why
    )
    return _change(row, by, now)


@transaction.atomic
def end(seat: Seat, *, by: User, now: datetime, last: date, why: str = "") -> PlannedSeat:
    """`last` is the seat's last day; when that is today it ends at once. Raises Refused."""
    row = PlannedSeat(
        team=seat.team, role=seat.role, acts_for=seat.acts_for, ends_seat=seat, day=last + ONE_DAY, why=why
    )
    return _change(row, by, now, at_once=last <= seat.team.today(now))


@transaction.atomic
def cancel(planned: PlannedSeat, *, by: User, now: datetime) -> None:
    """Take a planned change back. Raises Refused when it has happened already or others build on it."""
    team = _locked(planned.team)
    row = (
        PlannedSeat.objects.waiting().select_related("user", "ends_seat__user").filter(pk=planned.pk).first()
    )
    if row is None:
        raise Refused("This change has happened already or was cancelled. Look at who sits where now.")
    if sentence := _breaks_without(row, team):
        raise Refused(sentence)
    row.team = team
    forget(row, by=by, now=now)


def forget(row: PlannedSeat, *, by: User, now: datetime) -> None:
    """Cancel without looking at the other changes; the caller knows that nothing builds on it."""
    PlannedSeat.objects.waiting().filter(pk=row.pk).update(cancelled_at=now)
    note("seat.cancelled", by=by, now=now, company=row.team.company, about=row.team.name, old=in_words(row))


def carry_out(now: datetime) -> int:
    """Make the changes whose day has begun in their team's zone; returns how many. Twice, or on two machines, does each once."""
    latest = (now + EARLIEST_ZONE).date()
    waiting = PlannedSeat.objects.waiting().filter(day__lte=latest).select_related("team__company")
    return sum(_carry_out(row.pk, row.team, now) for row in waiting if _has_come(row, now))


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
    team = _locked(row.team)
    row.team, row.by, row.at = team, by, now
    if sentence := _refusal(row, team):
        raise Refused(sentence)
    row.save(force_insert=True)
    if at_once or row.day <= team.today(now):
        _do(row, now)
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


@transaction.atomic
def _carry_out(pk: int, team: Team, now: datetime) -> bool:
    team = _locked(team)
    found = (
        PlannedSeat.objects.waiting().select_related("user", "ends_seat__user", "by").filter(pk=pk).first()
    )
    if found is None:  # another clock was here first
        return False
    found.team = team
    if sentence := _refusal(found, team):
        log.warning("planned seat %s was not carried out: %s", pk, sentence)
        PlannedSeat.objects.filter(pk=pk).update(cancelled_at=now)
        note(
            "seat.impossible",
            by=found.by,
            now=now,
            company=team.company,
            about=team.name,
            old=in_words(found),
            why=sentence,
        )
        return False
    _do(found, now)
    return True


def _do(row: PlannedSeat, now: datetime) -> None:
    own = Q(user=row.user) if row.user else Q(pk=None)
    for seat in Seat.objects.current().filter(Q(pk=row.ends_seat_id) | own, team=row.team):
        seat.until = last_day(seat.since, row.day)
        seat.save(update_fields=("until",))
    if row.user:
        Seat.objects.create(team=row.team, user=row.user, role=row.role, acts_for=row.acts_for, since=row.day)
    row.done_at = now
    row.save(update_fields=("done_at",))
    row.team.__dict__.pop("current_seats", None)
    Team.objects.stir(row.team.pk)
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
        _tell(row, now)


def _tell(row: PlannedSeat, now: datetime) -> None:
    """The two and the company's admins, once: not when it is planned, but when it has happened."""
    admins = Q(memberships__company=row.team.company_id, memberships__is_admin=True)
    two = Q(seats__in=row.team.seats.current().filter(role__in=(Role.CEO, Role.LEADER)))
    for user in User.objects.filter(admins | two, is_active=True).distinct():
        owe(
            "handover",
            to=user,
            about=f"seat-{row.pk}",
            payload={"planned": row.pk},
            now=now,
            company=row.team.company,
        )


# Asking the database


def _locked(team: Team) -> Team:
    return Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)


def _has_come(row: PlannedSeat, now: datetime) -> bool:
    try:
        return row.day <= row.team.today(now)
    except (KeyError, ValueError, OSError):  # whatever a zone name that is none raises
        log.error("team %s has no usable time zone: its seats are not changed", row.team_id)
        return False


def _refusal(row: PlannedSeat, team: Team) -> str:
    if row.ends_seat_id and (sentence := _is_given_up(row, row.ends_seat_id, team)):
        return sentence
    others = _waiting(team).exclude(pk=row.pk) if row.pk else _waiting(team)
    change = _value(row)
    if row.user:
        known: Any = everyone(team.company).filter(pk=row.user.pk).first()
        change = replace(
            change, is_ours=known is not None, is_active=known is not None and known.state != LEFT
        )
    return refusal(_sittings(team), [_value(each) for each in others], change, ends_on=team.ends_on)


def _is_given_up(row: PlannedSeat, seat: int, team: Team) -> str:
    """Whether the seat to be ended has ended, or will by another change that is planned."""
    if not team.seats.current().filter(pk=seat).exists():
        return "This seat was given up already. Look at who sits where now."
    other = _waiting(team).filter(ends_seat=seat).exclude(pk=row.pk).first()
    return f"Its end is planned already: {in_words(other)}. Cancel that first." if other else ""


def _breaks_without(row: PlannedSeat, team: Team) -> str:
    """What would be wrong with the other planned changes if this one did not happen."""
    left = list(_waiting(team).exclude(pk=row.pk))
    for number, each in enumerate(left):
        others = [_value(other) for other in left[:number] + left[number + 1 :]]
        if sentence := refusal(_sittings(team), others, _value(each), ends_on=team.ends_on):
            return f"Another planned change builds on this one; cancel that first. {sentence}"
    return ""


def _waiting(team: Team) -> QuerySet[PlannedSeat]:
    return PlannedSeat.objects.waiting().filter(team=team).select_related("user", "ends_seat__user")


def _sittings(team: Team) -> list[Sitting]:
    told = team.seats.values_list("user", "user__name", "role", "since", "until", "acts_for", "pk")
    return [Sitting(*row, is_over=row[4] is not None) for row in told]


def _value(row: PlannedSeat) -> Change:
    who = (row.user.pk, row.user.name, row.role, row.acts_for) if row.user else (0, "", "", "")
    return Change(row.day, *who, ends=row.ends_seat_id or 0)
