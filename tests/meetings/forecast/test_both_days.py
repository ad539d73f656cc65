"""A team that calls by the month from January on: the quarter that begins on the same day is another period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.models import Call, Expectation, Meeting
from tests.cast import Cast
from tests.factories import (
    make_call,
    make_deal,
    make_expectation,
    make_held_meeting,
    make_meeting,
    make_revenue,
)
from tests.html import flat

As = Callable[[Any], Client]
NOW = datetime(2027, 1, 11, 8, tzinfo=UTC)
QUARTER = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 3, 31)}
MONTH = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 1, 31)}
KEY = "2027-01-01"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """The quarter was called last week and for this meeting, too; then the team chose the month."""
    last = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    make_call(
        meeting=last, deals=[make_deal(team=cast.north, name="Orbis")], commit=Decimal(3_000_000), **QUARTER
    )
    ahead = make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=2))
    make_call(meeting=ahead, commit=Decimal(3_100_000), best_case=Decimal(3_100_000), **QUARTER)
    make_expectation(meeting=ahead, amount=Decimal(2_500_000), **QUARTER)
    cast.north.call_period = "month"
    cast.north.save()
    return ahead


def test_the_month_begins_without_the_call_of_the_quarter(cast: Cast, meeting: Meeting, as_: As) -> None:
    page = flat(as_(cast.leader).get(f"/meetings/{meeting.pk}/prepare/"))
    assert "Forecast call, January 2027" in page and "$3M" not in page and "$3.1M" not in page
    sent = {"period": KEY, "version": "0", "commit": "900000", "best_case": "950000"}
    assert as_(cast.leader).post(f"/meetings/{meeting.pk}/call/", sent).status_code == 302
    month = Call.objects.get(meeting=meeting, ends_on=MONTH["ends_on"])
    assert (month.number, month.commit) == (1, 900_000)
    assert Call.objects.last_of_meetings().filter(meeting=meeting).count() == 2


def test_the_ceo_gives_a_number_for_the_month_beside_that_of_the_quarter(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    sent = {"period": KEY, "version": "0", "amount": "800000"}
    assert as_(cast.ceo).post(f"/meetings/{meeting.pk}/expectation/", sent).status_code == 302
    amounts = Expectation.objects.order_by("ends_on").values_list("ends_on", "amount")
    assert [(end.month, int(amount)) for end, amount in amounts] == [(1, 800_000), (3, 2_500_000)]


def test_the_number_of_the_quarter_reveals_no_call_of_the_month(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    make_call(meeting=meeting, commit=Decimal(900_000), **MONTH)
    Meeting.objects.filter(pk=meeting.pk).update(submitted_at=NOW)
    ends = Call.objects.visible_to(cast.ceo).filter(meeting=meeting).values_list("ends_on", flat=True)
    assert list(ends) == [QUARTER["ends_on"]]


def test_who_was_nearer_compares_numbers_of_the_same_period(cast: Cast, as_: As) -> None:
    met = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=5))
    make_call(meeting=met, commit=Decimal(3_000_000), best_case=Decimal(3_000_000), **QUARTER)
    make_call(meeting=met, commit=Decimal(900_000), **MONTH)
    make_expectation(meeting=met, amount=Decimal(2_500_000), **QUARTER)
    make_revenue(team=cast.north, day=date(2027, 1, 7), amount=Decimal(700_000))
    with time_machine.travel(datetime(2027, 2, 5, 8, tzinfo=UTC), tick=False):
        page = as_(cast.ceo).get("/teams/north/forecast/").context["page"]
    assert [(row.period.label, row.nearer) for row in page.past] == [("January 2027", None)]
