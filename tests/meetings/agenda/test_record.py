"""The record of a held meeting: frozen, in versions, with its neighbours; its recap; one sheet of paper."""

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

from alignment.models import Goal, Notice
from meetings.models import Attendance, Meeting, Rating
from meetings.transitions.closing import close_meeting, reopen_meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
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
from tests.html import flat

As = Callable[[Any], Client]
Page = Callable[..., str]
END = NOW + timedelta(minutes=31)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(END + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def running(cast: Cast, meeting: Meeting) -> Meeting:
    meeting.start(by=cast.ceo, now=NOW)
    return meeting


@pytest.fixture
def page(running: Meeting, as_: As) -> Page:
    def shown(user: Any, path: str = "") -> str:
        answer = as_(user).get(f"/meetings/{running.pk}/{path}")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return shown


def test_the_record_stays_as_it_was_when_the_rows_change(cast: Cast, running: Meeting, page: Page) -> None:
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(186_000))
    close_meeting(running, by=cast.ceo, now=END)
    deal.record_change(version=1, day=TODAY, now=END, by=cast.leader, amount=Decimal(99_000))
    assert "$186K" in page(cast.leader)
    assert "$99" not in page(cast.leader)


def test_the_record_offers_no_act_on_what_it_shows(cast: Cast, running: Meeting, page: Page) -> None:
    make_initiative(team=cast.north)
    make_issue(team=cast.north)
    close_meeting(running, by=cast.ceo, now=END)
    for act in ("Add to issues", "/forms/", "/approval/", "Raise the issue", "Start the meeting"):
        assert act not in page(cast.ceo)


def test_who_closed_it_is_said(cast: Cast, running: Meeting, page: Page) -> None:
    close_meeting(running, by=cast.ceo, now=END)
    assert "Held 09:00 to 09:31, closed by Tom Marsh" in page(cast.ceo)


def test_one_that_closed_itself_says_so(cast: Cast, running: Meeting, page: Page) -> None:
    close_meeting(running, by=None, now=END)
    assert "left open, closed automatically" in page(cast.ceo)


def test_decisions_and_commitments_stand_first(cast: Cast, running: Meeting, page: Page) -> None:
    make_decision(meeting=running, text="The fee is credited.")
    make_commitment(team=cast.north, owner=cast.ceo, text="Call the CFO", created_at=NOW)
    close_meeting(running, by=cast.ceo, now=END)
    shown = page(cast.ceo)
    assert 0 < shown.index("The fee is credited.") < shown.index("Call the CFO") < shown.index('id="revenue"')


def test_attendance_and_ratings_given_later_are_shown(cast: Cast, running: Meeting, page: Page) -> None:
    Attendance.objects.create(meeting=running, user=cast.ceo, role="ceo", present=True, at=NOW)
    Attendance.objects.create(meeting=running, user=cast.leader, role="leader", present=False, at=NOW)
    close_meeting(running, by=cast.ceo, now=END)
    Rating.objects.create(meeting=running, user=cast.ceo, role="ceo", score=6, why="Alone", at=END)
    Rating.objects.create(meeting=running, user=cast.leader, role="leader", score=9, at=END)
    shown = page(cast.observer)
    assert "Tom Marsh attended" in shown
    assert 'Joe Keller <span class="bad">was absent</span>' in shown
    assert 'Tom rated it <b class="num">6</b>: Alone' in shown


def test_a_rating_is_its_writers_alone_until_both_have_rated(
    cast: Cast, running: Meeting, page: Page
) -> None:
    close_meeting(running, by=cast.ceo, now=END)
    Rating.objects.create(meeting=running, user=cast.ceo, role="ceo", score=6, why="Alone", at=END)
    assert "Tom rated it" in page(cast.ceo)
    for reader in (cast.leader, cast.observer):
        assert "Tom rated it" not in page(reader)


def test_one_of_the_two_who_has_not_rated_it_is_asked_to(cast: Cast, running: Meeting, page: Page) -> None:
    close_meeting(running, by=cast.ceo, now=END)
    Rating.objects.create(meeting=running, user=cast.ceo, role="ceo", score=9, at=END)
    assert "Rate the meeting" in page(cast.leader)
    for user in (cast.ceo, cast.observer):
        assert "Rate the meeting" not in page(user)


def test_to_whom_the_recap_went_is_said(cast: Cast, running: Meeting, page: Page) -> None:
    close_meeting(running, by=cast.ceo, now=END)
    Notice.objects.filter(to=cast.ceo).update(sent_at=END)
    Notice.objects.filter(to=cast.leader).update(failed_at=END)
    shown = flat(page(cast.ceo))
    assert 'Tom Marsh<span class="muted">sent today 09:31' in shown
    assert 'Joe Keller<span class="bad">could not be sent' in shown


def test_the_records_before_and_after_are_one_click_away(cast: Cast, running: Meeting, page: Page) -> None:
    before = make_held_meeting(team=cast.north)
    make_held_meeting(team=cast.south)
    close_meeting(running, by=cast.ceo, now=END)
    after = Meeting.objects.get(team=cast.north, planned_start=NOW + timedelta(days=7))
    shown = flat(page(cast.ceo))
    assert f'href="/meetings/{before.pk}/" rel="prev">16 Nov' in shown
    assert f'href="/meetings/{after.pk}/" rel="next">30 Nov' in shown


def test_a_held_meeting_without_a_record_still_has_its_page(cast: Cast, as_: As) -> None:
    old = make_held_meeting(team=cast.north)
    assert as_(cast.ceo).get(f"/meetings/{old.pk}/").status_code == 200


def test_a_reps_plan_in_a_record_is_read_by_the_two_alone(cast: Cast, running: Meeting, page: Page) -> None:
    plan = make_initiative(team=cast.north, title="Saving Ira", kind="rep")
    make_commitment(
        team=cast.north, owner=cast.leader, text="Talk to Ira", initiative=plan, section="initiatives"
    )
    close_meeting(running, by=cast.ceo, now=END)
    assert "Saving Ira" in page(cast.ceo)
    for path in ("", "recap/"):
        shown = page(cast.observer, path)
        assert "Saving Ira" not in shown
        assert "Talk to Ira" not in shown


# Versions


@pytest.fixture
def twice(cast: Cast, running: Meeting) -> Meeting:
    deal = make_deal(team=cast.north, name="Orbis", amount=Decimal(186_000))
    close_meeting(running, by=cast.ceo, now=END)
    reopen_meeting(running, by=cast.leader, now=END + timedelta(minutes=5), why="The amount was wrong.")
    deal.record_change(version=1, day=TODAY, now=END, by=cast.leader, amount=Decimal(160_000))
    running.refresh_from_db()
    close_meeting(running, by=cast.leader, now=END + timedelta(minutes=10))
    return running


def test_both_versions_are_kept_and_say_why(cast: Cast, twice: Meeting, page: Page) -> None:
    latest, first = page(cast.ceo), page(cast.ceo, "record/1/")
    assert "$160K" in latest
    assert "$186K" in first
    assert "This is version 1. Joe Keller reopened the meeting: The amount was wrong." in first
    assert f'href="/meetings/{twice.pk}/record/1/">Version 1</a>' in latest


def test_the_latest_version_is_the_meetings_own_page(cast: Cast, twice: Meeting, as_: As) -> None:
    client = as_(cast.ceo)
    assert client.get(f"/meetings/{twice.pk}/record/2/").headers["Location"] == f"/meetings/{twice.pk}/"
    for number in (0, 3, 10**17):
        assert client.get(f"/meetings/{twice.pk}/record/{number}/").status_code == 404


def test_a_version_is_for_those_with_a_seat(cast: Cast, twice: Meeting, as_: As) -> None:
    assert as_(cast.admin).get(f"/meetings/{twice.pk}/record/1/").status_code == 403
    assert as_(cast.outsider).get(f"/meetings/{twice.pk}/record/1/").status_code == 404


def test_an_open_again_meeting_links_the_version_so_far(cast: Cast, running: Meeting, page: Page) -> None:
    close_meeting(running, by=cast.ceo, now=END)
    reopen_meeting(running, by=cast.leader, now=END, why="The amount was wrong.")
    assert "Reopened by Joe Keller: The amount was wrong." in page(cast.ceo)
    assert "$" in page(cast.ceo, "record/1/")


# Recap


def test_the_recap_groups_what_is_owed_by_owner(cast: Cast, running: Meeting, page: Page) -> None:
    make_commitment(team=cast.north, owner=cast.ceo, text="Call the CFO", due=TODAY + timedelta(days=2))
    make_commitment(team=cast.north, owner=cast.leader, text="Visit Hollis")
    make_decision(meeting=running, text="The fee is credited.")
    close_meeting(running, by=cast.ceo, now=END)
    shown = page(cast.observer, "recap/")
    assert re.search(r"<h3>Tom Marsh</h3>.*Call the CFO.*by 25 Nov", shown)
    assert "The fee is credited." in shown
    assert "on Monday 30 November at 09:00" in shown


def test_before_the_close_the_recap_is_a_preview(cast: Cast, page: Page) -> None:
    assert "Preview: this is mailed when the meeting ends." in page(cast.ceo, "recap/")


# What it costs, and paper


def full(cast: Cast, running: Meeting, *, each: int) -> None:
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=960_000)
    make_revenue(team=cast.north, day=date(2026, 10, 12), amount=1_400_000)
    last = make_held_meeting(team=cast.north, gap=Decimal(-180_000))
    words = "Legal has the contract; two clauses are open and both are ours to give before Friday."
    make_update(meeting=running, author=cast.leader, text=words * 2)
    for number in range(each):
        items: list[dict[str, Any]] = [
            {"deal": make_deal(team=cast.north, rep="Dana Reyes", stage="Negotiation")}
        ]
        if number < max(4, each - 1):
            risk = make_risk(
                team=cast.north, owner=cast.leader, action="Site visit with operations", due=TODAY
            )
            items += [{"risk": risk}, {"initiative": make_initiative(team=cast.north, plan=words)}]
            make_commitment(team=cast.north, owner=cast.leader, section="risks", risk=risk)
        items += [{"issue": make_issue(team=cast.north, detail=words, created_by=cast.ceo)}]
        for item in items:
            make_update(meeting=running, author=cast.leader, text=words, **item)
            make_update(meeting=last, author=cast.leader, text=words, **item)


@pytest.mark.parametrize("each", [1, 5, 50])
def test_it_costs_seven_queries_whatever_is_in_it(cast: Cast, running: Meeting, as_: As, each: int) -> None:
    full(cast, running, each=each)
    close_meeting(running, by=cast.ceo, now=END)
    client = as_(cast.ceo)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"/meetings/{running.pk}/").status_code == 200
    assert len(caught) == 7


def test_opening_a_meeting_changes_nothing(cast: Cast, running: Meeting, as_: As) -> None:
    close_meeting(running, by=cast.ceo, now=END)
    client = as_(cast.observer)
    with CaptureQueriesContext(connection) as caught:
        for path in ("", "recap/"):
            client.get(f"/meetings/{running.pk}/{path}")
    assert all(query["sql"].startswith("SELECT") for query in caught.captured_queries)


def test_an_unheld_neighbour_is_named_as_what_it_was(cast: Cast, running: Meeting, page: Page) -> None:
    make_meeting(team=cast.north, starts_at=NOW - timedelta(days=7), state="missed", missed_at=NOW)
    close_meeting(running, by=cast.ceo, now=END)
    assert '16 Nov</a> <span class="muted">missed' in page(cast.ceo)
