"""The quarter on one page, as it is printed and handed on."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alignment.models import Goal
from alignment.rules.periods import months_in, quarter_of
from meetings.models import QuarterSharing
from tests.browser.conftest import OpenAs
from tests.cast import Cast
from tests.factories import (
    make_call,
    make_committed,
    make_deal,
    make_decision,
    make_expectation,
    make_held_meeting,
    make_revenue,
)

NUMBER = "$2.71M"
REASON = "They had to choose between us and a second line, and the board took the line. " * 3
DECISION = "We offer the pilot at cost to plants above two hundred people, and only with a date. " * 3


@pytest.fixture
def full(cast: Cast) -> str:
    """The address of the quarter before this one, with as much in each part as it takes."""
    team = cast.north
    today = team.today(timezone.now())
    this = quarter_of(today, first_month=1)
    quarter = quarter_of(this.start - timedelta(days=1), first_month=1)
    days = {"starts_on": quarter.start, "ends_on": quarter.end}
    team.seats.update(since=quarter.start)
    for month in months_in(quarter):
        Goal.objects.create(team=team, month=month, amount=Decimal(1_000_000))
    make_revenue(team=team, day=quarter.start, amount=Decimal(2_900_000))
    for week in range(12):
        at = datetime.combine(quarter.start + timedelta(weeks=week, days=1), time(9), team.zone)
        meeting = make_held_meeting(team=team, starts_at=at)
        make_call(meeting=meeting, commit=Decimal(3_000_000), best_case=Decimal(3_100_000), at=at, **days)
        make_expectation(meeting=meeting, amount=Decimal(2_710_000), changed_at=at, **days)
        make_decision(meeting=meeting, text=DECISION[:250])
        for status in ("won", "lost"):
            deal = make_deal(
                team=team,
                name=f"Brandt Maschinenbaugesellschaft plant {week}",
                status=status,
                amount=Decimal(100_000),
                close_date=at.date(),
                reason_kind="budget",
                reason=REASON[:240],
                won_line=REASON[:240],
            )
            make_committed(deal=deal, quarter=quarter.start.isoformat())
    return f"/teams/north/quarter/?quarter={quarter.label[-4:]}-{quarter.label[:2]}"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_full_quarter_is_one_sheet(cast: Cast, full: str, open_as: OpenAs, paper: str) -> None:
    printed = open_as(cast.ceo, full).pdf(format=paper, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_a_print_has_what_others_read(cast: Cast, full: str, open_as: OpenAs) -> None:
    page = open_as(cast.ceo, full)
    expect(page.get_by_text(NUMBER).first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text(NUMBER).first).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Choose what others read").click()
    page.get_by_label("Decisions").uncheck()
    page.get_by_label("My own number").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Decisions only you two")).to_be_visible()
    assert QuarterSharing.objects.get().ceo_number_of == cast.ceo
    page.emulate_media(media="print")
    expect(page.get_by_text(NUMBER).first).to_be_visible()
    expect(page.get_by_role("heading", name="Decisions")).to_be_hidden()
    expect(page.get_by_role("heading", name="Wins and losses")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_reaches_beyond_the_screen(cast: Cast, full: str, open_as: OpenAs, width: int) -> None:
    page = open_as(cast.ceo, full, viewport={"width": width, "height": 800})
    reach: Any = page.evaluate("document.documentElement.scrollWidth")
    assert reach <= width
