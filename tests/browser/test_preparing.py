"""The leader prepares, in a real browser: nothing typed is lost, and the page says what is still to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deals.models import CapacityNeed, Deal, Risk
from meetings.models import Initiative, Issue, Meeting, PrivateNote, Update
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast
from tests.factories import (
    make_commitment,
    make_deal,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def ahead(cast: Cast) -> Meeting:
    """North's meeting of the day after tomorrow."""
    return make_meeting(team=cast.north, starts_at=timezone.now() + timedelta(days=2))


@pytest.fixture
def risk(cast: Cast) -> Risk:
    return make_risk(
        team=cast.north,
        name="Hollis Foods",
        action="Visit",
        owner=cast.leader,
        due=timezone.localdate(),
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )


@pytest.fixture
def address(ahead: Meeting) -> str:
    return f"/meetings/{ahead.pk}/prepare/"


@pytest.fixture
def page(cast: Cast, risk: Risk, address: str, open_as: OpenAs) -> Page:
    return open_as(cast.leader, address)


def saved(page: Page, field: str) -> None:
    """The form of the field says that it is saved."""
    form = page.locator("form[data-autosave]", has=page.locator(field))
    expect(form.locator("[data-save-state]")).to_contain_text("Saved")


def comment_on(page: Page, risk: Risk) -> str:
    """Opens the box of a row about which nothing is asked, and says where it is."""
    page.locator(f"#risk-{risk.pk}").get_by_role("link", name="Comment").click()
    return f"[aria-label='Your comment on {risk.name}']"


def said() -> set[tuple[str, str]]:
    return {(update.section, update.text) for update in Update.objects.all()}


def test_words_are_saved_while_they_are_typed(page: Page, risk: Risk) -> None:
    page.locator("#w-revenue").press_sequentially("Three renewals")
    saved(page, "#w-revenue")
    box = comment_on(page, risk)
    expect(page.locator(box)).to_be_focused()
    page.fill(box, "Their plant manager helps.")
    saved(page, box)
    assert said() == {("revenue", "Three renewals"), ("risks", "Their plant manager helps.")}


def test_what_is_needed_shrinks_by_itself(cast: Cast, address: str, open_as: OpenAs) -> None:
    issue = make_issue(team=cast.north, kind="question", title="Why plants?")
    page = open_as(cast.leader, address)
    expect(page.get_by_role("button", name="Submit anyway (1 item open)")).to_be_visible()
    expect(page.locator(f"#needs-issue-{issue.pk}")).to_have_text("an answer")
    page.locator(".todo-panel").get_by_role("link", name="Answer: Why plants?").click()
    expect(page.locator(f"#w-issue-{issue.pk}")).to_be_focused()
    page.keyboard.type("They pay early.")
    expect(page.locator("#needed")).to_contain_text("All five sections are ready.")
    expect(page.locator(f"#needs-issue-{issue.pk}")).to_be_empty()
    expect(page.locator("#sections a.done")).to_have_count(5)


def test_on_a_phone_a_thin_bar_has_the_list_and_submit(cast: Cast, address: str, open_as: OpenAs) -> None:
    issue = make_issue(team=cast.north, kind="question", title="Why plants?")
    page = open_as(cast.leader, address, **PHONE)
    bar = page.locator(".todo-bar")
    expect(bar).to_be_in_viewport()
    expect(bar.get_by_role("button", name="Submit anyway")).to_be_in_viewport()
    bar.locator("summary", has_text="4 of 5 ready").click()
    bar.get_by_role("link", name="Answer: Why plants?").click()
    expect(page.locator(f"#w-issue-{issue.pk}")).to_be_focused()
    expect(page.locator(f"#w-issue-{issue.pk}")).to_be_in_viewport()
    expect(bar.locator("details")).not_to_have_attribute("open", "")


def test_capacity_is_one_tap(cast: Cast, address: str, open_as: OpenAs) -> None:
    now = timezone.now()
    deal = make_deal(team=cast.north, status="won", close_date=now.date(), created_at=now, changed_at=now)
    page = open_as(cast.leader, address)
    row = page.locator(f"#deal-{deal.pk}")
    row.get_by_role("button", name="None needed").click()
    expect(row).to_contain_text("Delivery capacity: None needed")
    row.get_by_role("link", name="Change").click()
    row.get_by_label("What is needed").fill("Two onboarding weeks")
    row.get_by_label("Who must know").fill("Support")
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Support: not told yet.")
    need = CapacityNeed.objects.get()
    assert (need.what, need.who) == ("Two onboarding weeks", "Support")


def test_a_deal_is_won_and_another_moved_without_leaving_the_page(
    cast: Cast, address: str, open_as: OpenAs
) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    won = make_deal(team=cast.north, name="Kestrel", rep="Dana Ruiz", close_date=soon, amount=50_000)
    make_deal(team=cast.north, name="Brandt", rep="Carl Jansen", close_date=soon, pinned_at=timezone.now())
    Deal.objects.update(pinned_at=timezone.now())
    page = open_as(cast.leader, address)
    page.evaluate("window.stays = true")
    row = page.locator(f"#deal-{won.pk}")
    row.get_by_role("link", name="Won").click()
    expect(row.get_by_label("Day won")).to_be_focused()
    expect(row.get_by_label("Who earned it?")).to_have_value("Dana Ruiz")
    row.get_by_label("What won it, in one line?").fill("Eleven weeks of pilots")
    row.get_by_role("button", name="Won").click()
    expect(row).to_contain_text("Earned by Dana Ruiz. “Eleven weeks of pilots”")
    expect(row).to_be_focused()
    expect(page.locator("#lede")).to_contain_text("Dana Ruiz won Kestrel")
    other = page.locator("#deals article", has_text="Brandt")
    other.get_by_role("link", name="Move date").click()
    later = (soon + timedelta(days=40)).isoformat()
    other.get_by_label("New close date").fill(later)
    other.get_by_role("button", name="Move date").click()
    expect(other.locator(".error")).to_contain_text("Enter a reason")
    expect(other.get_by_label("In your words")).to_be_focused()
    other.get_by_label("In your words").fill("Board in January")
    other.get_by_role("button", name="Move date").click()
    expect(other).to_contain_text("“Board in January”")
    assert page.evaluate("window.stays")


def test_what_is_written_survives_an_act_in_the_same_chapter(page: Page, risk: Risk, faults: Faults) -> None:
    faults.allow("ERR_FAILED")
    box = comment_on(page, risk)
    page.route("**/update/**", lambda route: route.abort())
    page.fill(box, "Half a sent")
    page.locator(f"#risk-{risk.pk}").get_by_role("button", name="Discuss").click()
    expect(page.locator(f"#risk-{risk.pk}").get_by_role("link", name="On the issues list")).to_be_visible()
    expect(page.locator(box)).to_have_value("Half a sent")
    page.unroute("**/update/**")


def test_a_risk_is_updated_on_its_row(page: Page, risk: Risk, address: str) -> None:
    row = page.locator(f"#risk-{risk.pk}")
    row.get_by_role("link", name="Update").click()
    row.locator("[name=action]").fill("Visit with operations")
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Visit with operations")
    expect(row.locator("[name=action]")).to_have_count(0)
    assert Risk.objects.get().action == "Visit with operations"
    row.get_by_role("link", name="Close").click()
    row.get_by_label("How did it end?").fill("They signed")
    row.get_by_role("button", name="Close risk").click()
    expect(row).to_contain_text("How it ended: They signed")
    expect(page).to_have_url(address)


def test_progress_and_plan_of_one_initiative_do_not_collide(
    cast: Cast, address: str, open_as: OpenAs
) -> None:
    initiative = make_initiative(team=cast.north, approval="agreed")
    page = open_as(cast.leader, address)
    row = page.locator(f"#initiative-{initiative.pk}")
    page.get_by_text("1 initiative unchanged").click()
    row.get_by_role("link", name="Update").click()
    row.locator("[name=current]").fill("6")
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("→ 6")
    row.get_by_role("link", name="Plan").click()
    row.locator("[name=plan]").fill("Each rep runs two discoveries a week.")
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Plan changed")
    initiative = Initiative.objects.get()
    assert (initiative.current, initiative.plan, initiative.approval) == (
        6,
        "Each rep runs two discoveries a week.",
        "changed",
    )


def test_half_a_minute_without_a_network_loses_nothing(page: Page, risk: Risk, faults: Faults) -> None:
    faults.allow("ERR_INTERNET_DISCONNECTED")
    box = comment_on(page, risk)
    expect(page.locator(box)).to_be_focused()
    page.context.set_offline(True)
    page.fill("#w-revenue", "From the train")
    page.fill(box, "From the tunnel")
    expect(page.locator("#words-revenue [data-save-state]")).to_contain_text("stored on this device")
    page.wait_for_timeout(2000)
    page.context.set_offline(False)
    saved(page, "#w-revenue")
    saved(page, box)
    assert said() == {("revenue", "From the train"), ("risks", "From the tunnel")}


def test_drafts_of_two_fields_come_back_each_to_its_own(page: Page, risk: Risk, faults: Faults) -> None:
    faults.allow("ERR_INTERNET_DISCONNECTED")
    box = comment_on(page, risk)
    expect(page.locator(box)).to_be_focused()
    page.context.set_offline(True)
    page.fill("#w-revenue", "About the gap")
    page.fill(box, "About the risk")
    expect(page.locator("#words-revenue [data-save-state]")).to_contain_text("stored on this device")
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("#w-revenue")).to_have_value("About the gap")
    expect(again.locator(box)).to_have_value("About the risk")
    saved(again, box)
    assert said() == {("revenue", "About the gap"), ("risks", "About the risk")}


@pytest.mark.parametrize("status", [500, 413])
def test_an_answer_that_is_no_answer_keeps_the_words(page: Page, faults: Faults, status: int) -> None:
    faults.allow(f"status of {status}")
    page.route("**/update/", lambda route: route.fulfill(status=status))
    page.fill("#w-revenue", "Precious")
    expect(page.locator("#words-revenue [data-save-state]")).to_contain_text("stored on this device")
    page.unroute("**/update/")
    page.reload()
    saved(page, "#w-revenue")
    assert said() == {("revenue", "Precious")}


def test_a_session_that_ended_keeps_the_words_until_one_signs_in(page: Page) -> None:
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.fill("#w-revenue", "Still here")
    expect(page.locator("#words-revenue [data-save-state]")).to_contain_text("You are signed out")
    page.context.add_cookies(cookies)
    page.reload()
    saved(page, "#w-revenue")
    assert said() == {("revenue", "Still here")}


def test_too_long_words_stay_and_say_so(page: Page) -> None:
    page.fill("#w-revenue", "x" * 4001)
    expect(page.locator("#words-revenue .error")).to_contain_text("4000")
    expect(page.locator("#w-revenue")).to_have_value("x" * 4001)
    page.fill("#w-revenue", "Shorter")
    saved(page, "#w-revenue")


def test_two_people_on_one_field_see_both_texts(
    cast: Cast, page: Page, address: str, open_as: OpenAs
) -> None:
    other = open_as(cast.delegate, address)
    page.fill("#w-revenue", "Joe’s words")
    saved(page, "#w-revenue")
    other.fill("#w-revenue", "Dana’s words")
    box = other.locator("#words-revenue .conflict")
    expect(box).to_contain_text("Joe Keller changed this")
    expect(box).to_contain_text("Dana’s words")
    expect(box).to_contain_text("Joe’s words")
    box.get_by_role("button", name="Keep both").click()
    saved(other, "#w-revenue")
    assert said() == {("revenue", "Joe’s words\n\nDana’s words")}


def test_the_back_button_shows_what_was_saved(page: Page, address: str) -> None:
    page.fill("#w-revenue", "In a hurry")
    page.goto("/accounts/password/change/")
    page.go_back()
    expect(page).to_have_url(address)
    expect(page.locator("#w-revenue")).to_have_value("In a hurry")
    expect(page.locator(".conflict")).to_have_count(0)


def test_signing_out_leaves_no_draft(page: Page, faults: Faults) -> None:
    faults.allow("status of 500")
    page.route("**/update/", lambda route: route.fulfill(status=500))
    page.fill("#w-revenue", "Secret")
    expect(page.locator("#words-revenue [data-save-state]")).to_contain_text("stored on this device")
    page.locator(".top .menu summary").click()
    page.locator(".top .menu").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


SLOWLY = """(wait) => {
  const send = window.fetch;
  window.fetch = (...what) => new Promise((go) => setTimeout(go, wait)).then(() => send(...what));
}"""


def test_words_typed_just_before_handing_in_are_on_the_next_page_and_not_late(page: Page) -> None:
    page.evaluate(SLOWLY, 1000)
    page.fill("#w-revenue", "Last thing")
    page.get_by_role("button", name="Submit", exact=True).first.dblclick()
    expect(page.locator("#needed")).to_contain_text("still make changes until the meeting ends")
    assert said() == {("revenue", "Last thing")}
    expect(page.locator("#w-revenue")).to_have_value("Last thing")
    expect(page.get_by_text("changed after submitting")).to_have_count(0)


def test_words_that_do_not_get_through_hold_nobody_up(page: Page) -> None:
    page.evaluate(SLOWLY, 60_000)
    page.fill("#w-revenue", "Last thing")
    page.get_by_role("button", name="Submit", exact=True).first.click()
    expect(page.locator("#needed")).to_contain_text("still make changes until the meeting ends")
    assert not said()
    page.reload()  # what is on its way for a minute waits in the browser, and goes out from there
    saved(page, "#w-revenue")
    assert said() == {("revenue", "Last thing")}


def test_a_private_note_is_saved(page: Page, cast: Cast) -> None:
    page.get_by_text("Your private notes").click()
    page.get_by_label("Your private notes").fill("Ask for more people.")
    saved(page, "[aria-label='Your private notes']")
    assert PrivateNote.objects.get().author == cast.leader


def test_one_click_makes_a_row_an_issue(page: Page, risk: Risk) -> None:
    page.locator(f"#risk-{risk.pk}").get_by_role("button", name="Discuss").click()
    expect(page.get_by_text("Added to issues: “Hollis Foods”")).to_be_visible()
    expect(page.locator(f"#risk-{risk.pk}").get_by_role("link", name="On the issues list")).to_be_visible()
    expect(page.locator("#issues").get_by_role("heading", name="Hollis Foods")).to_be_visible()
    expect(page.locator(f"#risk-{risk.pk}")).to_be_focused()
    assert Issue.objects.get().title == "Hollis Foods"


def test_rows_are_added_without_leaving_the_page(page: Page, address: str) -> None:
    page.get_by_role("link", name="Add a risk").click()
    page.get_by_label("Deal or account").fill("Lumen Energy")
    page.get_by_label("What is wrong").fill("Champion left.")
    page.get_by_label("Exposure").fill("€130 000")
    page.get_by_role("button", name="Add risk").click()
    expect(page.locator("#risks .error")).to_be_visible()
    expect(page.get_by_label("Exposure")).to_be_focused()
    page.get_by_label("Exposure").fill("130,000")
    page.get_by_role("button", name="Add risk").click()
    row = page.locator("#risks article", has_text="Lumen Energy")
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()
    page.get_by_role("link", name="Raise an issue or a question").click()
    page.locator("#issues").get_by_label("Title").fill("Credit checks")
    page.locator("#issues form").get_by_role("button", name="Raise issue").click()
    expect(page.get_by_role("heading", name="Credit checks")).to_be_visible()
    expect(page).to_have_url(address)


def test_a_half_written_risk_outlasts_another_act(cast: Cast, page: Page, risk: Risk, address: str) -> None:
    page.get_by_role("link", name="Add a risk").click()
    name = page.get_by_label("Deal or account")
    name.fill("Lumen Energy")
    page.locator(f"#risk-{risk.pk}").get_by_role("button", name="Discuss").click()
    expect(page.get_by_text("Added to issues: “Hollis Foods”")).to_be_visible()
    expect(name).to_have_value("Lumen Energy")
    page.goto(address)
    expect(name).to_have_value("Lumen Energy")  # it opens by itself
    page.get_by_label("What is wrong").fill("Champion left.")
    page.get_by_role("button", name="Add risk").click()
    expect(page.get_by_role("heading", name="Lumen Energy")).to_be_visible()
    expect(name).to_have_count(0)
    page.wait_for_function("Object.keys(localStorage).length === 0")


def test_commitments_are_made_done_moved_and_dropped(cast: Cast, page: Page, address: str) -> None:
    page.get_by_role("link", name="Add a commitment").click()
    page.get_by_label("What will be done?").fill("Close Alder")
    page.get_by_role("button", name="Add commitment").click()
    row = page.locator(".commitments li", has_text="Close Alder")
    expect(row).to_be_focused()
    row.get_by_role("button", name="Done").click()
    expect(row).to_contain_text("done")
    row.get_by_role("button", name="Undo").click()
    row.get_by_role("link", name="New date").click()
    row.get_by_label("Due").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_label("Due")).to_have_count(0)
    row.get_by_role("link", name="Drop").click()
    row.get_by_label("Reason").fill("They went elsewhere")
    row.get_by_role("button", name="Drop commitment").click()
    expect(row).to_contain_text("dropped: They went elsewhere")
    expect(page).to_have_url(address)


def test_what_was_promised_can_be_called_still_open(cast: Cast, address: str, open_as: OpenAs) -> None:
    ago = timezone.now() - timedelta(days=20)
    make_commitment(
        team=cast.north, owner=cast.leader, text="Call Brandt", due=ago.date(), created_at=ago, changed_at=ago
    )
    page = open_as(cast.leader, address)
    promise = page.locator(".commitments li", has_text="Call Brandt")
    promise.get_by_role("button", name="Carry over").click()
    expect(promise).to_contain_text("carried over")
    expect(promise.get_by_role("button", name="Carry over")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_is_accessible_and_fits(
    cast: Cast,
    risk: Risk,
    ahead: Meeting,
    address: str,
    open_as: OpenAs,
    accessible: Any,
    width: int,
    scheme: str,
) -> None:
    make_initiative(team=cast.north)
    make_update(meeting=ahead, author=cast.ceo, side="ceo", text="Why?")
    page = open_as(cast.leader, address, viewport={"width": width, "height": 800}, color_scheme=scheme)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_works_without_javascript(cast: Cast, risk: Risk, address: str, open_as: OpenAs) -> None:
    page = open_as(cast.leader, address, java_script_enabled=False)
    page.locator("#w-revenue").fill("By hand")
    page.locator("#words-revenue").get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{address}#revenue")
    expect(page.locator("#w-revenue")).to_have_value("By hand")


def test_two_people_on_two_fields_of_one_form_are_both_saved(
    cast: Cast, address: str, open_as: OpenAs
) -> None:
    risk = make_risk(team=cast.north)
    page, other = open_as(cast.leader, address), open_as(cast.delegate, address)
    page.fill(f"#action-risk-{risk.pk}", "Visit")
    saved(page, f"#action-risk-{risk.pk}")
    other.fill("[name=due]", "2030-01-15")
    saved(other, "[name=due]")
    expect(other.locator(".conflict")).to_have_count(0)
    risk = Risk.objects.get()
    assert (risk.action, risk.due.isoformat()) == ("Visit", "2030-01-15")
