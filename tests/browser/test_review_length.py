"""The review page of a usual week on a phone: short, readable, and nothing that changed is folded."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.cast import Cast
from tests.weeks import USUAL, Week, make_week, prepare_week

SCREEN = 800


@pytest.fixture
def week(cast: Cast) -> Week:
    """The usual week, prepared: words on the gap, on what changed, and the question answered."""
    now = timezone.now()
    week = make_week(USUAL, cast, now=now)
    prepare_week(week, cast, now=now)
    return week


def test_it_is_four_screens_of_a_phone(cast: Cast, week: Week, open_as: OpenAs) -> None:
    page: Page = open_as(cast.ceo, viewport={"width": 360, "height": SCREEN})
    page.goto(f"/meetings/{week.meeting.pk}/")
    assert page.evaluate("document.documentElement.scrollHeight") <= 4 * SCREEN
    folded = page.locator("details:not([open]) .row, details:not([open]) .ticks li")
    changed = {*week.deals[2:5], *week.risks[:2], week.initiatives[0], week.initiatives[1], week.issues[0]}
    anchors = {f"{item._meta.model_name}-{item.pk}" for item in changed}
    assert anchors.isdisjoint(row.get_attribute("id") for row in folded.all())
    assert all(page.locator(f"#{anchor}").is_visible() for anchor in anchors)
    text = page.locator(
        ".row p:not(.small, .marks), .comment .text, .ticks li > :first-child, .lede, h3"
    ).all()
    sizes = {float(each.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")) for each in text}
    assert min(sizes) >= 16


def test_a_row_opens_by_the_keyboard_and_its_name_stays_where_it_is(
    cast: Cast, week: Week, open_as: OpenAs
) -> None:
    page: Page = open_as(cast.ceo, f"/meetings/{week.meeting.pk}/", viewport={"width": 360, "height": SCREEN})
    row = page.locator(f"#risk-{week.risks[0].pk}")
    name = row.locator("a.opens")
    place = "each => each.getBoundingClientRect().top + scrollY"  # focusing it may still be scrolling
    name.focus()
    before = name.evaluate(place)
    page.keyboard.press("Enter")
    opened = row.locator("details[open] > summary")
    expect(opened).to_be_focused()
    assert abs(opened.evaluate(place) - before) < 1
    expect(row.get_by_role("button", name="Add to issues")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Add to issues")).to_be_hidden()
