"""A meeting's page before and while it is held: what it says first, who may do what there, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal
from deals.models import DealChange
from meetings.models import Issue, Meeting, PrivateNote, Update
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_capacity_need,
    make_commitment,
    make_deal,
    make_decision,
    make_follow_up,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
    make_update,
)
from tests.html import flat

As = Callable[[Any], Client]
Page = Callable[[Any], str]
LAST_WEEK = NOW - timedelta(days=7)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(meeting: Meeting, as_: As) -> Page:
    def shown(user: Any) -> str:
        answer = as_(user).get(f"/meetings/{meeting.pk}/")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return shown


def behind(cast: Cast, *, won: int = 100_000) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=300_000)
    make_revenue(team=cast.north, day=date(2026, 10, 12), amount=won)


# What it says first


def test_the_first_sentence_says_how_large_the_gap_is_now(cast: Cast, page: Page) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST_WEEK, gap=Decimal(-360_000))
    behind(cast)
    opening = '<b class="num">$100K</b> of <b class="num">$900K</b> is won and the gap grew to <b class="bad num">$4'
    assert opening in page(cast.ceo)


def test_without_a_goal_it_says_so_and_draws_no_gap(cast: Cast, page: Page) -> None:
    make_revenue(team=cast.north, day=date(2026, 10, 12), amount=100_000)
    shown = page(cast.ceo)
    assert "No goal is set for October, November and December" in shown
    assert "<dt>Gap</dt>" not in shown


def test_a_preparation_that_is_late_is_said_with_when_it_was_due(cast: Cast, page: Page) -> None:
    assert "not submitted, was due yesterday 09:00" in page(cast.ceo)


def test_who_submitted_and_when_is_said(cast: Cast, meeting: Meeting, page: Page) -> None:
    meeting.submit_preparation(by=cast.leader, now=NOW - timedelta(hours=30))
    assert "submitted by Joe Keller Sunday 03:00" in page(cast.ceo).replace("yesterday", "Sunday")


def test_the_streak_is_said_from_two_weeks_on(cast: Cast, page: Page) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST_WEEK)
    make_held_meeting(team=cast.north, starts_at=LAST_WEEK - timedelta(days=7))
    assert "held 2 meetings in a row" in page(cast.ceo)


def test_a_moved_meeting_says_from_when_by_whom_and_why(cast: Cast, meeting: Meeting, page: Page) -> None:
    meeting.move(NOW + timedelta(days=1), by=cast.ceo, now=NOW, why="Board meeting")
    assert "Moved from Monday 23 November 09:00 by Tom Marsh: Board meeting" in page(cast.leader)


# The five sections


def test_what_was_promised_for_the_gap_stands_before_the_words_of_this_week(
    cast: Cast, meeting: Meeting, page: Page
) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST_WEEK)
    behind(cast)
    make_commitment(
        team=cast.north,
        owner=cast.leader,
        text="Call Brandt",
        due=TODAY - timedelta(days=3),
        created_at=LAST_WEEK,
    )
    make_update(meeting=meeting, author=cast.leader, text="Two orders slipped.")
    shown = page(cast.ceo)
    assert 0 < shown.index("Call Brandt") < shown.index("Two orders slipped.")
    assert 'Joe, <b class="bad">due 20 Nov</b>' in shown


def test_words_changed_after_handing_in_are_marked(cast: Cast, meeting: Meeting, page: Page) -> None:
    meeting.submit_preparation(by=cast.leader, now=NOW - timedelta(hours=30))
    make_update(meeting=meeting, author=cast.leader, text="New today.", changed_at=NOW)
    assert "changed after submitting" in page(cast.ceo)


def test_last_weeks_words_are_in_a_fold(cast: Cast, page: Page) -> None:
    last = make_held_meeting(team=cast.north, starts_at=LAST_WEEK)
    make_update(meeting=last, author=cast.leader, text="Orbis signs on Thursday.")
    assert "Updates from the last meeting</summary>" in page(cast.ceo)


def test_a_win_says_the_capacity_it_needs(cast: Cast, page: Page) -> None:
    deal = make_deal(team=cast.north, name="Orbis", status="won", close_date=TODAY - timedelta(days=3))
    need = make_capacity_need(deal=deal, what="two weeks", needed_by=date(2026, 12, 7), who="Support")
    assert "Delivery capacity: two weeks, by 7 Dec. Support: not told yet." in text_of(page(cast.ceo))
    need.mark_informed(by=cast.ceo, now=NOW)
    assert "Delivery capacity: two weeks, by 7 Dec. Support was told." in text_of(page(cast.ceo))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_smaller_wins_are_counted_not_listed(cast: Cast, page: Page) -> None:
    for name in ("One", "Two"):
        make_deal(
            team=cast.north, name=name, amount=19_000, status="won", close_date=TODAY - timedelta(days=3)
        )
    assert "2 smaller wins ($38K)." in page(cast.ceo)


def test_a_push_says_how_far_and_how_often_with_the_reason_in_quotes(cast: Cast, page: Page) -> None:
    make_held_meeting(team=cast.north, starts_at=LAST_WEEK)
    deal = make_deal(team=cast.north, name="Brandt", close_date=date(2027, 1, 15))
    DealChange.objects.create(
        deal=deal,
        field="close_date",
        old="2026-12-11",
        new="2027-01-15",
        day=TODAY - timedelta(days=2),
        at=NOW - timedelta(days=2),
        reason="Board wants the report.",
    )
    shown = page(cast.ceo)
    assert "pushed 5 weeks" in shown
    assert "“Board wants the report.”" in shown


def test_risks_are_weighed_against_the_gap(cast: Cast, page: Page) -> None:
    behind(cast, won=400_000)
    make_risk(team=cast.north, exposure=Decimal(400_000))
    make_risk(team=cast.north, exposure=Decimal(230_000))
    assert '<b class="num">$630K</b> at risk, ' in page(cast.ceo)


def test_a_closed_section_without_rows_says_what_belongs_there(cast: Cast, page: Page) -> None:
    shown = page(cast.ceo)
    for sentence in (
        "No big deal was closed",
        "No open risks",
        "No active initiatives",
        "No open issues",
    ):
        assert sentence in shown


def test_typed_text_is_shown_as_text(cast: Cast, meeting: Meeting, page: Page) -> None:
    make_issue(team=cast.north, title="<script>alert(1)</script>", detail="<b>bold</b>")
    make_update(meeting=meeting, author=cast.leader, text="<img src=x>")
    shown = page(cast.ceo)
    assert "<script>alert" not in shown
    assert "<b>bold" not in shown
    assert "<img src=x>" not in shown


# Who may do what


def test_the_ceo_starts_agrees_and_comments(cast: Cast, page: Page) -> None:
    row = make_initiative(team=cast.north)
    shown = page(cast.ceo)
    assert "Start the meeting" in shown
    assert f'formaction="/initiatives/{row.pk}/approval/' in shown
    assert f"/forms/row/initiative-{row.pk}/" in shown
    assert "/forms/comment/initiatives/" in shown


def test_the_leader_goes_to_prepare_and_gives_no_word_on_the_own_plan(cast: Cast, page: Page) -> None:
    row = make_initiative(team=cast.north)
    shown = page(cast.leader)
    assert "/prepare/" in shown
    assert f"/initiatives/{row.pk}/approval/" not in shown
    assert "/forms/comment/" not in shown


def test_an_observer_only_reads(cast: Cast, page: Page) -> None:
    make_initiative(team=cast.north)
    make_issue(team=cast.north)
    make_issue(team=cast.north)
    shown = page(cast.observer)
    assert "Start the meeting" not in shown
    for act in ("Move to top", "/forms/comment/", "/approval/", "Raise the issue", "Send answer", "/move/"):
        assert act not in shown


def test_a_facilitator_comments_and_raises_but_neither_runs_nor_orders(cast: Cast, page: Page) -> None:
    make_issue(team=cast.north)
    make_issue(team=cast.north)
    shown = page(cast.facilitator)
    assert "Raise the issue" in shown
    assert "/forms/comment/" in shown
    for act in ("Start the meeting", "Move to top", "/approval/", "/move/"):
        assert act not in shown


def test_an_admin_without_a_seat_is_told_why_the_words_are_not_theirs(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    answer = as_(cast.admin).get(f"/meetings/{meeting.pk}/")
    assert answer.status_code == 403
    assert "Only members of the team can read that" in answer.content.decode()


def test_to_anybody_else_the_meeting_does_not_exist(cast: Cast, meeting: Meeting, as_: As) -> None:
    assert as_(cast.outsider).get(f"/meetings/{meeting.pk}/").status_code == 404
    assert as_(cast.second_leader).get(f"/meetings/{meeting.pk}/").status_code == 404


def test_a_reps_plan_is_read_by_the_two_alone(cast: Cast, page: Page) -> None:
    make_initiative(team=cast.north, title="Saving Ira", kind="rep")
    assert "Saving Ira" in page(cast.ceo)
    assert "Saving Ira" in page(cast.leader)
    for reader in (cast.observer, cast.facilitator, cast.delegate):
        assert "Saving Ira" not in page(reader)


def test_private_notes_are_seen_by_their_writer_alone(cast: Cast, meeting: Meeting, page: Page) -> None:
    PrivateNote.objects.create(meeting=meeting, author=cast.ceo, text="Ask about Brandt", changed_at=NOW)
    assert "Ask about Brandt" in page(cast.ceo)
    assert "Ask about Brandt" not in page(cast.leader)


def test_a_running_meeting_is_joined_by_the_two_and_followed_by_the_others(
    cast: Cast, meeting: Meeting, page: Page
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    assert "Join the meeting" in page(cast.leader)
    assert "Follow the meeting" in page(cast.observer)


# What waits for the reader


def test_what_waits_for_the_ceo_is_listed(cast: Cast, page: Page) -> None:
    make_initiative(team=cast.north, title="Playbook")
    make_issue(team=cast.north, title="Who tells Hollis?", kind="question", side="leader")
    shown = page(cast.ceo)
    assert "Approve “Playbook”" in shown
    assert "Answer “Who tells Hollis?”" in shown


def test_an_answered_question_waits_no_more(cast: Cast, meeting: Meeting, page: Page) -> None:
    issue = make_issue(team=cast.north, title="Who tells Hollis?", kind="question", side="leader")
    make_update(meeting=meeting, author=cast.ceo, side="ceo", section="issues", issue=issue, text="I do.")
    assert "Answer “Who tells" not in page(cast.ceo)


def test_a_late_commitment_waits_for_its_owner_alone(cast: Cast, page: Page) -> None:
    make_commitment(team=cast.north, owner=cast.ceo, text="Call the CFO", due=TODAY - timedelta(days=1))
    assert '<li class="overdue"><a href="#revenue">Call the CFO' in flat(page(cast.ceo))
    assert '<li class="overdue"><a href="#revenue">Call the CFO' not in flat(page(cast.leader))


def test_an_issue_says_from_whom_it_is_as_the_reader_would(cast: Cast, page: Page) -> None:
    make_issue(team=cast.north, side="ceo")
    assert "<span>from you</span>" in flat(page(cast.ceo))
    for reader in (cast.leader, cast.facilitator, cast.observer):
        assert "<span>from the CEO</span>" in flat(page(reader))


# What is done here reaches the meeting


def test_one_click_makes_a_row_an_issue_and_the_row_then_says_so(
    cast: Cast, meeting: Meeting, as_: As, page: Page
) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods")
    form = {
        "team": "north",
        "meeting": meeting.pk,
        "section": "risks",
        "about": f"risk-{risk.pk}",
        "kind": "issue",
        "title": "Hollis Foods",
        "token": "7f3b1c52-5a0e-4a4c-9a5e-0d8b1f6f2a11",
        "next": f"/meetings/{meeting.pk}/#risk-{risk.pk}",
    }
    client = as_(cast.ceo)
    assert all(client.post("/issues/new/", form).status_code == 302 for _ in range(2))
    assert Issue.objects.get().risk == risk
    opened = client.get(f"/meetings/{meeting.pk}/forms/row/risk-{risk.pk}/").content.decode()
    assert "On the issues list" in opened


def test_a_comment_is_kept_as_the_ceos_words_and_shown_to_be_changed(
    cast: Cast, meeting: Meeting, as_: As, page: Page
) -> None:
    risk = make_risk(team=cast.north)
    form = {"section": "risks", "about": f"risk-{risk.pk}", "version": 0, "text": "I call their CEO."}
    assert as_(cast.ceo).post(f"/meetings/{meeting.pk}/update/", form).status_code == 302
    assert Update.objects.get().side == "ceo"
    row = as_(cast.ceo).get(f"/meetings/{meeting.pk}/forms/row/risk-{risk.pk}/").content.decode()
    assert "Edit your comment" in row
    opened = as_(cast.ceo).get(f"/meetings/{meeting.pk}/forms/comment/risk-{risk.pk}/").content.decode()
    assert ">I call their CEO.</textarea>" in opened


def test_the_ceos_word_is_given_from_the_page(cast: Cast, meeting: Meeting, as_: As) -> None:
    row = make_initiative(team=cast.north)
    form = {"approval": "agreed", "next": f"/meetings/{meeting.pk}/#initiative-{row.pk}"}
    answer = as_(cast.ceo).post(f"/initiatives/{row.pk}/approval/", form)
    assert answer.headers["Location"] == form["next"]
    row.refresh_from_db()
    assert row.approval == "agreed"


# What it costs


def fill(cast: Cast, meeting: Meeting, *, each: int, past: int) -> None:
    for week in range(1, past + 1):
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week))
    behind(cast)
    account = make_account(company=cast.company)
    for _ in range(each):
        deal = make_deal(team=cast.north, account=account)
        risk, plan = make_risk(team=cast.north, owner=cast.leader), make_initiative(team=cast.north)
        issue = make_issue(team=cast.north, risk=risk, created_by=cast.ceo)
        make_commitment(team=cast.north, owner=cast.leader, section="risks", risk=risk)
        make_decision(meeting=meeting, issue=issue)
        for item in ({"deal": deal}, {"risk": risk}, {"initiative": plan}, {"issue": issue}):
            make_update(meeting=meeting, author=cast.leader, **item)


@pytest.mark.parametrize(("each", "past"), [(1, 2), (5, 2), (50, 2), (5, 104)])
def test_it_costs_sixteen_queries_whatever_there_is_to_show(
    cast: Cast, meeting: Meeting, as_: As, each: int, past: int
) -> None:
    fill(cast, meeting, each=each, past=past)
    client = as_(cast.ceo)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/meetings/{meeting.pk}/").status_code == 200
    assert len(caught) == 16


def test_a_team_without_anything_has_a_page(cast: Cast, as_: As) -> None:
    first = make_meeting(team=cast.south)
    assert as_(cast.second_leader).get(f"/meetings/{first.pk}/").status_code == 200


def test_every_form_on_the_page_carries_a_token(cast: Cast, meeting: Meeting, page: Page) -> None:
    fill(cast, meeting, each=2, past=2)
    meeting.start(by=cast.ceo, now=NOW)
    for user in (cast.ceo, cast.leader, cast.facilitator):
        shown = page(user)
        assert shown.count('method="post"') == shown.count('name="csrfmiddlewaretoken"') > 2


def test_a_first_meeting_begins_with_the_first_look(cast: Cast, page: Page) -> None:
    assert "the first look at the" not in page(cast.leader)
    make_deal(team=cast.north)
    assert "/teams/north/first-look/" in page(cast.leader)
    assert "/teams/north/first-look/" in page(cast.ceo)
    assert "/teams/north/first-look/" not in page(cast.observer)
    make_held_meeting(team=cast.north)
    assert "/teams/north/first-look/" not in page(cast.leader)


def test_key_clients_gone_quiet_stand_in_risks(cast: Cast, page: Page) -> None:
    make_follow_up(team=cast.north, due_on=TODAY - timedelta(days=1))
    assert "1 key client not spoken to in 90 days" in page(cast.ceo)
