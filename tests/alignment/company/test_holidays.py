"""The holidays of a company: entered one by one or pasted, all or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from alignment.company.holidays import HolidayLinesError, parse
from alignment.models import Entry, Team, User
from tests.cast import Cast

PAGE = "/setup/demo/company/holidays/"
As = Callable[[User], Client]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-12-25 Christmas Day", [(date(2026, 12, 25), "Christmas Day")]),
        (
            "25.12.2026\tWeihnachten\r\n\r\n  2026-1-1, New Year",
            [(date(2026, 1, 1), "New Year"), (date(2026, 12, 25), "Weihnachten")],
        ),
        ("2026-05-01;Labour day\n2026-05-01 Labour day", [(date(2026, 5, 1), "Labour day")]),
        ("", []),
    ],
)
def test_lines_are_read_as_people_paste_them(text: str, days: list[Any]) -> None:
    assert parse(text) == days


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-25", "Line 1: enter the date and name"),
        ("2026-12-25 A\n12/26/2026 B", "Line 2: enter the date and name"),
        ("2026-02-30 Never", "Line 1: 2026-02-30 is not a valid date"),
        ("1889-01-01 Old", "Line 1: the year must be between 1990 and 2100"),
        ("2026-12-25 " + "x" * 81, "Line 1: the name can have at most 80"),
        ("2026-12-25 A\n2026-12-25 B", "Line 2: 25 December 2026 appears twice"),
        ("\n".join("x" for _ in range(401)), "This list has 401 lines"),
        ("\n".join("x" for _ in range(9)), "And 4 more lines."),
    ],
)
def test_lines_that_cannot_be_read_are_named(text: str, said: str) -> None:
    with pytest.raises(HolidayLinesError) as wrong:
        parse(text)
    assert said in str(wrong.value)


def test_one_is_entered_with_a_line_in_the_audit(cast: Cast, as_: As) -> None:
    answer = as_(cast.admin).post(PAGE, {"day": "2026-12-25", "name": "Christmas Day"}, follow=True)
    assert (
        cast.company.holidays.get().name == "Christmas Day"
        and "The holiday was added." in answer.content.decode()
    )
    entry = Entry.objects.get(what="holidays.changed")
    assert (entry.new, entry.old, entry.by) == ("25 December 2026 Christmas Day", "", cast.admin)
    assert Team.objects.get(slug="north").revision == 1


def test_several_are_pasted_at_once(cast: Cast, as_: As) -> None:
    answer = as_(cast.admin).post(PAGE, {"lines": "2026-12-25 Christmas\n2026-12-26 Boxing Day"}, follow=True)
    assert cast.company.holidays.count() == 2 and "2 holidays were added." in answer.content.decode()
    assert Entry.objects.filter(what="holidays.changed").count() == 1


def test_one_bad_line_changes_nothing_and_the_text_stays(cast: Cast, as_: As) -> None:
    answer = as_(cast.admin).post(PAGE, {"lines": "2026-12-25 Christmas\nsoon"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Line 2" in page and "2026-12-25 Christmas" in page
    assert not cast.company.holidays.exists()


def test_a_day_that_has_another_name_is_not_written_over(cast: Cast, as_: As) -> None:
    cast.company.holidays.create(day=date(2026, 12, 25), name="Christmas")
    answer = as_(cast.admin).post(PAGE, {"lines": "2026-12-24 Eve\n2026-12-25 Xmas"})
    assert answer.status_code == 409 and "25 December 2026 (Christmas)" in answer.content.decode()
    assert [row.name for row in cast.company.holidays.all()] == ["Christmas"]


def test_the_same_again_changes_nothing(cast: Cast, as_: As) -> None:
    for _ in range(3):
        as_(cast.admin).post(PAGE, {"day": "2026-12-25", "name": "Christmas"})
    assert cast.company.holidays.count() == Entry.objects.filter(what="holidays.changed").count() == 1


def test_removing_asks_and_is_in_the_audit(cast: Cast, as_: As) -> None:
    row, client = cast.company.holidays.create(day=date(2026, 12, 25), name="Christmas"), as_(cast.admin)
    assert "Remove 25 December 2026, Christmas?" in client.get(f"{PAGE}{row.pk}/remove/").content.decode()
    assert cast.company.holidays.exists()
    assert [client.post(f"{PAGE}{row.pk}/remove/").status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.get(what="holidays.changed").old == "25 December 2026 Christmas"


def test_a_holiday_of_another_company_is_not_there(cast: Cast, as_: As) -> None:
    row = cast.away.company.holidays.create(day=date(2026, 12, 25), name="Secret feast")
    answer = as_(cast.admin).post(f"{PAGE}{row.pk}/remove/", follow=True)
    assert cast.away.company.holidays.exists() and "Secret feast" not in answer.content.decode()
