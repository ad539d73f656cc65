"""Spans of days and amounts in a link: read, written again, named; whatever makes no sense is none."""

from decimal import Decimal

import pytest

from alignment.rules.formatting import MoneyFormat
from deals.rules.spans import AmountSpan, DaySpan

USD = MoneyFormat("USD", "en-US")


@pytest.mark.parametrize(
    ("text", "first_month", "label"),
    [
        ("2026-10-01..2026-12-31", 1, "Q4 2026"),
        ("2026-11-01..2026-11-30", 1, "November 2026"),
        ("2026-10-01..2026-12-31", 2, "1 Oct 2026 to 31 Dec 2026"),
        ("2026-11-23..2026-11-23", 1, "23 Nov 2026 to 23 Nov 2026"),
    ],
)
def test_days_are_named_by_their_period(text, first_month, label):
    span = DaySpan.parse(text)
    assert span.key == text
    assert span.label(first_month=first_month) == label


@pytest.mark.parametrize(
    "text",
    ["", "..", "2026-10-01", "2026-10-01..", "2026-12-31..2026-10-01", "1200-01-01..2026-01-01", "a..b"],
)
def test_what_is_no_span_of_days_is_none(text):
    assert DaySpan.parse(text) is None


@pytest.mark.parametrize(
    ("text", "span", "label"),
    [
        ("..20000", AmountSpan(None, Decimal(20000)), "Below $20K"),
        ("20000..80000", AmountSpan(Decimal(20000), Decimal(80000)), "From $20K to below $80K"),
        ("80000..", AmountSpan(Decimal(80000), None), "From $80K"),
    ],
)
def test_amounts_are_named_by_their_limits(text, span, label):
    assert AmountSpan.parse(text) == span
    assert span.key == text
    assert span.label(USD) == label


@pytest.mark.parametrize("text", ["", "..", "80000", "NaN..", "-5..10", "1e30..", "x..5", "..Infinity"])
def test_what_is_no_span_of_amounts_is_none(text):
    assert AmountSpan.parse(text) is None


def test_an_amount_with_cents_is_written_without_an_exponent():
    assert AmountSpan(Decimal("20000.50"), Decimal("1E+6")).key == "20000.5..1000000"
