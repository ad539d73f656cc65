"""One cell as a day, an amount, a status; what it may not be."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from deals.tables import cells
from deals.tables.amounts_and_days import DayEvidence
from deals.tables.cells import CellError


def order_of(texts):
    evidence = DayEvidence()
    for row, text in enumerate(texts):
        evidence.add(row, text)
    return evidence.order


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
        "2026-11-05\N{NO-BREAK SPACE}08:15",
        "05.11.2026\N{NARROW NO-BREAK SPACE}08:15",
        "11/5/2026, 9:00\N{NARROW NO-BREAK SPACE}AM",
        "11/5/2026 9:00 a.m.",
        "Thu, 5 Nov 2026",
        "Thursday, November 5, 2026",
        "Do, 05.11.2026",
        "Do. 05.11.2026",
        "Donnerstag, 5. November 2026",
        "jeudi 5 novembre 2026",
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
    [
        (["2026-01-02"], ""),
        (["01/02/2026", "01/13/2026"], "month"),
        (["13/01/2026", "01/02/2026"], "day"),
        (["01/02/2026"], "unclear"),
        (["01.02.2026"], "day"),
        (["01.02.2026", "01/02/2026"], "unclear"),
        (["13/01/2026", "01/13/2026"], "mixed"),
    ],
)
def test_the_dates_of_a_column_show_their_order_or_that_it_is_not_certain(texts, expected):
    assert order_of(texts) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("26-01-05", "may begin or end with the year"),
        ("05-01-26", "may begin or end with the year"),
        ("13-01-26 10:00", "may begin or end with the year"),
        ("5.1.", "has no year"),
        ("5.1", "has no year"),
        ("11/23", "has no year"),
        ("Fri, 5 Nov 2026", "names another weekday"),
        ("Mo 06.11.2026", "names another weekday"),
        ("5 Jan", "is not a day"),
        ("2026-01", "is not a day"),
    ],
)
def test_a_day_that_lacks_or_hides_a_part_is_refused_with_its_cause(text, problem):
    with pytest.raises(CellError, match=problem):
        cells.day(text, month_leads=False)


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-01-05T00:00:00Z", "America/New_York", "2026-01-05"),
        ("2026-01-05T00:00:00.000+0000", "Asia/Tokyo", "2026-01-05"),
        ("2026-01-31T23:30:00Z", "Europe/Berlin", "2026-02-01"),
        ("2026-01-31T23:00:00Z", "Europe/Berlin", "2026-02-01"),
        ("2026-02-01T04:30:00Z", "America/New_York", "2026-01-31"),
        ("2026-01-31T23:30:00-05:00", "Europe/Berlin", "2026-02-01"),
        ("2026-02-01T00:00:00+01:00", "Europe/Berlin", "2026-02-01"),
        ("1/31/2026 11:30 PM UTC", "Europe/Berlin", "2026-02-01"),
        ("2026-01-31T23:30:00", "Europe/Berlin", "2026-01-31"),
        ("2026-12-31T23:30:00Z", "Europe/Berlin", "2027-01-01"),
    ],
)
def test_a_moment_is_a_day_in_the_zone_of_the_team(text, zone, day):
    assert cells.day(text, month_leads=True, zone=ZoneInfo(zone)).isoformat() == day


def test_blanks_that_do_not_break_and_weekdays_do_not_hide_the_order_of_a_column():
    assert order_of(["11/23/2026\N{NO-BREAK SPACE}10:00"]) == "month"
    assert order_of(["Mon 23/11/2026"]) == "day"
    assert cells.is_dotted("Mo, 23.11.2026")
