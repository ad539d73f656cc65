"""The whole of a meeting without a mouse."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Commitment, Decision, Meeting
from tests.factories import make_meeting

pytestmark = pytest.mark.browser


@pytest.fixture
def page(cast, transactional_db, open_as):
    now = timezone.now()
    meeting = make_meeting(team=cast.north, starts_at=now)
    meeting.start(by=cast.ceo, now=now)
    return open_as(cast.ceo, f"/meetings/{meeting.pk}/present/")


def tab_to(page, name, limit=60):
    """Press Tab until the element called `name` has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")
        if re.search(name, label):
            return
    raise AssertionError(f"{name} cannot be reached with Tab")


def test_the_keys_walk_through_the_meeting_and_explain_themselves(page):
    stage = page.locator(".stage")
    for section in ("deals", "risks", "initiatives", "issues", "closing"):
        page.keyboard.press("n")
        expect(stage).to_have_attribute("data-section", section)
    page.keyboard.press("p")
    expect(stage).to_have_attribute("data-section", "issues")
    page.keyboard.press("Space")
    expect(page.get_by_text("The timer is paused.")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_captured_without_a_mouse(page):
    page.keyboard.press("c")
    page.keyboard.type("call the next customer, in person")
    page.keyboard.press("Enter")
    expect(page.locator("#captured")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.type("no discounts")
    page.keyboard.press("Enter")
    expect(page.locator("#captured")).to_have_value("")
    assert Commitment.objects.get().text == "call the next customer, in person"
    assert Decision.objects.get().text == "no discounts"
    assert page.locator(".stage").get_attribute("data-section") == "revenue"  # no letter was a command


def test_rated_and_closed_without_a_mouse(page):
    tab_to(page, "^Wrap up")
    page.keyboard.press("Enter")
    expect(page.locator(".stage")).to_have_attribute("data-section", "closing")
    tab_to(page, "^score$")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(page.locator('#rate [data-state="saved"]')).to_be_visible()
    tab_to(page, "^End and send recap")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/meetings/\d+/$"))
    assert Meeting.objects.filter(state="held").exists()


def test_the_focus_stays_where_it_was_when_the_page_changes(page):
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".stage")).to_have_attribute("data-section", "deals")
    expect(page.locator("#next")).to_be_focused()
