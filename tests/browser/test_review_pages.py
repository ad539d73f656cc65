"""A meeting's pages in a browser: fit and accessible in every state, a comment that saves itself, one sheet of
paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alignment.models import Goal
from deals.models import DealChange
from meetings.models import Issue, Meeting, Update
from meetings.transitions.closing import close_meeting, reopen_meeting
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast
from tests.factories import (
    make_account,
    make_commitment,
    make_deal,
    make_decision,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
    make_update,
)

WORDS = "Legal has the contract; two clauses are open and both are ours to give before Friday."


@pytest.fixture
def full(cast: Cast) -> Meeting:
    """A meeting in an hour: five deals, four risks and initiatives, five issues, words on every one."""
    now, team = timezone.now(), cast.north
    today = team.today(now)
    for month in range(1, 13):
        Goal.objects.create(team=team, month=today.replace(month=month, day=1), amount=Decimal(960_000))
    for week in range(14):
        make_revenue(
            team=team,
            day=today - timedelta(weeks=week),
            amount=90_000,
            created_at=now - timedelta(weeks=week),
        )
    last = make_held_meeting(team=team, starts_at=now - timedelta(days=7), gap=Decimal(-180_000))
    meeting = make_meeting(team=team, starts_at=now + timedelta(minutes=50))
    old: dict[str, Any] = {"created_at": now - timedelta(days=30), "changed_at": now - timedelta(days=30)}
    make_update(meeting=meeting, author=cast.leader, text=WORDS + " " + WORDS, changed_at=now)
    make_commitment(team=team, owner=cast.leader, text="Call Brandt", due=today - timedelta(days=2), **old)
    account = make_account(company=cast.company, name="Brandt Maschinenbau")
    for number in range(5):
        deal = make_deal(
            team=team, account=account, rep="Dana Reyes", close_date=today + timedelta(days=number), **old
        )
        items: list[dict[str, Any]] = [{"deal": deal, "section": "deals"}]
        if number < 4:
            risk = make_risk(
                team=team, owner=cast.leader, action="Site visit with operations", due=today, **old
            )
            plan = make_initiative(team=team, plan=WORDS, health="behind", **old)
            for back in range(5):
                plan.measured_by.points.create(at=now - timedelta(weeks=back), value=6 - back)
            make_commitment(
                team=team, owner=cast.leader, risk=risk, section="risks", due=today + timedelta(days=7)
            )
            items += [{"risk": risk, "section": "risks"}, {"initiative": plan, "section": "initiatives"}]
        issue = make_issue(team=team, detail=WORDS, created_by=cast.ceo, **old)
        items += [{"issue": issue, "section": "issues"}]
        for item in items:
            make_update(meeting=meeting, author=cast.leader, text=WORDS, changed_at=now, **item)
            make_update(
                meeting=last, author=cast.leader, text=WORDS, changed_at=now - timedelta(days=8), **item
            )
    DealChange.objects.create(
        deal=deal,
        field="close_date",
        old="2026-01-01",
        new=str(deal.close_date),
        day=today,
        at=now,
        reason="Credit check",
    )
    return meeting


@pytest.fixture
def held(cast: Cast, full: Meeting) -> Meeting:
    now = timezone.now()
    full.start(by=cast.ceo, now=now)
    make_decision(meeting=full, text="The fee is credited.", created_at=now)
    close_meeting(full, by=cast.ceo, now=now)
    return full


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_pages_before_a_meeting_are_accessible_and_fit(
    cast: Cast, full: Meeting, open_as: OpenAs, accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    page = open_as(cast.ceo, color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in ("", "recap/", "move/", "excuse/"):
        page.goto(f"/meetings/{full.pk}/{path}")
        accessible(page)
        assert not is_too_wide(page), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_after_a_meeting_are_accessible_and_fit(
    cast: Cast, held: Meeting, open_as: OpenAs, accessible: Callable[[Page], None], scheme: Any, width: int
) -> None:
    reopen_meeting(held, by=cast.leader, now=timezone.now(), why="The amount was wrong.")
    held.refresh_from_db()
    close_meeting(held, by=cast.leader, now=timezone.now())
    missed = make_meeting(team=cast.south, starts_at=timezone.now() - timedelta(days=2))
    missed.mark_missed(now=timezone.now())
    page = open_as(cast.ceo, color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in (
        f"{held.pk}/",
        f"{held.pk}/record/1/",
        f"{held.pk}/recap/",
        f"{held.pk}/reopen/",
        f"{missed.pk}/",
    ):
        page.goto(f"/meetings/{path}")
        accessible(page)
        assert not is_too_wide(page), path


def test_everything_a_fold_hides_is_accessible_too(
    cast: Cast, full: Meeting, open_as: OpenAs, accessible: Callable[[Page], None]
) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/", viewport={"width": 360, "height": 740})
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => fold.open = true)")
    accessible(page)
    assert not is_too_wide(page)


def test_a_comment_saves_itself_and_is_there_after_reloading(
    cast: Cast, full: Meeting, open_as: OpenAs
) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/", viewport={"width": 360, "height": 740})
    row = page.locator("#risks article").first
    row.locator(".opens").click()
    row.get_by_text("Comment").click()
    expect(row.get_by_role("textbox")).to_be_focused()
    expect(row.locator(".htmx-settling, .htmx-added")).to_have_count(0)
    row.get_by_role("textbox").fill("I call their CEO.")
    expect(row.get_by_text("Saved")).to_be_visible()
    assert Update.objects.get(side="ceo").text == "I call their CEO."
    page.reload()
    expect(page.locator("#risks .comment").get_by_text("I call their CEO.")).to_be_visible()


def test_one_click_raises_an_issue_from_a_row_and_comes_back_to_it(
    cast: Cast, full: Meeting, open_as: OpenAs
) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/")
    row = page.locator("#risks article").first
    anchor = row.get_attribute("id")
    row.locator(".opens").click()
    row.get_by_role("button", name="Add to issues").click()
    page.wait_for_url(re.compile(f"#{anchor}$"))
    page.locator(f"#{anchor} .opens").click()
    expect(page.locator(f"#{anchor}").get_by_text("On the issues list")).to_be_visible()
    assert Issue.objects.filter(risk__isnull=False).count() == 1


def test_the_ceo_agrees_and_says_not_yet_with_why(cast: Cast, full: Meeting, open_as: OpenAs) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/")
    articles = page.locator("#initiatives article")
    first, second = (page.locator(f"#{articles.nth(number).get_attribute('id')}") for number in (0, 1))
    first.get_by_role("button", name="Approve").click()
    expect(first.get_by_text("approved", exact=True)).to_be_visible()
    second.get_by_text("Request changes…").click()
    second.get_by_label("What has to change before you approve it?").fill("Who pays?")
    second.get_by_role("button", name="Request changes").click()
    expect(second.get_by_text("“Who pays?”")).to_be_visible()


def test_a_meeting_is_moved_in_a_dialog(cast: Cast, full: Meeting, open_as: OpenAs) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/")
    page.get_by_role("link", name="Move").click()
    dialog = page.get_by_role("dialog", name="Move the meeting")
    dialog.get_by_label("Reason").fill("Board meeting")
    later = cast.north.today(timezone.now()) + timedelta(days=1)
    dialog.get_by_label("Date").fill(str(later))
    dialog.get_by_role("button", name="Move meeting").click()
    expect(page.get_by_text("by Tom Marsh: Board meeting")).to_be_visible()


def test_what_is_wrong_in_the_dialog_is_said_on_the_page_with_what_was_typed(
    cast: Cast, full: Meeting, open_as: OpenAs, faults: Faults
) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/")
    page.get_by_role("link", name="Move").click()
    dialog = page.get_by_role("dialog", name="Move the meeting")
    dialog.get_by_label("Reason").fill("Board meeting")
    dialog.get_by_label("Date").fill("2001-01-01")
    dialog.get_by_role("button", name="Move meeting").click()
    expect(page.get_by_text("That time has passed.")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("Board meeting")


def test_without_javascript_the_same_links_are_pages(cast: Cast, full: Meeting, open_as: OpenAs) -> None:
    page = open_as(cast.ceo, f"/meetings/{full.pk}/", java_script_enabled=False)
    page.get_by_role("link", name="Excuse").click()
    page.get_by_label("Reason").fill("Both at the fair")
    page.get_by_role("button", name="Excuse this meeting").click()
    expect(page.get_by_text("Both at the fair")).to_be_visible()


def test_a_normal_record_prints_on_one_sheet(cast: Cast, held: Meeting, open_as: OpenAs) -> None:
    page = open_as(cast.ceo, f"/meetings/{held.pk}/")
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1


@pytest.mark.parametrize(("paper", "width"), [("A4", 595), ("Letter", 612)])
def test_a_record_prints_on_the_readers_own_paper(
    cast: Cast, held: Meeting, open_as: OpenAs, paper: str, width: int
) -> None:
    printed = open_as(cast.ceo, f"/meetings/{held.pk}/").pdf(format=paper, prefer_css_page_size=True)
    assert {int(box) for box in re.findall(rb"/MediaBox\s*\[\s*0 0 (\d+)", printed)} == {width}


def test_what_only_the_two_may_read_is_marked_and_not_printed_unless_they_wanted_it(
    cast: Cast, full: Meeting, open_as: OpenAs
) -> None:
    plan = make_initiative(team=cast.north, title="Keep Marta", kind="rep", health="behind")
    full.start(by=cast.ceo, now=timezone.now())
    close_meeting(full, by=cast.ceo, now=timezone.now(), mail=False)
    page = open_as(cast.ceo, f"/meetings/{full.pk}/")
    row = page.locator(f"#initiative-{plan.pk}")
    expect(row).to_contain_text("only you and Joe")
    expect(row).to_be_visible()
    page.emulate_media(media="print")
    expect(row).to_be_hidden()
    Meeting.objects.filter(pk=full.pk).update(recap_has_plans=True)
    page.reload()
    expect(row).to_be_visible()
