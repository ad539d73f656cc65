"""Words without blanks: a long link or name wraps on a narrow screen, on every page and in every mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from alignment.models import Company, Team, User
from alignment.outbox.messages import Message, write
from tests.browser.conftest import OpenAs
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_commitment,
    make_deal,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
)

LINK = "https://files.example.com/" + "q4-forecast-" * 20
NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3
PAGES = ("", "deals/", "risks/", "initiatives/", "issues/", "commitments/", "teams/north/")
SETUP = ("people/", "teams/", "goals/", "revenue/")


@pytest.fixture
def long_words(cast: Cast) -> Cast:
    User.objects.filter(pk=cast.leader.pk).update(name=NAME)
    make_deal(team=cast.north, name=NAME, rep=NAME, stage=NAME[:60])
    make_risk(team=cast.north, name=NAME, what_is_wrong=LINK, action=LINK)
    make_initiative(team=cast.north, title=NAME)
    make_issue(team=cast.north, title=LINK[:200])
    make_commitment(team=cast.north, text=LINK, owner=cast.leader)
    make_revenue(team=cast.north, day=NOW.date(), amount=5, note=LINK[:100])
    return cast


def assert_narrow(page: Page) -> None:
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 320, f"{page.url} is {width} px wide"


def test_pages_of_a_team(long_words: Cast, open_as: OpenAs) -> None:
    meeting = make_meeting(team=long_words.north)
    page = open_as(long_words.leader, viewport={"width": 320, "height": 700})
    for path in (*PAGES, f"meetings/{meeting.pk}/", f"meetings/{meeting.pk}/prepare/"):
        page.goto(f"/{path}")
        assert_narrow(page)


def test_pages_of_a_company(long_words: Cast, open_as: OpenAs) -> None:
    Team.objects.filter(pk=long_words.north.pk).update(name=NAME)
    Company.objects.filter(pk=long_words.company.pk).update(name=NAME)
    page = open_as(long_words.admin, viewport={"width": 320, "height": 700})
    for path in SETUP:
        page.goto(f"/setup/demo/{path}")
        assert_narrow(page)


def test_a_mail(long_words: Cast, open_as: OpenAs) -> None:
    message = Message("address_taken", long_words.leader, "", {"url": LINK})
    html = write([message], goes_as="<1@example.com>").alternatives[0][0]
    page = open_as(long_words.leader, viewport={"width": 320, "height": 700})
    page.set_content(html.replace("<p", f"<p>{LINK}</p><p", 1))
    assert_narrow(page)
