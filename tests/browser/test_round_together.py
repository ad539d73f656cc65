"""Two signed-in browsers hold one meeting: where one goes the other follows, what one writes the other sees."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from meetings.models import Commitment, Issue, Meeting
from tests.factories import make_meeting, make_risk

pytestmark = pytest.mark.browser


@pytest.fixture
def running(cast, transactional_db):
    now = timezone.now()
    make_risk(team=cast.north, name="Hollis Foods", created_at=now, changed_at=now)
    meeting = make_meeting(team=cast.north, starts_at=now)
    meeting.start(by=cast.ceo, now=now)
    return meeting


@pytest.fixture
def both(cast, running, open_as):
    """The CEO's and the leader's browser, on the meeting."""
    ceo = open_as(cast.ceo, f"/meetings/{running.pk}/present/")
    leader = open_as(cast.leader, f"/meetings/{running.pk}/present/")
    expect(ceo.locator("#here summary")).to_contain_text("Joe is here")
    return ceo, leader


def at(page: Page, section: str) -> None:
    expect(page.locator(f'.stage[data-section="{section}"]')).to_be_visible()


def test_where_one_goes_the_other_follows(both):
    ceo, leader = both
    ceo.keyboard.press("n")
    at(ceo, "deals")
    at(leader, "deals")
    leader.get_by_role("button", name="Back to Revenue").click()
    at(leader, "revenue")
    at(ceo, "revenue")


def test_the_other_follows_within_two_seconds(both):
    ceo, leader = both
    took = []
    for section in ("deals", "risks", "initiatives"):
        ceo.keyboard.press("n")
        at(ceo, section)
        began = time.monotonic()
        at(leader, section)
        took.append(time.monotonic() - began)
    assert min(took) < 2


def test_one_may_look_elsewhere_and_rejoin(both):
    ceo, leader = both
    leader.get_by_role("link", name="Risks").click()
    expect(leader.get_by_text("You are looking at Risks; the meeting is at Revenue.")).to_be_visible()
    ceo.keyboard.press("n")
    expect(leader.get_by_text("the meeting is at Big deals.")).to_be_visible()
    leader.get_by_role("link", name="Go back").click()
    at(leader, "deals")
    leader.get_by_role("link", name="Risks").click()
    leader.get_by_role("button", name="Move both here").click()
    at(ceo, "risks")


def test_who_waits_ahead_follows_on_from_there(both):
    ceo, leader = both
    leader.get_by_role("link", name="Big deals").click()
    at(leader, "deals")
    ceo.keyboard.press("n")
    expect(leader.get_by_text("You are looking at")).to_have_count(0)
    ceo.keyboard.press("n")
    at(leader, "risks")


def test_what_one_captures_the_other_sees(cast, both):
    ceo, leader = both
    ceo.keyboard.press("c")
    ceo.keyboard.type("Call the plant manager")
    ceo.keyboard.press("Enter")
    expect(leader.get_by_text("Call the plant manager").first).to_be_visible()
    expect(ceo.get_by_label("Capture in Revenue")).to_have_value("")
    commitment = Commitment.objects.get()
    assert (commitment.owner, commitment.section) == (cast.ceo, "revenue")


def test_each_capture_is_a_row_of_its_own_and_can_be_taken_back(both):
    ceo, leader = both
    for text in ("No discount above 10 %", "Hire in May"):
        ceo.keyboard.press("d")
        ceo.keyboard.type(text)
        ceo.keyboard.press("Enter")
        expect(leader.get_by_text(f"Decided: {text}")).to_be_visible()
        ceo.keyboard.press("Escape")
    ceo.get_by_role("button", name="Undo Hire in May").click()
    expect(leader.get_by_text("Decided: Hire in May")).to_have_count(0)
    expect(leader.get_by_text("Decided: No discount above 10 %")).to_be_visible()


def test_a_row_drops_into_the_capture_line(both):
    ceo, _ = both
    ceo.goto(ceo.url + "?at=risks")
    ceo.locator(".row .opens").click()
    ceo.locator(".row").get_by_role("link", name="Commitment").click()
    expect(ceo.get_by_role("button", name="About Hollis Foods: remove")).to_be_visible()
    ceo.keyboard.type("Visit them")
    ceo.keyboard.press("Enter")
    expect(ceo.locator("[data-save-state]", has_text="Commitment added.")).to_be_visible()
    commitment = Commitment.objects.get()
    assert (commitment.risk.name, commitment.section) == ("Hollis Foods", "risks")


def test_an_issue_is_raised_from_the_line(both):
    ceo, leader = both
    leader.keyboard.press("i")
    leader.keyboard.type("Do we need a second plant?")
    leader.keyboard.press("Enter")
    expect(ceo.get_by_text("Issue: Do we need a second plant?")).to_be_visible()
    assert Issue.objects.get().side == "leader"


def test_what_is_being_typed_stays_while_the_other_moves_on(both):
    ceo, leader = both
    leader.get_by_label("Capture in").fill("Half a thought")
    ceo.keyboard.press("n")
    at(leader, "deals")
    field = leader.get_by_label("Capture in")
    expect(field).to_have_value("Half a thought")
    expect(field).to_be_focused()
    leader.reload()
    expect(field).to_have_value("Half a thought")


def test_words_in_a_section_are_never_swept_away(both):
    ceo, leader = both
    leader.get_by_role("link", name="Comment").first.click()
    words = leader.get_by_role("textbox", name=re.compile("Your comment"))
    words.press_sequentially("We are behind because")
    ceo.keyboard.press("n")
    expect(leader.get_by_text("the meeting is at Big deals.")).to_be_visible()
    words.press_sequentially(" of May")
    expect(words).to_have_value("We are behind because of May")
    expect(words).to_be_focused()


def test_a_comment_that_is_open_stays_open_when_the_section_is_fetched_anew(both):
    ceo, leader = both
    leader.get_by_role("link", name="Comment").first.click()
    words = leader.get_by_role("textbox", name=re.compile("Your comment"))
    words.fill("We are behind")
    ceo.get_by_label("Capture in").fill("Call Brandt")
    ceo.locator("#capture").get_by_role("button", name="Commitment").click()
    expect(leader.locator("#main").get_by_text("Call Brandt").first).to_be_visible()
    expect(words).to_have_value("We are behind")


def test_a_pause_stops_both_clocks(both):
    ceo, leader = both
    ceo.keyboard.press("Space")
    expect(leader.get_by_text("The timer is paused.")).to_be_visible()
    stood = leader.locator(".timer").inner_text()
    leader.wait_for_timeout(1500)
    expect(leader.locator(".timer")).to_have_text(stood)
    leader.keyboard.press("Space")
    expect(ceo.get_by_text("The timer is paused.")).to_have_count(0)
    expect(ceo.locator(".timer")).not_to_have_text(stood)


def test_suspended_both_are_told_and_either_goes_on(both):
    ceo, leader = both
    ceo.get_by_role("button", name="Continue later").click()
    leader.get_by_role("button", name="Continue the meeting").click()
    expect(ceo.get_by_text("The meeting has been paused")).to_have_count(0)


def test_cut_off_it_says_so_and_goes_on_when_the_line_is_back(both, faults):
    ceo, leader = both
    faults.allow("ERR_INTERNET_DISCONNECTED")
    leader.context.set_offline(True)
    expect(leader.get_by_text("Not connected; the timer keeps running.")).to_be_visible()
    leader.get_by_label("Capture in").fill("Said while offline")
    leader.keyboard.press("Enter")
    expect(leader.get_by_text("Not saved yet")).to_be_visible()
    leader.context.set_offline(False)
    expect(leader.get_by_text("Not connected")).to_have_count(0)
    leader.keyboard.press("Enter")
    expect(ceo.get_by_text("Said while offline").first).to_be_visible()


def rate(page: Page, score: int, why: str = "") -> None:
    page.get_by_role("radio", name=str(score), exact=True).check()
    if why:
        page.get_by_label("Why?").fill(why)
    expect(page.locator('#rate [data-state="saved"]')).to_be_visible()


def test_both_rate_and_end_it_in_three_taps_each(cast, running, both):
    ceo, leader = both
    ceo.get_by_role("button", name="Wrap up").click()
    at(leader, "closing")
    rate(ceo, 7, "Ten minutes on one deal.")
    expect(leader.get_by_text("Tom has rated.")).to_be_visible()
    expect(leader.get_by_text("Ten minutes on one deal.")).to_have_count(0)
    rate(leader, 9)
    expect(leader.get_by_label("Why?")).to_be_hidden()
    expect(leader.get_by_text("Ten minutes on one deal.").first).to_be_visible()
    leader.get_by_label("Olaf Watch").check()
    leader.get_by_role("button", name="End and send recap").click()
    for page in both:
        expect(page).to_have_url(re.compile(rf"/meetings/{running.pk}/$"))
        expect(page.get_by_text("Ended. The recap goes out at")).to_be_visible()
    held = Meeting.objects.get(pk=running.pk)
    assert (held.state, held.records.count(), list(held.recap_to.all())) == ("held", 1, [cast.observer])
    assert held.ratings.get(user=cast.ceo).why == "Ten minutes on one deal."


def test_undone_by_one_both_are_back_in_the_meeting(running, both):
    ceo, leader = both
    ceo.get_by_role("button", name="Wrap up").click()
    ceo.get_by_role("button", name="End and send recap").click()
    leader.get_by_role("button", name="Undo").click()
    for page in both:
        expect(page).to_have_url(re.compile(rf"/meetings/{running.pk}/present/"))
        at(page, "closing")
    assert Meeting.objects.get(pk=running.pk).is_in_progress


def test_a_reason_half_typed_goes_along_with_the_end(running, both):
    ceo, _ = both
    ceo.get_by_role("button", name="Wrap up").click()
    rate(ceo, 6)
    ceo.get_by_label("Why?").press_sequentially("More on the gap")
    ceo.get_by_role("button", name="End and send recap").click()
    expect(ceo).to_have_url(re.compile(rf"/meetings/{running.pk}/$"))
    assert running.ratings.get().why == "More on the gap"


def test_who_still_types_is_seen_and_keeps_the_words_for_the_next_meeting_by_one_tap(cast, running, both):
    ceo, leader = both
    following = make_meeting(team=cast.north, starts_at=timezone.now() + timedelta(days=7))
    leader.get_by_role("link", name="Comment").first.click()
    words = leader.get_by_role("textbox", name=re.compile("Your comment"))
    words.press_sequentially("We are behind")
    expect(leader.get_by_text("Saved ")).to_be_visible()
    ceo.get_by_role("button", name="Wrap up").click()
    expect(ceo.get_by_text("Joe Keller is still typing (a comment on Revenue vs goal).")).to_be_visible()
    ceo.get_by_role("button", name="End and send recap").click()
    expect(leader.get_by_text("The meeting has ended.")).to_be_visible()
    words.press_sequentially(" because of May")
    leader.get_by_role("button", name="Keep it for the next meeting").click()
    expect(leader.get_by_text("Kept for the next meeting,")).to_be_visible()
    assert following.updates.get().text == "We are behind because of May"
    assert running.updates.get().text == "We are behind"


def test_who_still_types_is_back_in_the_meeting_when_its_end_is_undone(running, both):
    ceo, leader = both
    leader.get_by_role("link", name="Comment").first.click()
    leader.get_by_role("textbox", name=re.compile("Your comment")).press_sequentially("We are behind")
    ceo.get_by_role("button", name="Wrap up").click()
    ceo.get_by_role("button", name="End and send recap").click()
    expect(leader.get_by_text("The meeting has ended.")).to_be_visible()
    ceo.get_by_role("button", name="Undo").click()
    expect(leader.get_by_text("The meeting has ended.")).to_have_count(0)
    leader.get_by_role("textbox", name=re.compile("Your comment")).press_sequentially(" again")
    expect(leader.locator('[data-state="saved"]').first).to_be_visible()


def test_who_only_reads_along_follows_too(cast, running, both, open_as):
    ceo, _ = both
    observer = open_as(cast.observer, f"/meetings/{running.pk}/present/")
    ceo.keyboard.press("n")
    at(observer, "deals")
    expect(observer.get_by_role("button", name="Next")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("section", ["risks", "closing"])
def test_it_is_accessible_and_fits(cast, running, open_as, accessible, width, scheme, section):
    page = open_as(
        cast.ceo,
        f"/meetings/{running.pk}/present/?at={section}",
        viewport={"width": width, "height": 740},
        color_scheme=scheme,
    )
    expect(page.locator(".stage")).to_be_visible()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_form_on_its_way_opens_though_the_page_was_fetched_anew(both):
    """The link that was clicked is gone by the time its form arrives; the form opens at its twin."""
    ceo, leader = both
    waiting = []
    leader.route("**/forms/comment/**", lambda route: waiting.append(route))
    leader.get_by_role("link", name="Comment").first.click()
    ceo.get_by_label("Capture in").fill("Call Brandt")
    ceo.locator("#capture").get_by_role("button", name="Commitment").click()
    expect(leader.locator("#main").get_by_text("Call Brandt").first).to_be_visible()
    waiting[0].continue_()
    expect(leader.get_by_role("textbox", name=re.compile("Your comment"))).to_be_visible()
