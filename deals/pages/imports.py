"""Imports as their pages show them: what can be imported, one run with its rows, the refused rows as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from alignment.models import User
from alignment.rules.formatting import MoneyFormat, day
from alignment.rules.money import show, show_original
from alignment.rules.periods import MONTH_NAMES
from alignment.rules.revenue_kinds import words_of
from deals.import_runs.scopes import ImportScope, scope_of
from deals.import_runs.uploads import MOST_STORED, NEARLY_FULL, stored_runs
from deals.imports.understanding import WHY_REFUSED
from deals.models import Deal, ImportRow, ImportRun
from deals.models.imports import ImportKind
from deals.pages.first_look import first_look_address

PAGE = 50
MOST_RUNS = 20
"""Runs listed, the newest."""
EVERYTHING_MISSING = 200
"""Missing deals listed with a choice each."""
VERDICTS = (
    (ImportRow.Verdict.NEW, "new"),
    (ImportRow.Verdict.CHANGED, "changed"),
    (ImportRow.Verdict.UNCHANGED, "unchanged"),
    (ImportRow.Verdict.REFUSED, "refused"),
    (ImportRow.Verdict.LEFT_OUT, "left out"),
)
LABELS = {
    "name": "Name",
    "account": "Account",
    "rep": "Rep",
    "status": "Status",
    "stage": "Stage",
    "pipeline": "Pipeline",
    "amount": "Amount",
    "close_date": "Close date",
    "opened_on": "Opened",
    "deal_type": "Type",
    "lead_source": "Lead source",
    "next_step": "Next step",
    "next_step_on": "Next step on",
    "forecast": "Forecast",
    "reason": "Reason",
    "contract_end": "Contract end",
    "revenue": "Revenue",
    "day": "Date",
    "note": "Note",
    "deal": "Deal",
    "kind": "Kind",
    "owner": "Owner",
    "employees": "Employees",
    "revenue_band": "Annual revenue",
    "title": "Title",
    "level": "Level",
    "role": "Role",
    "email": "Email",
    "field": "Field",
    "old": "Before",
    "new": "After",
}
"""Fields of rows as people call them; what is not here is not shown."""
UNCLEAR = {
    LABELS[name] for name in ("opened_on", "next_step_on", "contract_end", "next_step", "pipeline", "note")
}
"""Labels that are said beside the value, since another one may look the same."""
CHOICES: Mapping[str, Mapping[str, str]] = {
    "status": dict(Deal.Status.choices),
    "deal_type": dict(Deal.Type.choices),
    "lead_source": dict(Deal.LeadSource.choices),
    "forecast": dict(Deal.Forecast.choices),
}
MADE = {"account": ("account", "accounts"), "rep": ("rep", "reps"), "pipeline": ("pipeline", "pipelines")}


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row of a run: what would happen to what it is about."""

    row: ImportRow
    changes: tuple[FieldChange, ...]

    @property
    def phrases(self) -> list[str]:
        """The values on one line; those that do not say what they are have their label."""
        return [
            f"{change.label}: {change.after}" if change.label in UNCLEAR else change.after
            for change in self.changes
            if change.after
        ]

    @property
    def stays(self) -> bool:
        """Whether it was left as it is when the import was undone."""
        return self.row.is_applied and not self.row.is_undone and bool(self.row.reason)


@dataclass(frozen=True, slots=True)
class Tab:
    verdict: str
    label: str
    number: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class MonthChange:
    """The revenue of one month, before and after."""

    label: str
    kind: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass
class RunPage:
    """One import. `rows` is None for an admin who did not start it: they read counts and may undo."""

    run: ImportRun
    scope: ImportScope
    reader: User
    is_readable: bool
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def m(self) -> MoneyFormat:
        return MoneyFormat(self.run.company.currency, self.reader.locale)

    @property
    def title(self) -> str:
        """The name of a file may be as confidential as what is in it."""
        return self.run.file_name if self.is_readable else f"An import of {self.run.team or self.run.company}"

    @property
    def first_look_url(self) -> str:
        """What the team's deals show by themselves, once there are some."""
        if self.run.team is None or self.run.kind != ImportKind.DEALS or not self.is_readable:
            return ""
        return first_look_address(self.run.team)

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.run.summary.get("counts", {})
        return counts

    @property
    def number(self) -> int:
        """Rows of the file."""
        return sum(self.counts.get(verdict, 0) for verdict, _ in VERDICTS) + self.other_teams

    @property
    def other_teams(self) -> int:
        return self.counts.get("other_teams", 0)

    @property
    def to_write(self) -> int:
        return self.counts.get("new", 0) + self.counts.get("changed", 0)

    @property
    def is_confirmation(self) -> bool:
        """Whether the file says what is known already, and nothing else."""
        return bool(self.counts.get("unchanged")) and not (
            self.to_write or self.counts.get("refused") or self.missing
        )

    @property
    def sentence(self) -> str:
        """ "41 rows: 3 new, 5 changed, 33 unchanged"."""
        parts = [
            f"{self.counts[verdict]:,} {label}" for verdict, label in VERDICTS if self.counts.get(verdict)
        ]
        if self.other_teams:
            parts.append(f"{self.other_teams:,} of another team")
        return f"{self.number:,} {'row' if self.number == 1 else 'rows'}: {', '.join(parts) or 'nothing'}"

    @cached_property
    def tabs(self) -> list[Tab]:
        return [
            Tab(verdict, label, self.counts[verdict], verdict == self.verdict)
            for verdict, label in VERDICTS
            if self.counts.get(verdict)
        ]

    @cached_property
    def verdict(self) -> str:
        """The one whose rows are listed: that asked for, else the first there is."""
        present = [verdict for verdict, _ in VERDICTS if self.counts.get(verdict)]
        requested = self.params.get("show", "")
        return requested if requested in present else next(iter(present), "")

    @cached_property
    def page(self) -> Page[ImportRow] | None:
        if not self.is_readable or not self.run.has_rows:
            return None
        rows = self.run.rows.filter(verdict=self.verdict).exclude(number=0)
        return Paginator(rows.order_by("number", "pk"), PAGE).get_page(self.params.get("page"))

    @property
    def rows(self) -> list[RunRow]:
        return [RunRow(row, tuple(self._changes(row))) for row in self.page] if self.page else []

    @property
    def months(self) -> list[MonthChange]:
        return [
            MonthChange(
                _month(row["month"]),
                words_of(row["kind"]).participle,
                Decimal(row["before"]),
                Decimal(row["after"]),
            )
            for row in self.run.summary.get("months", ())
        ]

    @cached_property
    def missing(self) -> list[tuple[ImportRow, str]]:
        """Deals open here and missing from a complete list, each with what tells it from others of its name."""
        rows = self.run.rows.filter(verdict=ImportRow.Verdict.MISSING).order_by("name", "pk")
        return [(row, self._described(row)) for row in rows[:EVERYTHING_MISSING]]

    @property
    def can_ask_for_missing(self) -> bool:
        is_part = self.run.answers.get("completeness") != "all"
        return self.run.kind == ImportKind.DEALS and is_part and not self.run.is_sent

    @property
    def has_nothing_missing(self) -> bool:
        """Whether the file is everything that is open, and nothing open here is missing from it."""
        is_complete = self.run.answers.get("completeness") == "all"
        return self.run.kind == ImportKind.DEALS and is_complete and not self.missing

    @property
    def made(self) -> list[str]:
        """ "12 accounts": what had to be made along the way."""
        applied = self.run.summary.get("applied", {})
        return [
            f"{applied[thing]:,} {one if applied[thing] == 1 else many}"
            for thing, (one, many) in MADE.items()
            if applied.get(thing)
        ]

    @property
    def revenue(self) -> Decimal:
        """By how much the import changed the sum of revenue."""
        return Decimal(self.run.summary.get("revenue", {}).get("amount", 0))

    def _described(self, row: ImportRow) -> str:
        values = (self._in_words(name, row.before.get(name)) for name in ("account", "amount", "close_date"))
        return " · ".join(filter(None, (row.name, *values)))

    def _changes(self, row: ImportRow) -> Iterator[FieldChange]:
        for name, after in row.after.items():
            if name in LABELS and name != "name" and not _is_repetition(name, row):
                words = self._in_words(name, after)
                if name == "amount" and row.after.get("rate"):
                    words = f"{words} ({self._original(row.after)})"
                yield FieldChange(LABELS[name], self._in_words(name, row.before.get(name)), words)

    def _original(self, values: Mapping[str, Any]) -> str:
        amount, rate = Decimal(values["original_amount"]), Decimal(values["rate"])
        currency = values["original_currency"]
        return show_original(amount, currency=currency, rate=rate, locale=self.reader.locale)

    def _in_words(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name in ("amount", "revenue"):
            return show(Decimal(value), currency=self.run.company.currency, locale=self.reader.locale)
        if name in ("close_date", "opened_on", "next_step_on", "contract_end", "day"):
            return day(date.fromisoformat(value))
        return str(CHOICES.get(name, {}).get(value, value))


def _is_repetition(name: str, row: ImportRow) -> bool:
    """Whether it is said beside it already: a stage called as the status is, an account that the note names."""
    if name == "account":
        return row.after["account"] in str(row.after.get("note", "")).split(" · ")
    status = CHOICES["status"].get(row.after.get("status", ""), "")
    return name == "stage" and not row.before and row.after["stage"] == status


@dataclass(frozen=True)
class ImportsPage:
    """What the reader may import, and what was imported lately."""

    scopes: Sequence[ImportScope]
    runs: Sequence[RunPage]
    kinds: Sequence[tuple[str, str]] = tuple(ImportKind.choices)

    @classmethod
    def of(cls, user: User, scopes: Sequence[ImportScope]) -> ImportsPage:
        runs = ImportRun.objects.visible_to(user).select_related("team", "company", "started_by")
        runs = runs.exclude(state=ImportRun.State.EXPIRED)  # nothing came of it, and nothing is left
        newest = runs.defer("understanding", "answers", "choices").order_by("-started_at", "-pk")
        listed = list(newest[:MOST_RUNS])
        known = ImportRun.objects.readable_by(user).filter(pk__in=[run.pk for run in listed])
        readable = set(known.values_list("pk", flat=True))
        return cls(scopes, [RunPage(run, scope_of(run), user, run.pk in readable) for run in listed])

    @property
    def companies(self) -> list[Any]:
        """Those of which the reader is an admin: their goals are imported on a page of their own."""
        return [scope.company for scope in self.scopes if scope.team is None]

    @property
    def nearly_full(self) -> list[tuple[Any, int]]:
        """Companies that store so many files that the next ones take the place of others, each with their number."""
        companies = {scope.company.pk: scope.company for scope in self.scopes}.values()
        numbers = [(company, len(stored_runs(company))) for company in companies]
        return [(company, number) for company, number in numbers if number >= NEARLY_FULL]

    @property
    def most_stored(self) -> int:
        return MOST_STORED

    @property
    def teams(self) -> list[Any]:
        return [scope.team for scope in self.scopes if scope.team is not None]


def refused_lines(rows: QuerySet[ImportRow]) -> Iterator[list[str]]:
    """The refused rows as a file that can be mended and uploaded again: their own columns, and why."""
    headers: list[str] = []
    for row in rows.iterator(chunk_size=500):
        if not headers:
            headers = list(row.cells)
            yield [*headers, WHY_REFUSED]
        yield [*(str(row.cells.get(header, "")) for header in headers), row.reason]


def _month(text: str) -> str:
    """ "2026-11" → "November 2026"."""
    year, month = text.split("-")
    return f"{MONTH_NAMES[int(month) - 1]} {year}"
