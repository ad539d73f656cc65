"""A company's holidays: read from pasted lines, added and taken away. Agendas count business days without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from alignment.audit import note, spelled
from alignment.forms.fields import FIRST_DAY, LAST_DAY
from alignment.models import Company, Holiday, User

LONGEST = 80
MOST = 400
"""Lines pasted at once: more than ten years of any country."""
WRONG_SHOWN = 5
_LINE = re.compile(r"(?P<day>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})[\s,;:]+(?P<name>\S.*)")

Day = tuple[date, str]


class BadLines(ValueError):  # noqa: N818 - it is the text that is bad
    """The lines cannot be read; `wrong` says of each why. Nothing is taken over."""

    def __init__(self, wrong: Sequence[str]) -> None:
        more = len(wrong) - WRONG_SHOWN
        self.wrong = [*wrong[:WRONG_SHOWN], *([f"And {more} more lines."] if more > 0 else [])]
        super().__init__(" ".join(self.wrong))


def parse(text: str) -> list[Day]:
    """ "2026-12-25 Christmas Day", one a line; also 25.12.2026. Pure. Raises BadLines naming each line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST:
        raise BadLines([f"These are {len(lines)} lines; paste at most {MOST} at once."])
    days: dict[date, str] = {}
    wrong = []
    for number, line in lines:
        read = _read(line)
        if isinstance(read, str):
            wrong.append(f"Line {number}: {read}")
        elif days.setdefault(*read) != read[1]:
            wrong.append(f"Line {number}: {spelled(read[0])} stands twice, under two names.")
    if wrong:
        raise BadLines(wrong)
    return sorted(days.items())


def _read(line: str) -> Day | str:
    found = _LINE.fullmatch(line)
    if found is None:
        return f"write the day and its name, such as 2026-12-25 Christmas Day, not “{line[:40]}”."
    numbers = [int(part) for part in re.split(r"[-.]", found["day"])]
    try:
        day = date(*(numbers if "-" in found["day"] else reversed(numbers)))
    except ValueError:
        return f"there is no day {found['day']}."
    if not FIRST_DAY <= day <= LAST_DAY:
        return "choose a day between 1990 and 2100."
    name = found["name"].strip()
    return (day, name) if len(name) <= LONGEST else f"a name has at most {LONGEST} characters."


@transaction.atomic
def add(company: Company, days: Iterable[Day], *, by: User, now: datetime) -> str:
    """Enter them all, or none: then a sentence says which day has another name already. The same ones again change
    nothing."""
    Company.objects.select_for_update().get(pk=company.pk)
    told = dict(days)
    there = dict(company.holidays.filter(day__in=told).values_list("day", "name"))
    if others := [day for day, name in there.items() if told[day] != name]:
        said = ", ".join(f"{spelled(day)} ({there[day]})" for day in sorted(others)[:WRONG_SHOWN])
        return (
            f"A day has one name, and there is already: {said}. Remove it there first. Nothing was changed."
        )
    new = [
        Holiday(company=company, day=day, name=name) for day, name in sorted(told.items()) if day not in there
    ]
    if new:
        Holiday.objects.bulk_create(new)
        _changed(company, by=by, now=now, new=", ".join(f"{spelled(row.day)} {row.name}" for row in new))
    return ""


@transaction.atomic
def remove(holiday: Holiday, *, by: User, now: datetime) -> None:
    """A second time changes nothing."""
    if Holiday.objects.filter(pk=holiday.pk).delete()[0]:
        _changed(holiday.company, by=by, now=now, old=f"{spelled(holiday.day)} {holiday.name}")


def _changed(company: Company, *, by: User, now: datetime, old: str = "", new: str = "") -> None:
    note("holidays.changed", by=by, now=now, company=company, about="Holidays", old=old, new=new)
    company.teams.update(revision=F("revision") + 1)  # pace and plan on open pages count business days
