"""What a change of seats may do to a team. Pure: days and names in, a sentence out when it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from alignment.models.teams import Role

ONE_DAY = timedelta(days=1)
FAR = date.max
ALONE = {Role.CEO: "the CEO", Role.LEADER: "the sales leader"}
"""Roles that one person holds at a time."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's time in one role. `until` is the last day; None: no end is known. `id` 0: it is only planned."""

    user: int
    name: str
    role: str
    since: date
    until: date | None = None
    acts_for: str = ""
    id: int = 0
    is_over: bool = False
    """It was given up already; the rest of its last day is free."""

    @property
    def last(self) -> date:
        return self.until or FAR

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.last


@dataclass(frozen=True, slots=True)
class Change:
    """From `day` on: `user` takes a seat (0: nobody does), and the seat `ends` is given up (0: none is)."""

    day: date
    user: int = 0
    name: str = ""
    role: str = ""
    acts_for: str = ""
    ends: int = 0
    is_active: bool = True
    is_ours: bool = True


def after(sittings: Iterable[Sitting], change: Change) -> tuple[Sitting, ...]:
    """How the team sits once the change holds. Who takes a seat gives up the one they have on the team."""
    left = tuple(_ended(sitting, change) for sitting in sittings)
    if not change.user:
        return left
    return (*left, Sitting(change.user, change.name, change.role, change.day, None, change.acts_for))


def outlook(sittings: Iterable[Sitting], changes: Iterable[Change]) -> tuple[Sitting, ...]:
    """How the team sits, now and after each of the changes."""
    found = tuple(sittings)
    for change in sorted(changes, key=lambda each: each.day):
        found = after(found, change)
    return found


def last_day(since: date, day: date) -> date:
    """The last day of a seat given up from `day` on: the day before, or the day it began if that is the same."""
    return max(day - ONE_DAY, since)


def _ended(sitting: Sitting, change: Change) -> Sitting:
    is_meant = bool(sitting.id) and sitting.id == change.ends
    is_own = bool(change.user) and sitting.user == change.user and sitting.until is None
    if not (is_meant or is_own) or sitting.since > change.day or sitting.last < change.day:
        return sitting
    return replace(sitting, until=last_day(sitting.since, change.day))


def refusal(
    sittings: Sequence[Sitting], planned: Iterable[Change], change: Change, *, ends_on: date | None
) -> str:
    """Why the change cannot be made, as a sentence; nothing when it can."""
    future = outlook(sittings, [*planned, change])
    reasons = (
        _of_the_person(sittings, change),
        _of_the_day(sittings, change, ends_on),
        *_overlaps(future, change.day),
        _without_a_ceo(future, change.day, ends_on),
    )
    return next(filter(None, reasons), "")


def _of_the_person(sittings: Sequence[Sitting], change: Change) -> str:
    if not change.user:
        return ""
    if not change.is_ours:
        return "Only people of this company can have a seat here. Invite them first."
    if not change.is_active:
        return f"{change.name} is deactivated and can have no seat. Activate them first."
    if change.role == Role.DELEGATE and change.acts_for not in ALONE:
        return "Say whose delegate it is: the CEO’s or the sales leader’s."
    same = (change.user, change.role, change.acts_for)
    if any((each.user, each.role, each.acts_for) == same and each.until is None for each in sittings):
        return f"{change.name} has that seat already."
    return ""


def _of_the_day(sittings: Sequence[Sitting], change: Change, ends_on: date | None) -> str:
    for each in sittings:
        is_given_up = each.id == change.ends or (each.user == change.user and each.until is None)
        if each.id and is_given_up and change.day < each.since:
            return f"{each.name} has had that seat since {_said(each.since)}. Choose that day or a later one."
    if change.user and ends_on and change.day > ends_on:
        return f"The team ends on {_said(ends_on)}. Take it up again first, or choose an earlier day."
    return ""


def _overlaps(future: Sequence[Sitting], day: date) -> Iterator[str]:
    """From `day` on: nobody sits twice, and there is one CEO and one leader at a time."""
    for one, two in combinations(sorted(future, key=lambda each: (each.since, each.last)), 2):
        if not _meet(one, two, day):
            continue
        if one.user == two.user:
            yield f"{one.name} would have two seats at once from {_said(two.since)}. Cancel or end one of them first."
        elif one.role == two.role and one.role in ALONE:
            yield (
                f"There would be two at once: {one.name} is {ALONE[Role(one.role)]}{_until(one)}, and {two.name} "
                f"would be from {_said(two.since)}. Hand the seat over from one to the other."
            )


def _meet(one: Sitting, two: Sitting, day: date) -> bool:
    """What was given up today, or put right on the day it began, may be followed on the same day."""
    if one.until == two.since and (one.is_over or one.since == one.until):
        return False
    return max(one.since, two.since) <= min(one.last, two.last) and min(one.last, two.last) >= day


def _without_a_ceo(future: Sequence[Sitting], day: date, ends_on: date | None) -> str:
    ceos = [each for each in future if each.role == Role.CEO]
    for each in ceos:
        if each.until is None or each.until < day - ONE_DAY or (ends_on and ends_on <= each.until):
            continue
        first = each.until + ONE_DAY
        if not any(other.holds_on(first) for other in ceos):
            return f"The team would be without a CEO from {_said(first)}. Say who follows, or end the team on that day."
    return ""


def _until(sitting: Sitting) -> str:
    return f" until {_said(sitting.until)}" if sitting.until else ""


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"
