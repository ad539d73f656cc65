"""One amount through every way in: typed, pasted, CSV and XLSX, as a goal, as revenue and as a deal."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

from openpyxl import Workbook

from alignment.models import Company, Team
from alignment.rules.periods import year_numbered
from deals.goals import parse as goals
from deals.import_commands import deal_import as run
from deals.import_commands.deal_report import DealFile
from deals.imports.answers import Answers as ImportAnswers
from deals.imports.understanding import CompanyTerms
from deals.revenue_import import parse as revenue
from deals.tables.csv_reader import Line
from deals.tables.files import Table, read_file, read_text
from deals.tables.questions import UNANSWERED, Answers

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Given:
    """A table as somebody gives it: a file, or a text that was pasted."""

    content: bytes
    is_pasted: bool = False
    answers: Answers = UNANSWERED

    @cached_property
    def table(self) -> Table:
        return (
            read_text(self.content.decode())
            if self.is_pasted
            else read_file(self.content, answers=self.answers)
        )

    @property
    def lines(self) -> list[Line]:
        return self.table.lines


def pasted(rows: Rows, **_: object) -> Given:
    return Given("\n".join("\t".join(map(str, row)) for row in rows).encode(), is_pasted=True)


def in_csv(rows: Rows, *, delimiter: str = ",", **_: object) -> Given:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return Given(out.getvalue().encode())


def in_xlsx(rows: Rows, *, number_format: str = "", answers: Answers = UNANSWERED) -> Given:
    """`number_format` is that of the numbers."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    for cells in book.active.iter_rows():
        for cell in cells:
            if number_format and isinstance(cell.value, int | float | Decimal):
                cell.number_format = number_format
    book.save(out)
    return Given(out.getvalue(), answers=answers)


def team(currency: str, name: str = "North", pk: int = 1) -> Team:
    company = Company(pk=1, name="Demo", slug="demo", currency=currency)
    return Team(
        pk=pk, name=name, slug=name.lower().replace(" ", "-"), company=company, timezone="Europe/Paris"
    )


def read_goals(
    table: Given, *, currency: str = "USD", locale: str = "en-US", answers: Answers = UNANSWERED
) -> Decimal:
    """The sum of the goals."""
    year, teams = year_numbered(2027, first_month=1), [team(currency)]
    found = goals.read(table.lines, teams, year=year, locale=locale, currency=currency, answers=answers).goals
    return sum(found.values(), Decimal(0))


def read_revenue(
    table: Given, *, currency: str = "USD", locale: str = "en-US", answers: Answers = UNANSWERED
) -> Decimal:
    read = revenue.read_rows(table.lines, [team(currency)], locale=locale, now=NOW, answers=answers)
    return sum((row.amount for row in read.rows), Decimal(0))


def read_deals(
    table: Given, *, currency: str = "USD", locale: str = "en-US", answers: Answers = UNANSWERED
) -> Decimal:
    """The sum of what was won."""
    file = read_deal_file(table, currency=currency, locale=locale, answers=answers)
    return sum((row.won for row in file.rows), Decimal(0))


def read_deal_file(
    table: Given, *, currency: str = "USD", locale: str = "en-US", answers: Answers = UNANSWERED
) -> DealFile:
    terms = CompanyTerms(currency=currency, locale=locale, zone=UTC, today=date(2026, 11, 23))
    stated = ImportAnswers(decimal_mark=answers.mark, date_order=answers.order)
    return run.read_deals(table.content, terms=terms, answers=stated)


def as_goal(amount: object, heading: str = "Amount") -> Rows:
    """`heading` is what stands above the amounts: for goals in the corner."""
    return [[heading.replace("Amount", "Team"), "Jan 2027"], ["North", amount]]


def as_revenue(amount: object, heading: str = "Amount") -> Rows:
    return [["Date", heading, "Note"], ["2026-11-20", amount, "Orbis"]]


def as_deal(amount: object, heading: str = "Amount") -> Rows:
    return [["id", "name", "stage", heading, "close date"], ["7", "Orbis", "Won", amount, "2026-11-05"]]


Way = tuple[Callable[..., Rows], Callable[..., Decimal]]
WAYS: dict[str, Way] = {
    "goals": (as_goal, read_goals),
    "revenue": (as_revenue, read_revenue),
    "deals": (as_deal, read_deals),
}
