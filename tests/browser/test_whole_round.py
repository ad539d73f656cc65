"""One round of the product: prepared, reviewed on a phone, held by two, recorded, mailed, and opened again
next week.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from alignment.models import Goal, Notice
from alignment.outbox.delivery import deliver_due
from deals.models import Deal, Risk
from meetings.models import Commitment, Initiative, Issue, Meeting
from tests.browser.conftest import OpenAs
from tests.cast import Cast
from tests.factories import make_deal, make_initiative, make_meeting, make_risk

pytestmark = pytest.mark.whole_round

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def ahead(cast: Cast, site: str) -> Meeting:
    """North's meeting in ten minutes: a goal without revenue, a win, a risk without an action, a plan to agree to."""
    now, team = timezone.now(), cast.north
    fresh = {"created_at": now, "changed_at": now}
    for year, month in product((now.year, now.year + 1), range(1, 13)):
        Goal.objects.create(team=team, month=date(year, month, 1), amount=Decimal(900_000))
    make_deal(team=team, name="Orbis renewal", status="won", close_date=team.today(now), **fresh)
    make_risk(team=team, name="Hollis Foods", **fresh)
    make_initiative(team=team, title="Mid-market playbook", **fresh)
    return make_meeting(team=team, starts_at=now + timedelta(minutes=10))


def saves(field: Locator, text: str) -> None:
    """Type into an autosaved field; by hand where there is no script."""
    form = field.locator("xpath=ancestor::form")
    field.fill(text)
    if form.get_by_role("button", name="Save").is_visible():
        form.get_by_role("button", name="Save").click()
    else:
        expect(form.locator("[data-save-state]")).to_contain_text("Saved")


def unfolds(place: Locator, words: str) -> None:
    """Open the fold of that name, unless it is open."""
    summary = place.locator("summary", has_text=words).first
    if summary.locator("xpath=..").get_attribute("open") is None:
        summary.click()


def at(page: Page, section: str) -> None:
    expect(page.locator(f'.stage[data-section="{section}"]')).to_be_visible()


def prepares(page: Page, meeting: Meeting) -> None:
    """Words, a commitment on the gap, capacity, the risk’s action; submitted with nothing missing."""
    deal, risk = Deal.objects.get(), Risk.objects.get()
    page.goto(f"/meetings/{meeting.pk}/prepare/")
    saves(page.locator("#w-revenue"), "Three renewals close this month.")
    page.locator("#commit-revenue").fill("Close Alder before Friday")
    page.locator("#revenue").get_by_role("button", name="Add commitment").click()
    expect(page.locator("#revenue .commitments")).to_contain_text("Close Alder before Friday")
    page.locator(f"#deal-{deal.pk}").get_by_role("button", name="None needed").click()
    expect(page.locator(f"#deal-{deal.pk}")).to_contain_text("Delivery capacity: None needed")
    row = page.locator(f"#risk-{risk.pk}")
    row.get_by_label("Owner").select_option(label="Joe Keller")
    row.get_by_label("Due").fill(str(timezone.localdate() + timedelta(days=3)))
    saves(row.get_by_label("Action"), "Visit with operations")
    page.locator("#needed").get_by_role("button", name="Submit").first.click()
    expect(page.locator("#needed")).to_contain_text("Submitted")


def reviews(page: Page, meeting: Meeting) -> None:
    """The CEO comments on the risk, agrees to the plan and asks a question."""
    risk, plan = Risk.objects.get(), Initiative.objects.get()
    page.goto(f"/meetings/{meeting.pk}/")
    expect(page.get_by_text("Three renewals close this month.")).to_be_visible()
    row = page.locator(f"#risk-{risk.pk}")
    expect(row).to_contain_text("Visit with operations")
    row.locator(".opens").click()
    page.get_by_role(
        "link", name=re.compile(r"^\W*Comment$")
    ).click()  # in place; without script it is a page
    saves(page.get_by_role("textbox", name=re.compile("^Your comment on")), "I call their CEO.")
    page.goto(f"/meetings/{meeting.pk}/")
    page.locator(f"#initiative-{plan.pk}").get_by_role("button", name="Approve").click()
    expect(page.locator(f"#initiative-{plan.pk}").get_by_text("approved", exact=True)).to_be_visible()
    page.locator("#raise-fold > summary").click()
    unfolds(page.locator("#issues"), "Raise an issue or a question")
    page.get_by_label("Raise an issue or a question").fill("Do we chase too many plants?")
    page.get_by_role("button", name="Ask the question").click()
    expect(page.get_by_role("heading", name="Do we chase too many plants?")).to_be_visible()


def captures(page: Page, kind: str, text: str) -> None:
    page.get_by_label("Capture in").fill(text)
    page.locator("#capture").get_by_role("button", name=kind).click()
    expect(page.locator("#main").get_by_text(text).first).to_be_visible()


def solves(page: Page, resolution: str) -> None:
    row = page.locator(f"#issue-{Issue.objects.get(kind='question').pk}")
    row.get_by_role("link", name="Resolve").click()  # in place; without script it is a page
    page.get_by_label("What was decided?").fill(resolution)
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator("#main").get_by_text(resolution)).to_be_visible()


def rates(page: Page, score: int, why: str = "") -> None:
    page.get_by_role("radio", name=str(score), exact=True).check()
    if why:
        page.get_by_label("Why?").fill(why)
    save = page.get_by_role("button", name="Save rating")
    if save.is_visible():  # without JavaScript
        save.click()
    expect(
        page.locator('.ratings, [data-state="saved"]').or_(page.get_by_text("You gave")).first
    ).to_be_visible()


def holds(ceo: Page, leader: Page, meeting: Meeting) -> None:
    """The CEO starts; both stand in the same section, whoever moves; each captures, the question is solved."""
    ceo.goto(f"/meetings/{meeting.pk}/")
    ceo.get_by_role("button", name="Start the meeting").click()
    at(ceo, "revenue")
    leader.goto(f"/meetings/{meeting.pk}/")
    leader.get_by_role("link", name="Join the meeting").click()
    at(leader, "revenue")
    captures(leader, "Commitment", "Call the plant manager")
    expect(ceo.get_by_text("Call the plant manager").first).to_be_visible()
    ceo.get_by_role("button", name=re.compile("^Next")).click()
    at(leader, "deals")
    captures(ceo, "Decision", "No discount above 10 %")
    expect(leader.get_by_text("No discount above 10 %").first).to_be_visible()
    for section in ("risks", "initiatives", "issues"):
        leader.keyboard.press("n")
        at(leader, section)
        at(ceo, section)
    captures(ceo, "Issue", "Who backs up Dana?")
    solves(leader, "Only the four largest.")
    expect(ceo.get_by_text("Only the four largest.")).to_be_visible()


def closes(ceo: Page, leader: Page, meeting: Meeting) -> None:
    """Both rate, each alone; the observer is chosen as a reader; one closes, both land on the record."""
    ceo.get_by_role("button", name="Wrap up").click()
    at(leader, "closing")
    rates(ceo, 7, "Ten minutes on one deal.")
    expect(leader.get_by_text("Ten minutes on one deal.")).to_have_count(0)
    rates(leader, 9)
    expect(ceo.locator(".ratings")).to_contain_text("9")
    ceo.get_by_label("Olaf Watch").check()
    ceo.get_by_role("button", name="End and send recap").click()
    for page in (ceo, leader):
        expect(page).to_have_url(re.compile(rf"/meetings/{meeting.pk}/$"))


def finds_the_record(page: Page, meeting: Meeting) -> None:
    """Decisions, commitments, the answer, both ratings, and who is sent the recap."""
    page.goto(f"/meetings/{meeting.pk}/")
    for text in (
        "No discount above 10 %",
        "Call the plant manager",
        "Close Alder before Friday",
        "Only the four largest.",
        "Who backs up Dana?",
        "I call their CEO.",
        "Tom rated it 7: Ten minutes on one deal.",
        "Joe rated it 9",
    ):
        expect(page.locator("body")).to_contain_text(text)
    recap = page.locator("section", has=page.get_by_role("heading", name="Recap"))
    for name in ("Tom Marsh", "Joe Keller", "Olaf Watch"):
        expect(recap).to_contain_text(name)


def finds_the_mails(cast: Cast) -> None:
    """Three recaps are owed once the end can be undone no more, and sent once by the clock."""
    readers = {user.email for user in (cast.ceo, cast.leader, cast.observer)}
    owed = Notice.objects.filter(kind="recap")
    assert {notice.to.email for notice in owed.select_related("to")} == readers
    deliver_due()
    assert not owed.exclude(sent_at=None).exists()
    owed.update(due_at=timezone.now())
    deliver_due()
    deliver_due()
    sent = [message for message in mail.outbox if "No discount above 10 %" in str(message.body)]
    assert sorted(address for message in sent for address in message.to) == sorted(readers)
    assert not owed.filter(sent_at=None).exists()


def finds_what_was_promised(page: Page, meeting: Meeting) -> None:
    """Next week's preparation begins with the commitments; the solved question is gone, the raised issue is there."""
    following = Meeting.objects.filter(team=meeting.team, state="scheduled").earliest("starts_at")
    page.goto(f"/meetings/{following.pk}/prepare/")
    expect(page.locator("#revenue")).to_contain_text("Earlier commitments on the gap")
    for text in ("Close Alder before Friday", "Call the plant manager"):
        expect(page.locator("#revenue .commitments").first).to_contain_text(text)
    expect(page.locator("#issues")).to_contain_text("Who backs up Dana?")
    expect(page.locator("#issues")).not_to_contain_text("Do we chase too many plants?")


def test_a_whole_week_of_two_people(cast: Cast, ahead: Meeting, open_as: OpenAs) -> None:
    ceo, leader = open_as(cast.ceo, **PHONE), open_as(cast.leader)
    prepares(leader, ahead)
    reviews(ceo, ahead)
    holds(ceo, leader, ahead)
    closes(ceo, leader, ahead)
    finds_the_record(ceo, ahead)
    finds_the_mails(cast)
    finds_the_record(leader, ahead)
    finds_what_was_promised(leader, ahead)
    assert Commitment.objects.count() == 2


def holds_by_hand(ceo: Page, leader: Page, meeting: Meeting) -> None:
    """The same meeting by links, forms and reloading alone."""
    ceo.goto(f"/meetings/{meeting.pk}/")
    ceo.get_by_role("button", name="Start the meeting").click()
    leader.goto(f"/meetings/{meeting.pk}/present/")
    leader.get_by_role("button", name="I am here").click()
    captures(leader, "Commitment", "Call the plant manager")
    ceo.get_by_role("button", name=re.compile("^Next")).click()
    at(ceo, "deals")
    leader.get_by_role("link", name="Show the latest").click()
    at(leader, "deals")
    captures(ceo, "Decision", "No discount above 10 %")
    for section in ("risks", "initiatives", "issues"):
        ceo.get_by_role("button", name=re.compile("^Next")).click()
        at(ceo, section)
    captures(ceo, "Issue", "Who backs up Dana?")
    leader.get_by_role("link", name="Show the latest").click()
    solves(leader, "Only the four largest.")


def closes_by_hand(ceo: Page, leader: Page, meeting: Meeting) -> None:
    ceo.get_by_role("button", name="Wrap up").click()
    rates(ceo, 7, "Ten minutes on one deal.")
    leader.get_by_role("link", name="Show the latest").click()
    rates(leader, 9)
    ceo.goto(f"/meetings/{meeting.pk}/present/")
    ceo.get_by_label("Olaf Watch").check()
    ceo.get_by_role("button", name="End and send recap").click()
    expect(ceo).to_have_url(re.compile(rf"/meetings/{meeting.pk}/$"))


def test_the_same_week_without_javascript(cast: Cast, ahead: Meeting, open_as: OpenAs) -> None:
    ceo = open_as(cast.ceo, java_script_enabled=False, **PHONE)
    leader = open_as(cast.leader, java_script_enabled=False)
    prepares(leader, ahead)
    reviews(ceo, ahead)
    holds_by_hand(ceo, leader, ahead)
    closes_by_hand(ceo, leader, ahead)
    finds_the_record(leader, ahead)
    finds_the_mails(cast)
    finds_what_was_promised(leader, ahead)
