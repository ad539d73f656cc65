"""A form that is sent as a whole: what was typed stays in this browser until the server has said that it is saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from alignment.models import GoalChange
from deals.models import Deal, Risk
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast
from tests.factories import make_deal, make_meeting


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_deal(team=cast.north, name="Orbis", stage="Proposal", rep="Dana")


@pytest.fixture
def page(cast: Cast, deal: Deal, open_as: OpenAs) -> Page:
    page = open_as(cast.leader, f"/deals/{deal.pk}/")
    page.get_by_text("Edit deal").click()
    return page


def stage(page: Page) -> object:
    return page.get_by_label("Stage")


def drafts(page: Page) -> list[str]:
    page.wait_for_load_state()  # the page's script has seen what was saved
    return list(page.evaluate("Object.keys(localStorage)"))


def test_what_was_typed_is_back_after_the_tab_was_closed(page: Page) -> None:
    stage(page).fill("Contract")
    page.close()
    again = page.context.new_page()
    again.goto(page.url)
    expect(stage(again)).to_have_value("Contract")
    expect(again.get_by_text("Your earlier draft was restored. It is not saved yet.")).to_be_visible()
    again.get_by_role("button", name="Save").click()
    expect(again.locator("#messages")).to_contain_text("Saved.")
    assert (Deal.objects.get().stage, drafts(again)) == ("Contract", [])


def test_it_can_be_discarded(page: Page) -> None:
    stage(page).fill("Contract")
    page.reload()
    page.get_by_role("button", name="Discard draft").click()
    page.get_by_text("Edit deal").click()
    expect(stage(page)).to_have_value("Proposal")
    assert (Deal.objects.get().stage, drafts(page)) == ("Proposal", [])


def test_put_back_as_it_was_nothing_is_kept(page: Page) -> None:
    stage(page).fill("Contract")
    stage(page).fill("Proposal")
    assert drafts(page) == []


@pytest.mark.parametrize("status", [403, 500])
def test_an_answer_that_is_no_answer_keeps_it(page: Page, faults: Faults, status: int) -> None:
    faults.allow(f"status of {status}")
    here = page.url
    page.route(
        "**/deals/*/",
        lambda route: route.fulfill(status=status) if route.request.method == "POST" else route.fallback(),
    )
    stage(page).fill("Contract")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    page.unroute_all()
    page.goto(here)
    expect(stage(page)).to_have_value("Contract")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    assert (Deal.objects.get().stage, drafts(page)) == ("Contract", [])


def test_what_was_refused_stays_until_it_is_right(page: Page, deal: Deal, faults: Faults) -> None:
    faults.allow("status of 422")
    here = page.url
    page.get_by_label("Amount").fill("much")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    page.goto(here)
    expect(page.get_by_label("Amount")).to_have_value("much")
    page.get_by_label("Amount").fill("120k")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    assert (Deal.objects.get().amount, drafts(page)) == (120_000, [])


def test_a_draft_on_an_older_version_takes_nothing_back(page: Page, deal: Deal, faults: Faults) -> None:
    stage(page).fill("Contract")
    deal.edit(version=1, next_step="Call Sam")
    page.reload()
    expect(stage(page)).to_have_value("Contract")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    deal.refresh_from_db()
    assert (deal.stage, deal.next_step) == ("Contract", "Call Sam")


def test_of_two_texts_one_is_chosen_and_the_draft_goes(page: Page, deal: Deal, faults: Faults) -> None:
    faults.allow("status of 409")
    stage(page).fill("Contract")
    deal.edit(version=1, stage="Lost touch")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".conflict")).to_contain_text("Lost touch")
    assert len(drafts(page)) == 1
    page.get_by_role("button", name="Keep both").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    assert (Deal.objects.get().stage, drafts(page)) == ("Lost touch / Contract", [])


SAID = "Your earlier draft was restored. It is not saved yet."


def sign_in_again(page: Page, email: str) -> None:
    page.wait_for_url("**/accounts/login/**")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill("demo-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


def send(page: Page) -> None:
    page.locator("form[data-draft] .button--main").click()


def test_it_is_back_after_the_session_ended_wherever_the_form_would_lead(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.leader, "/risks/new/?next=/deals/")
    page.get_by_label("Deal or account").fill("Orbis")
    page.get_by_label("What is wrong").fill("The buyer left.")
    page.context.clear_cookies(name="sessionid")
    send(page)
    sign_in_again(page, cast.leader.email)
    expect(page.get_by_label("What is wrong")).to_have_value("The buyer left.")
    expect(page.get_by_text(SAID)).to_be_visible()
    send(page)
    expect(page.locator("#messages .message")).to_be_visible()
    assert (Risk.objects.get().what_is_wrong, drafts(page)) == ("The buyer left.", [])


def test_a_form_within_a_page_is_found_there_again(cast: Cast, open_as: OpenAs) -> None:
    meeting = make_meeting(team=cast.north)
    page = open_as(cast.leader, f"/meetings/{meeting.pk}/")
    page.locator("#raise-fold > summary").click()
    page.get_by_label("Raise an issue or a question").fill("Who owns the renewals?")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ask the question").click()
    sign_in_again(page, cast.leader.email)
    expect(page.get_by_label("Raise an issue or a question")).to_have_value("Who owns the renewals?")


def test_a_page_older_than_a_sign_in_keeps_it(page: Page, faults: Faults) -> None:
    faults.allow("status of 403")
    here = page.url
    stage(page).fill("Contract")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading")).to_have_text("This page is out of date")
    page.goto(here)
    expect(stage(page)).to_have_value("Contract")


def test_goals_wait_as_well(cast: Cast, open_as: OpenAs) -> None:
    page = open_as(cast.admin, "/setup/demo/goals/?year=2027")
    january = page.locator("input[name$='-202701']").first
    january.fill("250k")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    sign_in_again(page, cast.admin.email)
    expect(january).to_have_value("250k")
    assert not GoalChange.objects.exists()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("1 goal saved.")
    expect(january).to_have_value("250,000")
    page.wait_for_function(
        "localStorage.length === 0"
    )  # the answer is a part of the page: no load tells its end
