"""A file of deals from its bytes to the database, and what is said about it afterwards."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from alignment.models import Company
from alignment.money import show
from deals.imports.apply import Outcome, Watch, apply
from deals.imports.place import Placed, by_company, by_manager, read_teams
from deals.imports.read import BadFile, lines
from deals.imports.recognise import Layout, recognise
from deals.imports.rows import DealRow, Reading, read_rows, stated_currencies
from deals.imports.sources import ROLES


@dataclass(frozen=True, slots=True)
class Report:
    """What an import found and did."""

    company: Company
    company_is_new: bool
    reading: Reading
    placed: Placed
    outcome: Outcome
    dry_run: bool

    @property
    def layout(self) -> Layout:
        return self.reading.layout

    def sentences(self) -> list[str]:
        """For a person at a terminal."""
        return [*self._read(), *self._made(), *self._done()]

    def as_json(self) -> dict[str, Any]:
        """For a program; amounts are text."""
        counts = self.outcome.counts
        return {
            "dry_run": self.dry_run,
            "source": self.layout.source.name,
            "columns": self.layout.named,
            "unused_columns": self.layout.unused,
            "stages": {status: sorted(stages) for status, stages in self.reading.stages.items()},
            "company": {"slug": self.company.slug, "currency": self.company.currency, "made": self.company_is_new},
            "teams": [
                {
                    "name": team.name, "slug": team.slug, "made": team in self.placed.made, "deals": self.placed.count(team),
                    "mid_deal_from": str(team.mid_deal_from), "big_deal_from": str(team.big_deal_from),
                }
                for team in self.placed.teams
            ],
            "rows": len(self.placed.team_of), "left_out": self.reading.left_out,
            "new": counts["new"], "changed": counts["changed"], "unchanged": counts["unchanged"],
            "accounts": counts["accounts"], "elsewhere": sorted(self.outcome.elsewhere),
            "revenue": {"entries": counts["entries"], "amount": str(self.outcome.entered)},
            "corrections": {"entries": counts["corrections"], "amount": str(self.outcome.corrected)},
        }  # fmt: skip

    def _money(self, amount: Any) -> str:
        return show(amount, currency=self.company.currency, locale="en-US")

    def _read(self) -> list[str]:
        columns = ", ".join(f"{ROLES[role]} from “{header}”" for role, header in self.layout.named.items())
        said = [f"Read as {self.layout.source.name}: {columns}."]
        if self.layout.unused:
            said.append(
                "Columns not used: " + ", ".join(f"“{header}”" for header in self.layout.unused) + "."
            )
        stages = [
            f"{status}: {', '.join(sorted(names))}" for status, names in self.reading.stages.items() if names
        ]
        return [*said, "Stages taken as " + "; ".join(stages) + "."]

    def _made(self) -> list[str]:
        said = []
        if self.company_is_new:
            terms = f"amounts in {self.company.currency}, time zone {self.company.timezone}"
            said.append(f"Company “{self.company}” made ({self.company.slug}): {terms}.")
        for team in self.placed.teams:
            made = ", made" if team in self.placed.made else ""
            bands = f"mid deals from {self._money(team.mid_deal_from)}, big deals from {self._money(team.big_deal_from)}"
            said.append(f"Team “{team}” ({team.slug}{made}): {self.placed.count(team):,} deals; {bands}.")
        idle = [team.name for team in self.placed.made if team not in self.placed.teams]
        return [*said, *(f"Team “{name}” made; it has no deals in this file." for name in idle)]

    def _done(self) -> list[str]:
        counts = self.outcome.counts
        rows = f"{counts['new']:,} new, {counts['changed']:,} changed, {counts['unchanged']:,} as before"
        entries = f"{counts['entries']:,} new entries of {self._money(self.outcome.entered)} together"
        said = [
            f"{len(self.placed.team_of):,} deals: {rows}; {counts['accounts']:,} new accounts.",
            f"Revenue: {entries}, {counts['corrections']:,} corrections.",
        ]
        if self.reading.left_out:
            said.append(f"{self.reading.left_out:,} rows are marked as deleted and were left out.")
        if self.outcome.elsewhere:
            said.append(f"{len(self.outcome.elsewhere):,} deals stay in the team they were first known in.")
        if self.dry_run:
            said.append("This was a dry run: nothing was written.")
        return said


def import_deals(
    content: bytes,
    *,
    company_slug: str,
    teams: bytes | None,
    locale: str,
    now: datetime,
    dry_run: bool,
    watch: Watch = iter,
) -> Report:
    """Import a CRM's export. Raises BadFile, with nothing changed, for what is wrong or not certain.

    `locale` is how the file writes amounts and days; empty: found out. `teams` is a file of who works for whom.
    A dry run does everything and takes it back.
    """
    _check(company_slug, locale)
    table = lines(content)
    layout = recognise(table)
    managers = read_teams(lines(teams)) if teams is not None else None
    currencies = stated_currencies(table, layout)
    with transaction.atomic() if dry_run else nullcontext():
        with transaction.atomic():
            company, is_new = _company(company_slug, currencies, may_be_made=managers is not None)
            today = now.astimezone(ZoneInfo(company.timezone)).date()
            rows, reading = read_rows(table, layout, currency=company.currency, locale=locale, today=today)
            placed = _placed(rows, managers, company=company, today=today)
        outcome = apply(rows, placed.team_of, company=company, now=now, watch=watch)
        if dry_run:
            transaction.set_rollback(True)
    return Report(company, is_new, reading, placed, outcome, dry_run)


def _placed(rows: list[DealRow], managers: dict[str, str] | None, *, company: Company, today: date) -> Placed:
    if managers is None:
        return by_company(rows, company=company)
    return by_manager(rows, managers, company=company, today=today)


def _check(company_slug: str, locale: str) -> None:
    try:
        validate_slug(company_slug)
    except ValidationError as trouble:
        raise BadFile(
            f"“{company_slug}” cannot be the short name of a company: letters, figures and hyphens only."
        ) from trouble
    try:
        if locale:
            Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as trouble:
        raise BadFile(f"“{locale}” is not a locale we know. Examples: en-US, en-GB, de-DE.") from trouble


def _company(slug: str, currencies: set[str], *, may_be_made: bool) -> tuple[Company, bool]:
    """The company, made when missing: in the file's currency if it names one, else in dollars."""
    company = Company.objects.filter(slug=slug).first()
    if company:
        return company, False
    if not may_be_made:
        raise BadFile(
            f"There is no company “{slug}” yet. Give --teams FILE (columns sales_agent and manager) to make it with its teams."
        )
    currency = currencies.pop() if len(currencies) == 1 else "USD"
    return Company.objects.create(slug=slug, name=slug.replace("-", " ").title(), currency=currency), True
