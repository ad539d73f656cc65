"""8,800 deals of a sample company in every form that an export takes: revenue to the dollar, or refused."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from deals.imports import opening
from deals.imports.answers import UNANSWERED, Answers
from deals.imports.kinds.rows import Verdict
from deals.imports.understanding import read
from tests.deals.imports.engine import needed, reasons, rows_of, terms, understood
from tests.speed import at_most

MAVEN = Path(__file__).parents[4] / "shared/data/maven/sales_pipeline.csv"
pytestmark = pytest.mark.skipif(not MAVEN.exists(), reason="the shared data is not here")
Row = dict[str, str]
FEW = 600


def maven(most: int | None = None) -> list[Row]:
    with MAVEN.open(newline="") as file:
        return list(csv.DictReader(file))[:most]


def total(rows: list[Row]) -> int:
    """What was won, by summing the file."""
    return sum(int(row["close_value"]) for row in rows if row["deal_stage"] == "Won")


def written(rows: list[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def won(content: bytes, answers: Answers = UNANSWERED) -> int:
    rows = rows_of(content, answers=answers)
    assert not [row.reason for row in rows if row.verdict == Verdict.REFUSED]
    return sum(row.values.won for row in rows if row.verdict == Verdict.GOOD)


def each(rows: list[Row], change: Callable[[Row], Row]) -> list[Row]:
    return [change(dict(row)) for row in rows]


def with_amounts(rows: list[Row], write: Callable[[int], str]) -> list[Row]:
    return each(
        rows, lambda row: row | {"close_value": write(int(row["close_value"])) if row["close_value"] else ""}
    )


def with_days(rows: list[Row], write: Callable[[date], str]) -> list[Row]:
    def change(row: Row) -> Row:
        days = {name: row[name] for name in ("engage_date", "close_date")}
        return row | {name: write(date.fromisoformat(day)) if day else "" for name, day in days.items()}

    return each(rows, change)


def renamed(rows: list[Row], **names: str) -> list[Row]:
    return [{names.get(name, name): cell for name, cell in row.items()} for row in rows]


def unquoted(rows: list[Row]) -> bytes:
    return "\r\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]).encode()


def german(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + ",00"


FORMS: dict[str, Callable[[list[Row]], bytes]] = {
    "as it is": written,
    "semicolons": lambda rows: written(rows, delimiter=";"),
    "tabs in UTF-16": lambda rows: written(rows, delimiter="\t", encoding="utf-16"),
    "bars": lambda rows: written(rows, delimiter="|", encoding="utf-8-sig"),
    "grouped": lambda rows: written(with_amounts(rows, lambda amount: f"{amount:,}.00")),
    "dollars": lambda rows: written(with_amounts(rows, lambda amount: f"${amount:,}")),
    "German": lambda rows: written(
        with_days(with_amounts(rows, german), lambda day: f"{day:%d.%m.%Y}"), delimiter=";", encoding="cp1252"
    ),
    "Swiss": lambda rows: written(with_amounts(rows, lambda amount: f"{amount:,}".replace(",", "'") + ".–")),
    "thousands": lambda rows: written(with_amounts(rows, lambda amount: f"{amount / 1000:g}k")),
    "American days": lambda rows: written(with_days(rows, lambda day: f"{day.month}/{day.day}/{day.year}")),
    "British days": lambda rows: written(with_days(rows, lambda day: f"{day:%d/%m/%Y}")),
    "moments": lambda rows: written(with_days(rows, lambda day: f"{day.isoformat()}T00:00:00.000Z")),
    "a sum below": lambda rows: written(rows) + f"Total,,,,,,,{total(rows)}\r\n".encode(),
    "a title above": lambda rows: b"My pipeline\r\nAs of 2026-11-20\r\n\r\n" + written(rows),
    "a currency column": lambda rows: written(each(rows, lambda row: row | {"anything": "USD"})),
    "every row twice": lambda rows: written([row for row in rows for _ in range(2)]),
    "each of a CRM": lambda rows: written(
        renamed(
            rows,
            opportunity_id="Opportunity ID",
            sales_agent="Opportunity Owner",
            product="Product Name",
            account="Account Name",
            deal_stage="Stage",
            engage_date="Created Date",
            close_date="Close Date",
            close_value="Amount",
        )
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_the_file_gives_its_revenue_to_the_dollar(form):
    rows = maven(FEW)
    content = FORMS[form](rows)
    assert needed(understood(content)) == []
    assert won(content) == total(rows) > 0


def test_a_workbook_gives_it_too():
    rows, book, out = maven(FEW), Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Deals")
    sheet.append(list(rows[0]))
    for row in rows:
        days = {
            name: date.fromisoformat(row[name]) if row[name] else None
            for name in ("engage_date", "close_date")
        }
        value = int(row["close_value"]) if row["close_value"] else None
        sheet.append(list((row | days | {"close_value": value}).values()))
    book.save(out)
    assert won(out.getvalue()) == total(rows)


def test_amounts_in_cents_are_full_once_somebody_says_so():
    rows = maven(FEW)
    content = written(with_amounts(rows, lambda amount: str(amount * 100)))
    assert won(content, Answers(amount_unit="0.01")) == total(rows)


REFUSED: dict[str, tuple[Callable[[list[Row]], bytes], str]] = {
    "another currency": (
        lambda rows: written(each(rows, lambda row: row | {"Deal Currency": "EUR"})),
        "but the company uses USD",
    ),
    "unquoted thousands": (
        lambda rows: unquoted(with_amounts(rows, lambda amount: f"{amount:,}")),
        "seems to be one amount without quotes",
    ),
    "ids as a spreadsheet writes them": (
        lambda rows: written([row | {"opportunity_id": f"1.{n}E+17"} for n, row in enumerate(rows)]),
        "is no longer an id",
    ),
    "negative": (
        lambda rows: written(with_amounts(rows, lambda amount: f"({amount:,})" if amount else "0")),
        "is below zero",
    ),
}


@pytest.mark.parametrize("form", REFUSED)
def test_a_form_that_says_something_else_books_nothing_of_it(form):
    rows = [row for row in maven(FEW) if row["deal_stage"] == "Won" and int(row["close_value"]) > 999]
    make, sentence = REFUSED[form]
    content = make(rows)
    refusals = reasons(content)
    assert sentence in refusals[0]
    assert len(refusals) == len(rows)


def test_amounts_of_three_digits_behind_a_point_are_asked_about():
    rows = [
        row for row in maven(FEW) if row["deal_stage"] == "Won" and 999 < int(row["close_value"]) < 10_000
    ]
    content = written(with_amounts(rows, lambda amount: f"{amount:,}".replace(",", ".")), delimiter=";")
    assert needed(understood(content)) == ["decimal_mark"]
    assert won(content, Answers(decimal_mark=",")) == total(rows)


def test_all_of_it_is_understood_and_read_soon():
    content = MAVEN.read_bytes()
    with at_most(3):
        assert understood(content).is_ready
        assert won(content) == total(maven()) == 10_005_534


def peak(rows: int) -> int:
    """What reading that many rows takes beside the file itself."""
    deals = maven()
    lines = [",".join(row.values())[8:] for row in deals]
    content = "\r\n".join(
        [",".join(deals[0]), *(f"{n:08}{lines[n % len(lines)]}" for n in range(rows))]
    ).encode()
    del deals, lines
    tracemalloc.start()
    assert understood(content).row_count == rows
    assert sum(1 for _ in read(content, kind="deals", terms=terms(), answers=UNANSWERED)) == rows
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_number_of_rows(monkeypatch):
    """Beside a few bytes a row that tell which rows have one id. Only short tables are held."""
    monkeypatch.setattr(opening, "MOST_HELD", 100)
    few = max(peak(10), peak(2_000))  # the first loads names of months and currencies
    assert peak(8_000) - few < 6_000 * 200
