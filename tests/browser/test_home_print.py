"""Home and the overview on paper: a dozen teams are one sheet."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import OpenAs
from tests.cast import Cast
from tests.factories import (
    make_call,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_meeting,
    make_overview_reader,
    make_team,
    make_user,
)

DAY = timedelta(days=1)


def pages_of(paper: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


@pytest.fixture
def dozen(cast: Cast) -> Cast:
    """Twelve teams with North and South, a plan and a pushed deal in each, a call and the next meeting."""
    now = timezone.now()
    teams = [cast.north, cast.south]
    teams += [
        make_team(company=cast.company, name=f"Region {number}", ceo=cast.ceo, leader=make_user())
        for number in range(10)
    ]
    for team in teams:
        today = team.today(now)
        held = make_held_meeting(team=team, starts_at=now - 7 * DAY)
        make_call(meeting=held, starts_on=today - 20 * DAY, ends_on=today + 20 * DAY)
        make_meeting(team=team, starts_at=now + DAY), make_deal(team=team)
        make_initiative(team=team, title="Hire two more reps before the season begins")
    return cast


@pytest.mark.parametrize(("paper", "height"), [("A4", 1024), ("Letter", 957)])
def test_a_dozen_teams_are_one_sheet_and_what_waits_is_the_next(
    dozen: Cast, open_as: OpenAs, paper: str, height: int
) -> None:
    page = open_as(dozen.ceo, "/")
    assert page.locator(".team").count() == 12
    assert pages_of(page.pdf(format=paper, prefer_css_page_size=True)) <= 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": height})  # the paper between its margins
    assert page.locator(".team").last.evaluate("(team) => team.getBoundingClientRect().bottom") < height
    assert not page.get_by_text("Heads-up for").first.is_visible()


def test_the_overview_of_a_dozen_teams_is_one_sheet(dozen: Cast, open_as: OpenAs) -> None:
    page = open_as(make_overview_reader(company=dozen.company), "/overview/")
    assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 between its margins
    assert page.evaluate("document.querySelector('.table').scrollWidth <= 690")
