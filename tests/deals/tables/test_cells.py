"""One cell as a day, an amount, a status; what it may not be."""

from datetime import date

import pytest

from deals.tables import cells
from deals.tables.cells import CellError


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-05",
        "2026-11-05 00:00:00",
        "2026-11-05T08:15:00Z",
        "2026/11/05",
        "05.11.2026",
        "5.11.2026 08:15",
        "11/05/2026",
        "11/5/2026 9:00 AM",
        "Nov 5, 2026",
        "5 November 2026",
        "5-Nov-2026",
        "05-Nov-26",
        "11/05/26",
        "5. November 2026",
        "5 novembre 2026",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert cells.day(text, month_leads=True) == date(2026, 11, 5)


def test_with_the_day_first_slashes_mean_the_other_thing():
    assert cells.day("11/05/2026", month_leads=False) == date(2026, 5, 11)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "31/31/2026", "soon", "0001-01-01", "Foo 5, 2026", "99999", "9" * 60]
)
def test_what_is_no_day_is_said_to_be_none(text):
    with pytest.raises(CellError, match=r"not a day|is outside"):
        cells.day(text, month_leads=True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["2026-01-02"], None), (["01/02/2026", "01/13/2026"], True), (["13/01/2026", "01/02/2026"], False)],
)
def test_dates_with_slashes_tell_their_order_themselves(texts, expected):
    assert cells.detect_month_first(texts) is expected


@pytest.mark.parametrize("texts", [["01/02/2026"], ["13/01/2026", "01/13/2026"]])
def test_an_order_that_is_not_certain_is_not_guessed(texts):
    with pytest.raises(CellError):
        cells.detect_month_first(texts)
