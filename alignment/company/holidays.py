"""A company's holidays: read from pasted lines, added and removed. They are no business days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from alignment.audit import note, spelled
from alignment.models import Company, Holiday, User
from alignment.rules.periods import FIRST_DAY, LAST_DAY

LONGEST = 80
MOST = 400
"""Lines pasted at once: more than ten years of any country."""
WRONG_SHOWN = 5
_LINE = re.compile(r"(?P<day>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})[\s,;:]+(?P<name>\S.*)")

Day = tuple[date, str]
Guard = Callable[[Company, datetime], AbstractContextManager[None]]
_GUARDS: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """What the apps above do around a change of holidays, in its transaction."""
    _GUARDS.append(guard)


@contextmanager
def _guarded(company: Company, now: datetime) -> Iterator[None]:
    with ExitStack() as stack:
        for guard in _GUARDS:
            stack.enter_context(guard(company, now))
        yield


class HolidayLinesError(ValueError):
    """The lines cannot be read; `wrong` says why for each. Nothing is added."""

    def __init__(self, wrong: Sequence[str]) -> None:
        more = len(wrong) - WRONG_SHOWN
        self.wrong = [*wrong[:WRONG_SHOWN], *([f"And {more} more lines."] if more > 0 else [])]
        super().__init__(" ".join(self.wrong))


def parse(text: str) -> list[Day]:
    """ "2026-12-25 Christmas Day", one a line; also 25.12.2026. Pure. Raises
    HolidayLinesError naming each line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST:
        raise HolidayLinesError([f"This list has {len(lines)} lines; paste at most {MOST} at once."])
    days: dict[date, str] = {}
    wrong = []
    for number, line in lines:
        read = _read(line)
        if isinstance(read, str):
            wrong.append(f"Line {number}: {read}")
        elif days.setdefault(*read) != read[1]:
            wrong.append(f"Line {number}: {spelled(read[0])} appears twice, with two names.")
    if wrong:
        raise HolidayLinesError(wrong)
    return sorted(days.items())


def _read(line: str) -> Day | str:
    match = _LINE.fullmatch(line)
    if match is None:
        return f"enter the date and name, for example 2026-12-25 Christmas Day, not “{line[:40]}”."
    numbers = [int(part) for part in re.split(r"[-.]", match["day"])]
    try:
        day = date(*(numbers if "-" in match["day"] else reversed(numbers)))
    except ValueError:
        return f"{match['day']} is not a valid date."
    if not FIRST_DAY <= day <= LAST_DAY:
        return "the year must be between 1990 and 2100."
    name = match["name"].strip()
    return (day, name) if len(name) <= LONGEST else f"the name can have at most {LONGEST} characters."


@transaction.atomic
def add(company: Company, days: Iterable[Day], *, by: User, now: datetime) -> str:
    """Add all of them, or none and return a sentence naming the days that have another
    name already. Existing ones change nothing."""
    Company.objects.select_for_update().get(pk=company.pk)
    names = dict(days)
    existing = dict(company.holidays.filter(day__in=names).values_list("day", "name"))
    if others := [day for day, name in existing.items() if names[day] != name]:
        conflicts = ", ".join(f"{spelled(day)} ({existing[day]})" for day in sorted(others)[:WRONG_SHOWN])
        return (
            f"Each date can have one name only. Already entered: {conflicts}. "
            "Remove that first. Nothing was changed."
        )
    new = [
        Holiday(company=company, day=day, name=name)
        for day, name in sorted(names.items())
        if day not in existing
    ]
    if new:
        with _guarded(company, now):
            Holiday.objects.bulk_create(new)
        _record_change(
            company, by=by, now=now, new=", ".join(f"{spelled(row.day)} {row.name}" for row in new)
        )
    return ""


@transaction.atomic
def remove(holiday: Holiday, *, by: User, now: datetime) -> None:
    """A second time changes nothing."""
    with _guarded(holiday.company, now):
        is_removed = Holiday.objects.filter(pk=holiday.pk).delete()[0]
    if is_removed:
        _record_change(holiday.company, by=by, now=now, old=f"{spelled(holiday.day)} {holiday.name}")


def _record_change(company: Company, *, by: User, now: datetime, old: str = "", new: str = "") -> None:
    note("holidays.changed", by=by, now=now, company=company, about="Holidays", old=old, new=new)
    company.teams.update(revision=F("revision") + 1)  # pace and plan on open pages count business days
