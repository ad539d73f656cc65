"""Move, excuse, reopen: by the two, with a reason, each once; and the pages of meetings that were not held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.models import Meeting, Move, Reopening
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import NOW, make_meeting, make_update

As = Callable[[Any], Client]
TOMORROW = {"day": "2026-11-24", "time": "14:30", "why": "Board meeting"}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW - timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def running(cast: Cast, meeting: Meeting) -> Meeting:
    meeting.start(by=cast.ceo, now=NOW - timedelta(hours=2))
    return meeting


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# Move


def test_a_meeting_is_moved_to_a_time_in_the_teams_zone(cast: Cast, meeting: Meeting, as_: As) -> None:
    answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/move/", TOMORROW)
    assert answer.headers["Location"] == f"/meetings/{meeting.pk}/"
    meeting.refresh_from_db()
    assert meeting.starts_at == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert meeting.planned_start == NOW


def test_who_moved_it_and_why_is_kept(cast: Cast, meeting: Meeting, as_: As) -> None:
    as_(cast.leader).post(f"/meetings/{meeting.pk}/move/", TOMORROW)
    move = Move.objects.get()
    assert (move.old, move.by, move.why) == (NOW, cast.leader, "Board meeting")


def test_the_same_move_twice_is_one(cast: Cast, meeting: Meeting, as_: As) -> None:
    client = as_(cast.ceo)
    assert [client.post(f"/meetings/{meeting.pk}/move/", TOMORROW).status_code for _ in range(3)] == [302] * 3
    assert Move.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"why": ""}, "Enter a reason"),
        ({"why": "\u200b \u200f"}, "Enter a reason"),
        ({"why": "x" * 301}, "At most 300 characters; this text has"),
        ({"why": "a\x00b"}, "Null characters are not allowed"),
        ({"day": ""}, "Choose a date"),
        ({"day": "0001-01-01"}, "Choose a date between 1990 and 2100"),
        ({"day": "tomorrow"}, "Enter the date as"),
        ({"time": "25:00"}, "Enter the time as hours and minutes"),
        ({"day": "2026-11-20"}, "That time has passed"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: Cast, meeting: Meeting, as_: As, told: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/move/", TOMORROW | told)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "why" in told or "Board meeting" in words(answer)
    meeting.refresh_from_db()
    assert meeting.starts_at == NOW


def test_it_is_not_moved_past_the_meeting_after_it(cast: Cast, meeting: Meeting, as_: As) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/move/", TOMORROW | {"day": "2026-11-30"})
    assert answer.status_code == 422
    assert "The next meeting is on Monday 30 November at 09:00" in words(answer)


def test_an_hour_the_clocks_skip_is_later_by_what_they_skip(cast: Cast, as_: As) -> None:
    spring = make_meeting(team=cast.north, starts_at=datetime(2027, 3, 26, 8, 0, tzinfo=UTC))
    as_(cast.ceo).post(f"/meetings/{spring.pk}/move/", {"day": "2027-03-28", "time": "02:30", "why": "Trip"})
    spring.refresh_from_db()
    assert spring.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_running_meeting_cannot_be_moved_and_says_so(cast: Cast, running: Meeting, as_: As) -> None:
    client = as_(cast.ceo)
    for answer in (
        client.get(f"/meetings/{running.pk}/move/", follow=True),
        client.post(f"/meetings/{running.pk}/move/", TOMORROW, follow=True),
    ):
        assert "This meeting is in progress" in words(answer)
    assert not Move.objects.exists()


def test_the_form_opens_in_a_dialog_without_the_page_around_it(cast: Cast, meeting: Meeting, as_: As) -> None:
    answer = as_(cast.ceo).get(f"/meetings/{meeting.pk}/move/", headers={"HX-Request": "true"})
    assert '<h2 id="dialog-h">' in words(answer)
    assert "<html" not in words(answer)


# Excuse


def test_an_excused_meeting_says_who_and_why_and_leads_to_the_next(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    after = make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    make_update(meeting=meeting, author=cast.leader, text="Two orders slipped.")
    client = as_(cast.ceo)
    client.post(f"/meetings/{meeting.pk}/excuse/", {"why": "Both at the fair"})
    shown = words(client.get(f"/meetings/{meeting.pk}/"))
    assert "<b>excused</b> by Tom Marsh on Monday 23 November at 07:00" in shown
    assert "Both at the fair" in shown
    assert "Two orders slipped." in shown
    assert f'href="/meetings/{after.pk}/"' in shown


def test_excusing_twice_keeps_the_first_reason(cast: Cast, meeting: Meeting, as_: As) -> None:
    client = as_(cast.ceo)
    for why in ("At the fair", "Ill"):
        assert client.post(f"/meetings/{meeting.pk}/excuse/", {"why": why}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.excused_why == "At the fair"


def test_excusing_without_a_reason_changes_nothing(cast: Cast, meeting: Meeting, as_: As) -> None:
    assert as_(cast.ceo).post(f"/meetings/{meeting.pk}/excuse/", {"why": " "}).status_code == 422
    meeting.refresh_from_db()
    assert meeting.is_scheduled


def test_a_meeting_already_missed_cannot_be_excused(cast: Cast, meeting: Meeting, as_: As) -> None:
    with time_machine.travel(NOW + timedelta(hours=25)):
        answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/excuse/", {"why": "Ill"}, follow=True)
    assert "counts as missed and can no longer be excused" in words(answer)


def test_a_missed_meeting_says_since_when_and_what_had_been_written(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    meeting.mark_missed(now=NOW + timedelta(hours=24))
    shown = words(as_(cast.observer).get(f"/meetings/{meeting.pk}/"))
    assert 'was <b class="bad">missed</b>: by Tuesday 24 November 09:00' in shown
    assert "No notes were written for it." in shown


# Reopen


def test_a_closed_meeting_is_opened_again_with_a_reason(cast: Cast, running: Meeting, as_: As) -> None:
    close_meeting(running, by=cast.ceo, now=NOW)
    client = as_(cast.leader)
    assert client.get(f"/meetings/{running.pk}/reopen/").status_code == 200
    for _ in range(2):
        assert client.post(f"/meetings/{running.pk}/reopen/", {"why": "Wrong amount"}).status_code == 302
    running.refresh_from_db()
    assert running.is_in_progress
    assert Reopening.objects.get().why == "Wrong amount"


def test_a_meeting_that_is_not_closed_cannot_be_reopened(cast: Cast, meeting: Meeting, as_: As) -> None:
    answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/reopen/", {"why": "Typo"}, follow=True)
    assert "This meeting is scheduled now" in words(answer)


# Who


@pytest.mark.parametrize("act", ["move", "excuse", "reopen"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("delegate", 403),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 403),
        ("outsider", 404),
        ("second_leader", 404),
    ],
)
def test_only_the_two_may(cast: Cast, meeting: Meeting, as_: As, act: str, who: str, status: int) -> None:
    client = as_(getattr(cast, who))
    assert client.get(f"/meetings/{meeting.pk}/{act}/").status_code == status
    assert client.post(f"/meetings/{meeting.pk}/{act}/", TOMORROW).status_code == status
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.state) == (NOW, "scheduled")
