"""The audit says what became of meetings, revenue and flags, and never a word that an admin may not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alignment.models import Entry, User
from alignment.sweep.run import sweep
from meetings.discipline import corrections
from meetings.models import Flag, Meeting, Rating
from meetings.transitions import closing, move_and_excuse
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_deal,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)
from tests.test_urls import ROUTES, address, stage

__all__ = ["stage"]

As = Callable[[User], Client]
CANARY = "Kanarienvogel"
WORDS = (
    "text",
    "title",
    "name",
    "why",
    "comment",
    "note",
    "plan",
    "measure",
    "detail",
    "what_is_wrong",
    "action",
    "outcome",
    "resolution",
    "reason",
    "account",
    "body",
    "customer",
    "next_step",
    "subject",
)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


def lines() -> list[tuple[str, str, str, str, str]]:
    rows = Entry.objects.exclude(what__startswith="sign").order_by("pk")
    return [(row.what, str(row.by or ""), row.about, row.old, row.new) for row in rows]


def said_of(what: str) -> tuple[str, str, str, str]:
    return next(line[1:] for line in lines() if line[0] == what)


# What is said


def test_a_moved_meeting(cast: Cast, meeting: Meeting) -> None:
    move_and_excuse.move_meeting(meeting, NOW + HOUR * 5, by=cast.ceo, now=NOW, why=CANARY)
    assert lines() == [
        (
            "meeting.moved",
            "Tom Marsh",
            "North, meeting of 23 November 2026",
            "23 November 2026 09:00 (Europe/Paris)",
            "23 November 2026 14:00 (Europe/Paris)",
        ),
    ]


def test_a_meeting_started_long_before_its_time(cast: Cast, meeting: Meeting) -> None:
    move_and_excuse.start_meeting(meeting, by=cast.leader, now=NOW - HOUR * 24)
    assert said_of("meeting.moved")[3] == "22 November 2026 09:00 (Europe/Paris)"


def test_a_meeting_started_in_its_time_was_not_moved(cast: Cast, meeting: Meeting) -> None:
    move_and_excuse.start_meeting(meeting, by=cast.leader, now=NOW)
    assert lines() == []


def test_an_excused_meeting(cast: Cast, meeting: Meeting) -> None:
    move_and_excuse.excuse_meeting(meeting, by=cast.leader, now=NOW - HOUR, why=CANARY)
    assert lines() == [
        ("meeting.excused", "Joe Keller", "North, meeting of 23 November 2026", "scheduled", "excused")
    ]


def test_a_missed_meeting_and_its_correction(cast: Cast, meeting: Meeting) -> None:
    sweep(NOW + HOUR * 30)
    meeting.refresh_from_db()
    corrections.correct_miss(meeting, "leader_absent", by=cast.admin, now=NOW + HOUR * 31, why="Seen by all")
    about = "North, meeting of 23 November 2026"
    was, now_is = "missed, neither started it", "missed, the sales leader was absent"
    assert ("meeting.missed", "", about, "", was) in lines()
    assert ("miss.corrected", "Ada Admin", about, was, now_is) in lines()


def test_a_meeting_that_fell_on_a_holiday(cast: Cast, meeting: Meeting) -> None:
    cast.company.holidays.create(day=TODAY, name="Feast")
    sweep(NOW + HOUR * 30)
    assert said_of("meeting.excused")[3] == "excused"


def test_a_closed_and_a_reopened_meeting(cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    closing.close_meeting(meeting, by=cast.ceo, now=NOW + HOUR)
    closing.reopen_meeting(meeting, by=cast.leader, now=NOW + HOUR * 2, why=CANARY)
    closing.close_meeting(meeting, by=None, now=NOW + HOUR * 3)
    told = [(what, by, old, new) for what, by, _, old, new in lines()]
    assert told == [
        ("meeting.closed", "Tom Marsh", "", "version 1 of the record"),
        ("meeting.reopened", "Joe Keller", "version 1 of the record", ""),
        ("meeting.closed", "", "", "version 2 of the record"),
    ]


def test_an_acknowledged_flag_once(cast: Cast, meeting: Meeting) -> None:
    flag = Flag.objects.create(team=cast.north, meeting=meeting, step=2, raised_at=NOW)
    for _ in range(2):
        flag.acknowledge(CANARY, by=cast.ceo, now=NOW)
    assert lines() == [("flag.acknowledged", "Tom Marsh", "North: two meetings missed in a row", "", "")]


# What is never said


@pytest.fixture
def full_of_words(cast: Cast, meeting: Meeting) -> Meeting:
    """North's meeting with a canary in all that people write."""
    make_update(meeting=meeting, author=cast.leader, text=CANARY)
    make_deal(team=cast.north, name=CANARY)
    make_risk(team=cast.north, name=CANARY, what_is_wrong=CANARY)
    make_issue(team=cast.north, title=CANARY, detail=CANARY)
    make_initiative(team=cast.north, title=CANARY, plan=CANARY, kind="rep")
    meeting.start(by=cast.ceo, now=NOW)
    Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=3, why=CANARY, at=NOW)
    closing.close_meeting(meeting, by=cast.ceo, now=NOW + HOUR)
    return meeting


def all_said() -> str:
    """Without the names of reps: admins keep them, as those of people."""
    entries = Entry.objects.exclude(what__startswith="rep.")
    return repr(list(entries.values_list("what", "about", "old", "new", "why")))


def test_no_word_of_a_meeting_is_in_it(cast: Cast, full_of_words: Meeting) -> None:
    closing.reopen_meeting(full_of_words, by=cast.leader, now=NOW + HOUR * 2, why=CANARY)
    coming = make_meeting(team=cast.south, starts_at=NOW + WEEK)
    move_and_excuse.move_meeting(coming, NOW + WEEK + HOUR, by=cast.ceo, now=NOW, why=CANARY)
    move_and_excuse.excuse_meeting(coming, by=cast.ceo, now=NOW, why=CANARY)
    assert len(lines()) == 4 and CANARY not in all_said()


def test_no_word_typed_with_revenue_or_a_deal_is_in_it(cast: Cast, as_: As) -> None:
    client, today = as_(cast.leader), timezone.localdate().isoformat()
    client.post("/deals/revenue/new/", {"day": today, "amount": "500", "note": CANARY})
    client.post(
        "/deals/new/",
        {"name": CANARY, "account": CANARY, "amount": "900", "close_date": today, "status": "won"},
    )
    assert {what for what, *_ in lines()} == {"revenue.added", "revenue.booked"} and CANARY not in all_said()


@pytest.mark.parametrize("role", ["ceo", "leader", "delegate"])
def test_whatever_they_type_anywhere_no_word_gets_into_it(
    cast: Cast, as_: As, stage: dict[str, object], role: str
) -> None:
    client, typed = as_(getattr(cast, role)), dict.fromkeys(WORDS, CANARY)
    for route in ROUTES:
        if route.startswith(("deals:", "meetings:")):
            client.post(
                address(route, stage),
                typed | {"part": "words", "score": "5", "present": "1", "confirmed": "1"},
            )
    assert CANARY not in all_said()
