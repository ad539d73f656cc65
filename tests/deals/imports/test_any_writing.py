"""A table written in any usual way is read back as what it says, or it is asked about: never as something else."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals.imports.answers import Answers
from tests.deals.imports.engine import TODAY, needed, rows_of, understood, values

CALM = settings(max_examples=250, deadline=None)
HEADERS = ("id", "name", "stage", "amount", "close date")
AMOUNTS = st.decimals(min_value=0, max_value=9_999_999, places=2)
DAYS = st.dates(min_value=date(2001, 1, 1), max_value=TODAY)
NAMES = st.text(
    # in Windows-1252 some pairs of letters and signs are one letter of UTF-8: nobody can tell them apart
    st.characters(max_codepoint=0xFF, categories=("L",), exclude_characters="ªµº"),
    min_size=1,
    max_size=12,
)
ROWS = st.lists(st.tuples(NAMES, AMOUNTS, DAYS), min_size=1, max_size=6)


def grouped(amount: Decimal, group: str, mark: str) -> str:
    whole, _, cents = f"{amount:,.2f}".partition(".")
    return whole.replace(",", group) + mark + cents


NUMBERS = {
    "plain": lambda amount: f"{amount:f}",
    "english": lambda amount: grouped(amount, ",", "."),
    "german": lambda amount: grouped(amount, ".", ","),
    "french": lambda amount: grouped(amount, "\N{NO-BREAK SPACE}", ","),
    "swiss": lambda amount: grouped(amount, "'", "."),
    "without cents": lambda amount: f"{amount.to_integral_value():f}",
    "english without cents": lambda amount: f"{amount.to_integral_value():,f}",
    "german without cents": lambda amount: f"{amount.to_integral_value():,f}".replace(",", "."),
    "with a sign": lambda amount: f"${grouped(amount, ',', '.')}",
    "with a code": lambda amount: f"{grouped(amount, '.', ',')} USD",
}
DATES = {
    "iso": lambda day: day.isoformat(),
    "american": lambda day: f"{day.month}/{day.day}/{day.year}",
    "british": lambda day: f"{day.day:02}/{day.month:02}/{day.year}",
    "german": lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
    "spoken": lambda day: f"{day:%b} {day.day}, {day.year}",
    "moment": lambda day: f"{day.isoformat()} 13:45:10",
    "short": lambda day: f"{day.day:02}.{day.month:02}.{day:%y}",
}
RIGHT = {"american": "month", "british": "day"}
MARKS = {"english without cents": ".", "german without cents": ","}


def written(rows, number: str, day: str, *, delimiter: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADERS)
    for key, (name, amount, closed) in enumerate(rows, start=1):
        writer.writerow([f"D{key}", name, "Won", NUMBERS[number](amount), DATES[day](closed)])
    return out.getvalue().encode(encoding)


def meant(rows, number: str):
    rounds = number.endswith("without cents")
    return [
        (f"D{key}", amount.to_integral_value() if rounds else amount, closed)
        for key, (_, amount, closed) in enumerate(rows, start=1)
    ]


def answered(asked: list[str], number: str, day: str) -> Answers:
    """What whoever wrote the table answers."""
    assert set(asked) <= {"decimal_mark", "date_order"}
    return Answers(
        decimal_mark=MARKS[number] if "decimal_mark" in asked else "",
        date_order=RIGHT[day] if "date_order" in asked else "",
    )


@CALM
@given(
    ROWS,
    st.sampled_from(sorted(NUMBERS)),
    st.sampled_from(sorted(DATES)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
)
def test_it_says_the_same_or_is_asked_about(rows, number, day, delimiter, encoding):
    content = written(rows, number, day, delimiter=delimiter, encoding=encoding)
    answers = answered(needed(understood(content)), number, day)
    deals = values(content, answers=answers)
    assert [(deal.external_id, deal.amount, deal.close_date) for deal in deals] == meant(rows, number)
    assert len(rows_of(content, answers=answers)) == len(rows)


@CALM
@given(ROWS, st.sampled_from(["cp1252", "utf-8", "utf-16"]), st.sampled_from([",", ";", "\t"]))
def test_names_come_back_in_every_encoding(rows, encoding, delimiter):
    content = written(rows, "plain", "iso", delimiter=delimiter, encoding=encoding)
    assert [deal.name for deal in values(content)] == [name for name, _, _ in rows]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("day", DATES)
def test_a_table_with_a_mark_of_each_kind_needs_no_answer(number, day):
    rows = [("A", Decimal("1234567.50"), date(2026, 3, 25)), ("B", Decimal("12.00"), date(2026, 1, 2))]
    if number.endswith("without cents"):
        rows[0] = ("A", Decimal("1234567.00"), date(2026, 3, 25))
    content = written(rows, number, day, delimiter=";", encoding="utf-8")
    assert needed(understood(content)) == []
    assert [deal.amount for deal in values(content)] == [amount for _, amount, _ in rows]
