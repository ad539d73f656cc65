"""Home in a browser: each act answers in its row, the focus stays there, and the page is fit for everyone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deals.models import DealChange
from meetings.models import Initiative, Meeting, Update
from tests.browser.conftest import OpenAs
from tests.browser.test_axe_everywhere import PHONE, wrong_with
from tests.cast import Cast
from tests.factories import (
    make_commitment,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
)

DAY = timedelta(days=1)


@pytest.fixture
def waiting(cast: Cast) -> Meeting:
    """Three plans, a question and two overdue commitments wait for the CEO; a risk is new, a deal is often pushed."""
    now, team = timezone.now(), cast.north
    make_held_meeting(team=team, starts_at=now - 7 * DAY)
    meeting = make_meeting(team=team, starts_at=now + DAY)
    for number in range(3):
        make_initiative(team=team, title=f"Plan {number}")
    make_issue(team=team, title="May we?", kind="question", side="leader", created_by=cast.leader)
    for number in range(2):
        make_commitment(team=team, owner=cast.ceo, text=f"Call {number}", due=team.today(now) - DAY)
    make_risk(team=team, name="Hollis", created_by=cast.leader, created_at=now, changed_at=now)
    deal = make_deal(team=team, name="Brandt", close_date=team.today(now) + 9 * DAY)
    for month in ("07", "08", "09"):
        DealChange.objects.create(
            deal=deal,
            field="close_date",
            old=f"2025-{month}-01",
            new=f"2025-{month}-28",
            day=now.date(),
            at=now,
        )
    return meeting


def act(page: Page, row: str, button: str) -> None:
    """One tap: the row becomes one line with Undo, which has the focus."""
    waits = page.locator("article.need:not(.need--done)").filter(has_text=row)
    place = waits.get_attribute("id")
    waits.get_by_role("button", name=button).click()
    done = page.locator(f"#{place}.need--done")
    expect(done.get_by_role("button", name="Undo")).to_be_focused()


def test_six_waiting_things_are_six_taps_and_no_other_page(
    cast: Cast, waiting: Meeting, open_as: OpenAs
) -> None:
    page = open_as(cast.ceo)
    page.goto("/")
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    for number in range(3):
        act(page, f"Plan {number}", "Approve")
    page.get_by_label("Your answer").fill("Yes.")
    act(page, "May we?", "Send answer")
    for number in range(2):
        act(page, f"Call {number}", "Done")
    expect(page.locator("#needs-number")).to_have_text("")
    assert opened == []
    assert Update.objects.get().text == "Yes."
    assert not page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length")
    page.locator(".need--done").first.get_by_role("button", name="Undo").click()
    expect(page.locator(".need--approve h3 a")).to_be_focused()
    expect(page.locator("#needs-number")).to_have_text("1")
    assert Initiative.objects.filter(decision=None).count() == 1


def test_what_is_refused_says_so_in_the_row_and_keeps_the_words(
    cast: Cast, waiting: Meeting, open_as: OpenAs
) -> None:
    page = open_as(cast.ceo)
    page.goto("/")
    Initiative.objects.filter(title="Plan 0").update(version=7)
    row = page.locator("article.need").filter(has_text="Plan 0")
    row.get_by_text("Request changes").click()
    row.get_by_label("What has to change").fill("Name a rep")
    row.get_by_role("button", name="Send request").click()
    expect(row.get_by_role("alert")).to_contain_text("The plan changed while you were reading.")
    expect(row.get_by_label("What has to change")).to_have_value("Name a rep")


def test_a_question_is_put_on_the_agenda_by_one_tap(cast: Cast, waiting: Meeting, open_as: OpenAs) -> None:
    page = open_as(cast.ceo)
    page.goto("/")
    page.get_by_role("button", name="Ask this").click()
    expect(page.locator(".team .need--done")).to_contain_text("On the agenda: Brandt")


def test_the_figures_stand_in_the_first_screen_of_a_phone(
    cast: Cast, waiting: Meeting, open_as: OpenAs
) -> None:
    page = open_as(cast.ceo, viewport={"width": 360, "height": 800})
    page.goto("/")
    bottom = page.evaluate("document.querySelector('.team-state').getBoundingClientRect().bottom")
    news, needs = (
        page.evaluate(f"document.querySelector('{name}').offsetTop") for name in ("#news", "#needs")
    )
    assert bottom < 700
    assert bottom < news < needs


@pytest.mark.parametrize("reader", ["ceo", "leader", "observer"])
def test_home_with_all_its_parts_is_fit_for_everyone(
    cast: Cast, waiting: Meeting, open_as: OpenAs, reader: str
) -> None:
    page = open_as(getattr(cast, reader), **PHONE)
    wrong = wrong_with(page, "/")
    assert not wrong, "\n".join(wrong)
