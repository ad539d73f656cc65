"""Where a goal is missing, an admin is led to where it is set and everybody else is told whom to ask."""

from __future__ import annotations

import pytest
import time_machine

from tests.factories import NOW, make_admin, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("page", ["", "prepare/"])
def test_others_are_told_whom_to_ask(cast, as_, meeting, page):
    body = as_(cast.leader).get(f"/meetings/{meeting.pk}/{page}").content.decode()
    assert ("Ask your company’s admin to set it." in body, "/teams/north/goals/" in body) == (True, False)


def test_an_admin_on_the_team_is_led_there(cast, as_, meeting):
    make_admin(company=cast.company, user=cast.ceo)
    body = as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode()
    assert '<a href="/teams/north/goals/">Set goals</a>' in body


def test_the_home_page_of_an_admin_leads_there(cast, as_):
    make_meeting(team=cast.north, starts_at=NOW)
    assert '<a href="/teams/north/goals/">not set</a>' in as_(cast.admin).get("/").content.decode()


def test_the_address_of_a_teams_goals_is_its_row_of_the_grid(cast, as_):
    answer = as_(cast.admin).get("/teams/north/goals/")
    assert answer.headers["Location"] == "/setup/demo/goals/?year=2026&q=North"


@pytest.mark.parametrize(("who", "status"), [("ceo", 403), ("leader", 403), ("outsider", 404)])
def test_it_is_for_admins(cast, as_, who, status):
    assert as_(getattr(cast, who)).get("/teams/north/goals/").status_code == status
