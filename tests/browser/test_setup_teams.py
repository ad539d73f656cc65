"""An admin makes a team in a real browser; its first meeting stands on its leader's Today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alignment.models import Holiday, Membership
from alignment.people import seats
from tests.browser.conftest import OpenAs
from tests.cast import Cast
from tests.factories import make_commitment, make_deal, make_meeting, make_user


def test_a_team_is_made_and_its_first_meeting_is_on_today(cast: Cast, open_as: OpenAs) -> None:
    maria = make_user(name="Maria Lopez", timezone="Europe/Paris")
    Membership.objects.create(company=cast.company, user=maria)
    page = open_as(cast.admin, "/setup/demo/teams/")
    page.get_by_role("link", name="New team").click()
    page.get_by_label("Team name").fill("East")
    page.get_by_label("CEO", exact=True).select_option("Tom Marsh")
    page.get_by_label("Sales leader").select_option("Maria Lopez")
    page.get_by_label("Weekday").select_option("Thursday")
    expect(page.locator("#dates")).to_contain_text("Every Thursday at 09:00, Paris")
    page.get_by_role("button", name="Create team").click()
    expect(page.get_by_text("East was created and its meetings are planned")).to_be_visible()
    home = open_as(maria, "/")
    expect(home.locator(".call")).to_contain_text("East, Thursday")


def test_the_dates_follow_the_form(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.admin, "/setup/demo/teams/new/")
    expect(page.get_by_label("Week of the month")).to_be_hidden()
    page.get_by_label("Frequency").select_option("Once a month")
    page.get_by_label("Week of the month").select_option("Last")
    expect(page.locator("#dates")).to_contain_text("The last Monday of the month at 09:00, Paris")
    expect(page.locator("#dates li")).to_have_count(8)
    page.get_by_label("Time zone").fill("Mars")
    page.get_by_label("Time zone").blur()
    expect(page.locator("#dates")).to_contain_text("is not a known time zone")


def test_without_javascript_a_button_shows_the_dates(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.admin, "/setup/demo/teams/new/", java_script_enabled=False)
    page.get_by_label("Frequency").select_option("Every two weeks")
    page.get_by_role("button", name="Preview dates").click()
    expect(page.locator("#dates")).to_contain_text("Every second Monday at 09:00, Paris")
    expect(page.get_by_label("Frequency")).to_have_value("fortnightly")


def test_a_seat_is_handed_over(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.admin, "/setup/demo/teams/north/")
    page.get_by_role("link", name="Replace Joe Keller").click()
    page.get_by_label("Replacement").select_option("Anne Duarte")
    page.get_by_label("Reason").fill("Joe retires.")
    page.get_by_role("button", name="Replace").click()
    expect(page.get_by_role("link", name="Replace Anne Duarte")).to_be_visible()
    home = open_as(cast.second_leader, "/")
    home.get_by_role("link", name="Your first 90 days: day 1").click()
    expect(home.get_by_text("following Joe Keller")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible_and_fit(
    cast: Cast, open_as: OpenAs, accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    now = timezone.now()
    today = cast.north.today(now)
    Holiday.objects.create(
        company=cast.company, day=today + timedelta(days=(7 - today.weekday()) % 7 or 7), name="All hands"
    )
    make_meeting(team=cast.north, starts_at=now + timedelta(days=1))
    make_deal(team=cast.north)
    make_commitment(team=cast.north, owner=cast.leader)
    seats.hand_over(
        cast.north.seats.get(role="leader"),
        cast.second_leader,
        by=cast.admin,
        now=now,
        day=today,
        why="Joe retires.",
    )
    seats.give(cast.north, cast.admin, "observer", by=cast.admin, now=now, day=today + timedelta(days=9))
    size = {"width": width, "height": 800}
    pages = [(cast.admin, path) for path in ("", "new/", "north/", "north/end/", "north/seats/new/")]
    opened = open_as(cast.admin, color_scheme=scheme, viewport=size)
    for _, path in pages:
        opened.goto(f"/setup/demo/teams/{path}")
        accessible(opened)
        assert not opened.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    opened = open_as(cast.second_leader, "/teams/north/first-90-days/", color_scheme=scheme, viewport=size)
    accessible(opened)
    assert not opened.evaluate("document.documentElement.scrollWidth > innerWidth")
