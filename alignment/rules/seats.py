"""The rules for a change of seats. Pure: days and names in, a sentence out when it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from alignment.rules.roles import Role

ONE_DAY = timedelta(days=1)
FAR = date.max
ALONE = {Role.CEO: "the CEO", Role.LEADER: "the sales leader"}
"""Roles that one person holds at a time."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's time in one role. `until` is the last day; None: no end is
    known. `id` 0: it is only planned."""

    user: int
    name: str
    role: str
    since: date
    until: date | None = None
    acts_for: str = ""
    id: int = 0
    is_over: bool = False
    """It has ended; the rest of its last day is free."""

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
    """The seats after the change. Whoever takes a seat gives up the one they have on the team."""
    left = tuple(_ended(sitting, change) for sitting in sittings)
    if not change.user:
        return left
    return (*left, Sitting(change.user, change.name, change.role, change.day, None, change.acts_for))


def outlook(sittings: Iterable[Sitting], changes: Iterable[Change]) -> tuple[Sitting, ...]:
    """The seats now and after each of the changes."""
    future = tuple(sittings)
    for change in sorted(changes, key=lambda change: change.day):
        future = after(future, change)
    return future


def last_day(since: date, day: date) -> date:
    """The last day of a seat given up from `day` on: the day before, or the
    day it began if that is the same."""
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
        return "Only people of this company can join its teams. Invite them first."
    if not change.is_active:
        return f"{change.name} is deactivated. Reactivate them first."
    if change.role == Role.DELEGATE and change.acts_for not in ALONE:
        return "Choose whether they act for the CEO or the sales leader."
    same = (change.user, change.role, change.acts_for)
    if any(
        (sitting.user, sitting.role, sitting.acts_for) == same and sitting.until is None
        for sitting in sittings
    ):
        return f"{change.name} already has this role."
    return ""


def _of_the_day(sittings: Sequence[Sitting], change: Change, ends_on: date | None) -> str:
    for sitting in sittings:
        is_given_up = sitting.id == change.ends or (sitting.user == change.user and sitting.until is None)
        if sitting.id and is_given_up and change.day < sitting.since:
            return (
                f"{sitting.name} has had this role since {_spelled(sitting.since)}. "
                "Choose that day or a later one."
            )
    if change.user and ends_on and change.day > ends_on:
        return f"The team ends on {_spelled(ends_on)}. Restart it first, or choose an earlier day."
    return ""


def _overlaps(future: Sequence[Sitting], day: date) -> Iterator[str]:
    """From `day` on: nobody has two seats, and there is one CEO and one leader at a time."""
    for one, two in clashes(future, since=day):
        if one.user == two.user:
            yield (
                f"{one.name} would have two roles at once from {_spelled(two.since)}. "
                "Cancel or end one of them first."
            )
        else:
            yield (
                f"There would be two at once: {one.name} is "
                f"{ALONE[Role(one.role)]}{_until(one)}, and {two.name} "
                f"would be from {_spelled(two.since)}. Replace one with the other."
            )


def stored_clashes(sittings: Iterable[Sitting]) -> Iterator[str]:
    """Of the seats of one team, past ones too, a sentence for each two that no form would have made."""
    for one, two in clashes([replace(sitting, is_over=False) for sitting in sittings]):
        day = _spelled(two.since)
        if one.user == two.user:
            yield f"{one.name} has two roles at once from {day}."
        else:
            yield f"{one.name} and {two.name} are both {ALONE[Role(one.role)]} at once from {day}."


def clashes(sittings: Iterable[Sitting], *, since: date = date.min) -> Iterator[tuple[Sitting, Sitting]]:
    """Each two that share a day from `since` on and are of one person, or of a role that one person holds."""
    for one, two in combinations(sorted(sittings, key=lambda sitting: (sitting.since, sitting.last)), 2):
        is_exclusive = one.user == two.user or (one.role == two.role and one.role in ALONE)
        if is_exclusive and meet(one, two, since=since):
            yield one, two


def meet(one: Sitting, two: Sitting, *, since: date = date.min) -> bool:
    """Whether the two share a day from `since` on; `one` began first.

    A seat that ended today, or on the day it began, may be followed on the same day.
    """
    if one.until == two.since and (one.is_over or one.since == one.until):
        return False
    return max(one.since, two.since) <= min(one.last, two.last) and min(one.last, two.last) >= since


def _without_a_ceo(future: Sequence[Sitting], day: date, ends_on: date | None) -> str:
    ceos = [sitting for sitting in future if sitting.role == Role.CEO]
    for sitting in ceos:
        if sitting.until is None or sitting.until < day - ONE_DAY or (ends_on and ends_on <= sitting.until):
            continue
        first = sitting.until + ONE_DAY
        if not any(other.holds_on(first) for other in ceos):
            return (
                f"The team would be without a CEO from {_spelled(first)}. "
                "Choose a replacement, or end the team on that day."
            )
    return ""


def _until(sitting: Sitting) -> str:
    return f" until {_spelled(sitting.until)}" if sitting.until else ""


def _spelled(day: date) -> str:
    return f"{day:%-d %B %Y}"
