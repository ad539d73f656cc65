"""A company's audit page: filtered by kind, person, days and text; and
the same as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from alignment.audit import LABELS
from alignment.db.search_keys import contains
from alignment.models import Company, Entry, User
from alignment.rules.folding import unaccented
from alignment.rules.periods import FIRST_DAY, LAST_DAY
from alignment.rules.spreadsheet import as_cell, rows_writer
from alignment.web.listing import Listing

NOBODY = "none"
BY_ITSELF = "Automatic"
COLUMNS = ("when (UTC)", "who", "what", "about", "before", "after", "why")


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included, in the reader's zone; an unreadable day filters nothing."""

    first: date | None
    last: date | None

    @classmethod
    def from_search(cls, search: Listing) -> Days:
        return cls(_day(search.params.get("from", "")), _day(search.params.get("until", "")))

    @property
    def is_narrowed(self) -> bool:
        return self.first is not None or self.last is not None

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
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


def select_entries(search: Listing, days: Days, company: Company) -> QuerySet[Entry]:
    """The company's entries as filtered, newest first."""
    entries = Entry.objects.of(company)
    kinds = sorted(LABELS.items(), key=lambda kind: kind[1])
    kind = search.choose("kind", "What", [("", "All changes"), *kinds])
    who = search.choose("who", "Who", [("", "Everyone"), *_people(company), (NOBODY, BY_ITSELF)])
    if kind:
        entries = entries.filter(what=kind)
    if who:
        entries = entries.filter(by=None if who == NOBODY else int(who))
    if search.q:
        entries = entries.filter(_contains(search.q))
    return days.narrow(entries).select_related("by").order_by("-at", "-pk")


def _people(company: Company) -> list[tuple[str, str]]:
    """Whoever belongs or belonged to the company, by name: fewer to read than what they did."""
    theirs = Q(memberships__company=company) | Q(seats__team__company=company)
    people = User.objects.filter(theirs).distinct().order_by("name_key", "pk")
    return [(str(pk), name) for pk, name in people.values_list("pk", "name")]


def _contains(text: str) -> Q:
    kinds = [kind for kind, label in LABELS.items() if unaccented(text) in unaccented(label)]
    return Q(what__in=kinds) | contains(text, "search_key", "by__name_key")


def what(entry: Entry) -> str:
    return LABELS.get(entry.what, entry.what)


def as_csv(entries: QuerySet[Entry]) -> Iterator[str]:
    """Line by line, so that any number of entries takes the same memory; no cell is taken for a formula."""
    writer = rows_writer(_Line())
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
