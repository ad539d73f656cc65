"""A team begins, is changed, ends and is taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from alignment import seating
from alignment.audit import note
from alignment.models import Company, PlannedSeat, Seat, Team, User
from alignment.models.teams import Role
from meetings import changes, invitations
from meetings.cadence import Cadence, slots
from meetings.cadence_words import words_of
from meetings.forms.team_parts import PartForm
from meetings.models import Meeting
from meetings.planning import AHEAD, cadence_of, plan
from meetings.replanning import is_touched

SHOWN = 8
FAR = timedelta(days=31 * (SHOWN + 2))
ENDED = "The team was ended."
TAKEN = frozenset({"new"})
"""Addresses under /setup/<company>/teams/ that are no team."""


@dataclass(frozen=True, slots=True)
class Date:
    """One of the next meetings, and the holiday it falls on, if it does."""

    start: datetime
    holiday: str = ""


def next_dates(cadence: Cadence, *, after: datetime, holidays: Mapping[date, str]) -> tuple[Date, ...]:
    """The next eight, each with the name of the holiday it falls on. Pure."""
    first = max(after, datetime.combine(cadence.starts_on, time(), cadence.zone) - timedelta(seconds=1))
    near = islice(slots(cadence, after=first, until=first + FAR), SHOWN)
    return tuple(Date(start, holidays.get(start.astimezone(cadence.zone).date(), "")) for start in near)


def holidays_of(company: Company, since: date) -> dict[date, str]:
    """As far as `next_dates` looks."""
    near = company.holidays.filter(day__range=(since, since + FAR + timedelta(days=2)))
    return dict(near.values_list("day", "name"))


@transaction.atomic
def found(team: Team, *, ceo: User, leader: User | None, by: User, now: datetime) -> Team:
    """Make the team with its seats, which hold from today, and plan its meetings. Raises seating.Refused."""
    team.slug = _free_slug(team.name)
    team.save(force_insert=True)
    note(
        "team.made", by=by, now=now, company=team.company, about=team.name,
        new=f"{words_of(team)}, from {team.starts_on}",
    )  # fmt: skip
    _seat(team, ceo, leader, by=by, now=now)
    plan(team, now)
    return team


def _seat(team: Team, ceo: User, leader: User | None, *, by: User, now: datetime) -> None:
    today = team.today(now)
    seating.give(team, ceo, Role.CEO, by=by, now=now, day=today)
    if leader is not None:
        seating.give(team, leader, Role.LEADER, by=by, now=now, day=today)


def _free_slug(name: str) -> str:
    """An address no team of any company has: north, north-2 …"""
    stem = slugify(name)[:70] or "team"
    taken = TAKEN | set(Team.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug


class Changed(Exception):  # noqa: N818 - a state, not an error
    """Somebody else changed the same meanwhile; `fields` is what stands there now, by name. Nothing was changed."""

    def __init__(self, fields: dict[str, object]) -> None:
        super().__init__("Somebody changed this meanwhile.")
        self.fields = fields


@transaction.atomic
def change(team: Team, form: PartForm, told: Mapping[str, object], *, by: User, now: datetime) -> bool:
    """Write what differs; whether anything did. What only somebody else changed since the page was shown stays.

    Raises Changed when both changed the same.
    """
    row = Team.objects.select_for_update().get(pk=team.pk)
    new = {name: value for name, value in told.items() if getattr(row, name) != value}
    late = {name: getattr(row, name) for name in new if form.was(name) not in (None, str(getattr(row, name)))}
    both = {name: value for name, value in late.items() if not _is_as_shown(told[name], form.was(name))}
    if both:
        raise Changed(both)
    new = {name: value for name, value in new.items() if name not in late}
    old = {name: getattr(row, name) for name in new}
    try:
        with transaction.atomic():
            if new:
                _write(row, form, new, by=by, now=now)
    except IntegrityError as broken:  # what each wrote is right, both together are not
        raise Changed(late or old) from broken
    return bool(new)


def _is_as_shown(value: object, shown: str | None) -> bool:
    """Whether the reader left it as the page showed it; amounts are shown with cents."""
    return str(value) == shown or (isinstance(value, Decimal) and f"{value:.2f}" == shown)


def _write(row: Team, form: PartForm, new: dict[str, object], *, by: User, now: datetime) -> None:
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=tuple(new))
    note(
        "team.changed", by=by, now=now, company=form.team.company, about=form.team.name, old=form.in_words(old),
        new=form.in_words(new),
    )  # fmt: skip
    Team.objects.stir(row.pk)


@transaction.atomic
def finish(team: Team, last: date, *, by: User, now: datetime, why: str = "") -> None:
    """The team ends with that day: nothing is deleted but the meetings after it that nobody touched; seats end with it.

    A later meeting that somebody prepared stays, excused. Raises seating.Refused.
    """
    row = Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)
    if row.ends_on == last:
        return
    _cancel_planned(row, last, by=by, now=now)
    row.ends_on = last
    row.save(update_fields=("ends_on",))
    _clear(row, last, by=by, now=now)
    for seat in sorted(row.seats.current(), key=lambda each: each.role == Role.CEO):
        seating.end(seat, by=by, now=now, last=last)
    note("team.ended", by=by, now=now, company=row.company, about=row.name, new=f"last day {last}", why=why)
    Team.objects.stir(row.pk)


def _cancel_planned(team: Team, last: date, *, by: User, now: datetime) -> None:
    """What was to happen after the end does not; what is to happen before it is for its planner to decide."""
    waiting = PlannedSeat.objects.waiting().filter(team=team).select_related("user", "ends_seat__user")
    if any(planned.day <= last for planned in waiting):
        raise seating.Refused("A change of seats is planned before that day. Cancel it first.")
    for planned in waiting:
        seating.forget(planned, by=by, now=now)


def _clear(team: Team, last: date, *, by: User, now: datetime) -> None:
    begin = datetime.combine(last + timedelta(days=1), time(), team.zone)
    after = Meeting.objects.filter(
        team=team, planned_start__gte=max(begin, now), state=Meeting.State.SCHEDULED
    )
    pks = after.annotate(touched=is_touched()).values_list("pk", "touched")
    Meeting.objects.filter(pk__in=[pk for pk, touched in pks if not touched]).delete()
    for meeting in after.select_related("team__company"):
        changes.excuse(meeting, by=by, now=now, why=ENDED)


@transaction.atomic
def take_up(team: Team, *, ceo: User, leader: User | None, by: User, now: datetime) -> None:
    """The team goes on from today; with these two, unless its seats have not ended yet. Raises seating.Refused."""
    row = Team.objects.select_for_update(of=("self",)).select_related("company").get(pk=team.pk)
    if row.ends_on is None:
        return
    was, row.ends_on = row.ends_on, None
    today = row.today(now)
    if was < today:
        row.starts_on = max(row.starts_on, today)
    row.save(update_fields=("ends_on", "starts_on"))
    for planned in PlannedSeat.objects.waiting().filter(team=row, user=None):
        seating.forget(planned, by=by, now=now)
    if not row.seats.current().filter(role=Role.CEO).exists():
        _seat(row, ceo, leader, by=by, now=now)
    _plan_again(row, now)
    invitations.renew(row, now, since=today)
    note("team.taken_up", by=by, now=now, company=row.company, about=row.name, old=f"last day {was}")
    Team.objects.stir(row.pk)


def _plan_again(team: Team, now: datetime) -> None:
    """Every slot that is free again, also before a meeting that stayed; what the end excused is on again."""
    Meeting.objects.filter(
        team=team, state=Meeting.State.EXCUSED, excused_why=ENDED, starts_at__gt=now
    ).update(
        state=Meeting.State.SCHEDULED, excused_at=None, excused_by=None, excused_why="", sequence=F("sequence") + 1
    )  # fmt: skip
    near = slots(cadence_of(team), after=now, until=now + AHEAD)
    rows = [Meeting(team=team, planned_start=start, starts_at=start) for start in near]
    Meeting.objects.bulk_create(rows, ignore_conflicts=True)


def last_two(team: Team) -> dict[str, int]:
    """Who sat as CEO and as leader last, for a form."""
    held = team.seats.filter(role__in=(Role.CEO, Role.LEADER)).order_by("until", "pk")
    known: list[Seat] = sorted(held, key=lambda seat: (seat.until is None, seat.until or date.min, seat.pk))
    return {seat.role: seat.user_id for seat in known}


def dates_ahead(team: Team, now: datetime) -> tuple[Date, ...]:
    return next_dates(cadence_of(team), after=now, holidays=holidays_of(team.company, team.today(now)))
