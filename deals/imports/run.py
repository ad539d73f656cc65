"""Import a file of deals, from its bytes to the database, and report what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import get_decimal_symbol
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from alignment.models import Company
from alignment.rules.money import show
from deals.imports.apply import Outcome, Progress, apply
from deals.imports.assign_teams import TeamAssignment, assign_by_company, assign_by_manager, read_teams
from deals.imports.columns import Layout, recognise
from deals.imports.parse import (
    DealFile,
    DealRow,
    FileAnswers,
    find_currency_column,
    read_rows,
    stated_currencies,
)
from deals.imports.sources import ROLES
from deals.rules.stages import Status, stage_key
from deals.tables.cells import month_comes_first
from deals.tables.csv_reader import TableError
from deals.tables.files import EXPORTED, Table, read_file
from deals.tables.questions import Answers, TableQuestion


@dataclass(frozen=True, slots=True)
class Report:
    """What an import read and did."""

    company: Company
    company_is_new: bool
    reading: DealFile
    assignment: TeamAssignment
    outcome: Outcome
    dry_run: bool
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        return self.reading.layout

    def sentences(self) -> list[str]:
        """For a person at a terminal."""
        return [*self._reading_lines(), *self._created_lines(), *self._result_lines()]

    def as_json(self) -> dict[str, Any]:
        """For a program; amounts are text."""
        counts = self.outcome.counts
        return {
            "dry_run": self.dry_run,
            "source": self.layout.source.name,
            "columns": self.layout.named,
            "unused_columns": self.layout.unused,
            "stages": {status: sorted(stages) for status, stages in self.reading.stages.items()},
            "company": {
                "slug": self.company.slug,
                "currency": self.company.currency,
                "made": self.company_is_new,
            },
            "teams": [
                {
                    "name": team.name,
                    "slug": team.slug,
                    "made": team in self.assignment.new_teams,
                    "deals": self.assignment.count(team),
                    "mid_deal_from": str(team.mid_deal_from),
                    "big_deal_from": str(team.big_deal_from),
                }
                for team in self.assignment.teams
            ],
            "rows": len(self.assignment.team_of),
            "left_out": len(self.reading.deleted),
            "sums": self.reading.sums,
            "notes": list(self.notes),
            "new": counts["new"],
            "changed": counts["changed"],
            "unchanged": counts["unchanged"],
            "accounts": counts["accounts"],
            "elsewhere": sorted(self.outcome.elsewhere),
            "revenue": {"entries": counts["entries"], "amount": str(self.outcome.entered)},
            "corrections": {"entries": counts["corrections"], "amount": str(self.outcome.corrected)},
        }

    def _money(self, amount: Any) -> str:
        return show(amount, currency=self.company.currency, locale="en-US")

    def _reading_lines(self) -> list[str]:
        columns = ", ".join(f"{ROLES[role]} from “{header}”" for role, header in self.layout.named.items())
        lines = [f"Read as {self.layout.source.name}: {columns}."]
        if self.layout.unused:
            unused = ", ".join(f"“{header}”" for header in self.layout.unused)
            lines.append(f"Columns not used: {unused}.")
        stages = [
            f"{status}: {', '.join(sorted(names))}" for status, names in self.reading.stages.items() if names
        ]
        return [*lines, f"Stages read as {'; '.join(stages)}.", *self.notes]

    def _created_lines(self) -> list[str]:
        lines = []
        if self.company_is_new:
            terms = f"amounts in {self.company.currency}, time zone {self.company.timezone}"
            lines.append(f"Company “{self.company}” created ({self.company.slug}): {terms}.")
        for team in self.assignment.teams:
            created = ", created" if team in self.assignment.new_teams else ""
            mid, big = self._money(team.mid_deal_from), self._money(team.big_deal_from)
            bands = f"mid-size deals from {mid}, big deals from {big}"
            lines.append(
                f"Team “{team}” ({team.slug}{created}): {self.assignment.count(team):,} deals; {bands}."
            )
        idle = [team.name for team in self.assignment.new_teams if team not in self.assignment.teams]
        return [*lines, *(f"Team “{name}” created; it has no deals in this file." for name in idle)]

    def _result_lines(self) -> list[str]:
        counts = self.outcome.counts
        rows = f"{counts['new']:,} new, {counts['changed']:,} changed, {counts['unchanged']:,} unchanged"
        entries = f"{counts['entries']:,} new entries, {self._money(self.outcome.entered)} in total"
        lines = [
            f"{len(self.assignment.team_of):,} deals: {rows}; {counts['accounts']:,} new accounts.",
            f"Revenue: {entries}, {counts['corrections']:,} corrections.",
        ]
        if self.outcome.more_than_amount:
            names = ", ".join(sorted(self.outcome.more_than_amount)[:5])
            lines.append(
                f"More is booked than the amount of {len(self.outcome.more_than_amount):,} deals: {names}."
            )
        if counts["deleted"]:
            lines.append(
                f"{counts['deleted']:,} deals were deleted in the CRM: lost now, their revenue is corrected."
            )
        skipped = len(self.reading.deleted) - counts["deleted"]
        if skipped:
            lines.append(f"{skipped:,} rows are marked as deleted and were skipped.")
        if self.reading.sums:
            examples = "; ".join(self.reading.sums[:5])
            lines.append(f"{len(self.reading.sums):,} rows were left out as sums: {examples}.")
        if self.outcome.elsewhere:
            lines.append(f"{len(self.outcome.elsewhere):,} deals stay with the team that had them first.")
        if self.dry_run:
            lines.append("This was a dry run: nothing was saved.")
        return lines


def import_deals(
    content: bytes,
    *,
    company_slug: str,
    teams: bytes | None,
    locale: str,
    now: datetime,
    dry_run: bool,
    stages: Sequence[str] = (),
    won_when_expected: bool = False,
    encoding: str = "",
    worksheet: str = "",
    teams_worksheet: str = "",
    hidden_rows: str = "",
    progress: Progress = iter,
) -> Report:
    """Import a CRM's export. Raises TableError, with nothing changed, for anything wrong or ambiguous.

    `locale` is how the file writes amounts and days; empty: detected. `teams` is a file of who works for
    whom. `stages` say what stages mean ("Signed=won"), `hidden_rows` whether to "read" or "leave-out" those of
    a workbook. A dry run does everything and rolls it back.
    """
    _check_options(company_slug, locale)
    written = replace(_written(locale), hidden=hidden_rows)
    answers = FileAnswers(written, _stages(stages), won_when_expected)
    files = _Files(locale, encoding, written)
    deals = files.read(content, worksheet, "Use --sheet NAME.")
    layout = recognise(deals.lines)
    find_currency_column(deals.lines, layout)
    staff = files.read(teams, teams_worksheet, "Use --teams-sheet NAME.") if teams is not None else Table([])
    managers = read_teams(staff.lines) if teams is not None else None
    with transaction.atomic() if dry_run else nullcontext():
        with transaction.atomic():
            currencies = stated_currencies(deals.lines, layout)
            company, is_new = _company(company_slug, currencies, may_create=managers is not None)
            zone = ZoneInfo(company.timezone)
            today = now.astimezone(zone).date()
            rows, reading = _read_deals(
                deals, layout, company=company, today=today, zone=zone, answers=answers
            )
            assignment = _assign_teams(rows, managers, company=company, today=today)
        outcome = apply(
            rows,
            assignment.team_of,
            company=company,
            source=layout.source.key,
            deleted=reading.deleted,
            now=now,
            progress=progress,
        )
        if dry_run:
            transaction.set_rollback(True)
    return Report(company, is_new, reading, assignment, outcome, dry_run, (*deals.notes, *staff.notes))


@dataclass(frozen=True, slots=True)
class _Files:
    """How the files of one import are read."""

    locale: str
    encoding: str
    written: Answers

    def read(self, content: bytes, worksheet: str, option: str) -> Table:
        """`option` answers which worksheet of a workbook is meant."""
        answers = replace(self.written, worksheet=worksheet)
        with _naming_options(worksheet=option):
            return read_file(content, EXPORTED, locale=self.locale, encoding=self.encoding, answers=answers)


def _read_deals(
    deals: Table, layout: Layout, *, company: Company, today: date, zone: tzinfo, answers: FileAnswers
) -> tuple[list[DealRow], DealFile]:
    with _naming_options():
        return read_rows(
            deals.lines,
            layout,
            currency=company.currency,
            locale=layout.source.locale,
            today=today,
            zone=zone,
            answers=answers,
        )


OPTIONS = {
    "mark": "Use --locale en-US if amounts are written 1,250.50, --locale de-DE if they are written 1.250,50.",
    "order": "Use --locale en-US if the month comes first, --locale en-GB if the day does.",
    "stages": "Use --stage NAME=won, --stage NAME=lost or --stage NAME=open, once for each.",
    "hidden": "Use --hidden-rows read or --hidden-rows leave-out.",
}
"""What answers a question at the terminal."""


@contextmanager
def _naming_options(**others: str) -> Iterator[None]:
    """Nobody can be asked here: a question is refused, with the option that answers it."""
    try:
        yield
    except TableQuestion as question:
        raise TableError(*question.sentences, (OPTIONS | others)[question.key]) from question


def _written(locale: str) -> Answers:
    if not locale:
        return Answers()
    mark = get_decimal_symbol(locale.replace("-", "_"))
    return Answers(mark=mark, order="month" if month_comes_first(locale) else "day")


def _stages(stated: Sequence[str]) -> dict[str, Status]:
    meanings: dict[str, Status] = {}
    for text in stated:
        name, _, meaning = text.rpartition("=")
        if not name or meaning not in ("won", "lost", "open"):
            raise TableError(f"“{text}” does not say what a stage means. Example: --stage Signed=won.")
        meanings[stage_key(name)] = meaning  # type: ignore[assignment]
    return meanings


def _assign_teams(
    rows: list[DealRow], managers: dict[str, str] | None, *, company: Company, today: date
) -> TeamAssignment:
    if managers is None:
        return assign_by_company(rows, company=company)
    return assign_by_manager(rows, managers, company=company, today=today)


def _check_options(company_slug: str, locale: str) -> None:
    try:
        validate_slug(company_slug)
    except ValidationError as error:
        raise TableError(
            f"“{company_slug}” cannot be the short name of a company: use letters, digits and hyphens only."
        ) from error
    try:
        if locale:
            Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise TableError(f"“{locale}” is not a known locale. Examples: en-US, en-GB, de-DE.") from error


def _company(slug: str, currencies: set[str], *, may_create: bool) -> tuple[Company, bool]:
    """The company, created when missing: in the file's currency if it names one, else in dollars."""
    company = Company.objects.filter(slug=slug).first()
    if company:
        return company, False
    if not may_create:
        raise TableError(
            f"There is no company “{slug}” yet. "
            "Use --teams FILE (columns sales_agent and manager) to create it with its teams."
        )
    currency = currencies.pop() if len(currencies) == 1 else "USD"
    return Company.objects.create(slug=slug, name=slug.replace("-", " ").title(), currency=currency), True
