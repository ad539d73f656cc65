"""One cell as a day, an amount, a status; what it may not be."""

from datetime import date
from decimal import Decimal

import pytest

from deals.imports import cells
from deals.imports.cells import BadCell


@pytest.mark.parametrize(
    "text",
    ["2026-11-05", "2026-11-05 00:00:00", "2026-11-05T08:15:00Z", "2026/11/05", "05.11.2026", "5.11.2026 08:15", "11/05/2026",
     "11/5/2026 9:00 AM", "Nov 5, 2026", "5 November 2026", "46331", "46331.0"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text):
    assert cells.day(text, month_leads=True) == date(2026, 11, 5)


def test_with_the_day_first_slashes_mean_the_other_thing():
    assert cells.day("11/05/2026", month_leads=False) == date(2026, 5, 11)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "31/31/2026", "05/11/26", "soon", "0001-01-01", "Foo 5, 2026", "99999", "9" * 60]
)
def test_what_is_no_day_is_said_to_be_none(text):
    with pytest.raises(BadCell, match=r"is not a day|lies outside"):
        cells.day(text, month_leads=True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["2026-01-02"], None), (["01/02/2026", "01/13/2026"], True), (["13/01/2026", "01/02/2026"], False)],
)
def test_dates_with_slashes_tell_their_order_themselves(texts, expected):
    assert cells.month_first(texts) is expected


@pytest.mark.parametrize("texts", [["01/02/2026"], ["13/01/2026", "01/13/2026"]])
def test_an_order_that_is_not_certain_is_not_guessed(texts):
    with pytest.raises(BadCell):
        cells.month_first(texts)


@pytest.mark.parametrize("text", ["1234.5", "$1,234.50", "USD 1,234.50", "1,234.50 USD"])
def test_an_amount_is_read_in_the_companys_currency(text):
    assert cells.amount(text, locale="en-US", currency="USD") == Decimal("1234.50")


def test_a_german_amount_is_read_as_a_german_amount():
    assert cells.amount("1.250,50", locale="de-DE", currency="EUR") == Decimal("1250.50")


@pytest.mark.parametrize("text", ["1e400", "-5", "NaN", "1.234", "£5", "EUR 5", "9" * 40, "12,34,5", "ten"])
def test_what_is_no_such_amount_is_refused(text):
    with pytest.raises(BadCell):
        cells.amount(text, locale="en-US", currency="USD")


@pytest.mark.parametrize(
    ("stage", "status"),
    [("Closed Won", "won"), ("closedwon", "won"), ("Won", "won"), ("Geschlossen und gewonnen", "won"), ("Closed-Lost to Rival", "lost"),
     ("Verloren", "lost"), ("Prospecting", "open"), ("Wonder", "open"), ("Angebot", "open")],
)  # fmt: skip
def test_a_stage_tells_whether_the_deal_is_over(stage, status):
    assert cells.status_of(stage) == status


@pytest.mark.parametrize("stage", ["Closed", "Not won", "Won/Lost", "deleted"])
def test_a_stage_that_does_not_tell_how_it_ended_is_refused(stage):
    with pytest.raises(BadCell, match="does not say whether"):
        cells.status_of(stage)
