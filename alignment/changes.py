"""The page of a company's audit: narrowed by kind, person, days and words; and the same as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from alignment.archives.layout import as_cell
from alignment.audit import WHAT
from alignment.forms.fields import FIRST_DAY, LAST_DAY
from alignment.lists import Listing
from alignment.models import Company, Entry, User

NOBODY = "none"
BY_ITSELF = "By itself"
COLUMNS = ("when (UTC)", "who", "what", "about", "before", "after", "why")


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included, in the reader's zone; a day that cannot be read narrows nothing."""

    first: date | None
    last: date | None

    @classmethod
    def asked(cls, told: Listing) -> Days:
        return cls(_day(told.asked.get("from", "")), _day(told.asked.get("until", "")))

    @property
    def is_narrowed(self) -> bool:
        return self.first is not None or self.last is not None

    def found(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.first:
            entries = entries.filter(at__gte=_midnight(self.first))
        if self.last:
            entries = entries.filter(at__lt=_midnight(self.last + timedelta(days=1)))
        return entries


def _day(text: str) -> date | None:
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return None
    return read if FIRST_DAY <= read <= LAST_DAY else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def asked(told: Listing, days: Days, company: Company) -> QuerySet[Entry]:
    """The company's entries as asked for, the newest first."""
    entries = Entry.objects.of(company)
    kinds = sorted(WHAT.items(), key=lambda kind: kind[1])
    kind = told.choose("kind", "What", [("", "Everything"), *kinds])
    who = told.choose("who", "Who", [("", "Everybody"), *_people(company), (NOBODY, BY_ITSELF)])
    if kind:
        entries = entries.filter(what=kind)
    if who:
        entries = entries.filter(by=None if who == NOBODY else int(who))
    if told.q:
        entries = entries.filter(_has(told.q))
    return days.found(entries).select_related("by").order_by("-at", "-pk")


def _people(company: Company) -> list[tuple[str, str]]:
    """Whoever belongs or belonged to the company, by name: fewer to read than what they did."""
    theirs = Q(memberships__company=company) | Q(seats__team__company=company)
    people = User.objects.filter(theirs).distinct().order_by("name", "pk")
    return [(str(pk), name) for pk, name in people.values_list("pk", "name")]


def _has(words: str) -> Q:
    fields = ("about", "old", "new", "why", "by__name")
    found = Q(what__in=[kind for kind, label in WHAT.items() if words.lower() in label.lower()])
    for field in fields:
        found |= Q(**{f"{field}__icontains": words})
    return found


def what(entry: Entry) -> str:
    return WHAT.get(entry.what, entry.what)


def as_csv(entries: QuerySet[Entry]) -> Iterator[str]:
    """Line by line, so that any number of entries takes the same memory; no cell is taken for a formula."""
    writer = csv.writer(_Line())
    yield "\N{BYTE ORDER MARK}"  # spreadsheets then read it as UTF-8
    yield writer.writerow(COLUMNS)
    for entry in entries.iterator(chunk_size=1000):
        cells = (
            entry.at,
            str(entry.by or BY_ITSELF),
            what(entry),
            entry.about,
            entry.old,
            entry.new,
            entry.why,
        )
        yield writer.writerow([as_cell(cell) for cell in cells])


class _Line:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line
