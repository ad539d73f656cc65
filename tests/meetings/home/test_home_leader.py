"""Home of a sales leader: the deadline, what is still needed, own commitments."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from alignment.agreements.answers import accept, propose
from alignment.models import Goal
from alignment.rules.roles import Side
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_held_meeting,
    make_meeting,
    make_revenue,
    make_risk,
    make_seat,
    make_team,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def words(html):
    """The text of a page as a reader sees it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.content.decode()))


def test_the_leader_reads_the_deadline_first_and_what_is_still_needed(cast, as_):
    meeting = make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=29))
    make_risk(team=cast.north, name="Orbis")
    shown = words(as_(cast.leader).get("/"))
    assert "Preparation due today 14:00, in 5 h." in shown
    assert "Action, owner and due date for Orbis" in shown
    assert f'href="/meetings/{meeting.pk}/prepare/"' in as_(cast.leader).get("/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"starts_at": NOW + timedelta(hours=3)},
            "Preparation was due yesterday 12:00 and is not submitted yet.",
        ),
        ({"starts_at": NOW + 4 * DAY}, "Preparation due Thursday 09:00."),
        (
            {"starts_at": NOW, "submitted_at": NOW - timedelta(hours=2)},
            "Submitted today 07:00; you can still make changes, and they are marked.",
        ),
        ({"starts_at": NOW, "state": "in_progress", "started_at": NOW}, "The meeting is in session."),
    ],
)
def test_the_deadline_is_one_sentence(cast, as_, fields, sentence):
    make_meeting(team=cast.north, **fields)
    assert sentence in words(as_(cast.leader).get("/"))


def test_the_leaders_own_commitments_have_a_button(cast, as_):
    make_meeting(team=cast.north)
    mine = make_commitment(team=cast.north, owner=cast.leader, text="Call Orbis")
    make_commitment(team=cast.north, owner=cast.ceo, text="Intro")
    page = as_(cast.leader).get("/").content.decode()
    assert f'hx-post="/commitments/{mine.pk}/done/"' in page
    assert page.count('/done/" hx-post') == 1


def test_the_leader_finds_the_last_record(cast, as_):
    make_meeting(team=cast.north)
    held = make_held_meeting(team=cast.north, gap=Decimal(-5000))
    assert (
        f'href="/meetings/{held.pk}/">Record of Monday 16 November</a>'
        in as_(cast.leader).get("/").content.decode()
    )


def test_the_leaders_delegate_sees_what_the_leader_sees(cast, as_):
    make_meeting(team=cast.north), make_risk(team=cast.north)
    assert "to do before you submit" in words(as_(cast.delegate).get("/"))


def test_a_leader_without_a_meeting_planned_is_told_so(cast, as_):
    assert "No meeting is planned." in words(as_(cast.leader).get("/"))


def test_with_seats_of_both_kinds_both_are_there(cast, as_):
    make_seat(team=make_team(company=cast.company, name="West"), user=cast.leader, role="ceo")
    make_meeting(team=cast.north), make_risk(team=cast.north)
    shown = words(as_(cast.leader).get("/"))
    assert "to do before you submit" in shown
    assert "Your teams" in shown


def test_the_leader_reads_how_the_gap_moved_since_the_last_meeting(cast, as_):
    Goal.objects.bulk_create(
        Goal(team=cast.north, month=f"2026-{month}-01", amount=90_000) for month in (10, 11, 12)
    )
    make_revenue(team=cast.north, day=TODAY, amount=100_000)
    make_meeting(team=cast.north), make_held_meeting(team=cast.north, gap=Decimal(-40_000))
    assert "▼ $19K worse since 16 Nov" in words(as_(cast.leader).get("/"))


def test_the_leader_reads_what_others_owe_and_how_reliably_they_meet(cast, as_):
    make_meeting(team=cast.north)
    make_held_meeting(team=cast.north, submitted_at=NOW - 8 * DAY)
    missed = {"state": "missed", "missed_at": NOW, "missed_by": "leader_absent"}
    make_meeting(team=cast.north, starts_at=NOW - 14 * DAY, **missed)
    make_commitment(team=cast.north, owner=cast.ceo, text="Intro to Orbis", due=TODAY - DAY)
    make_commitment(team=cast.north, owner=cast.leader, text="My own")
    shown = words(as_(cast.leader).get("/"))
    assert "What others on North owe Intro to Orbis Tom Marsh · due 22 Nov" in shown
    assert "Of the last 2 meetings, 1 held, 1 prepared on time, 1 missed by your side." in shown


def test_a_leader_reads_what_is_no_longer_agreed(cast, as_):
    make_meeting(team=cast.north)
    goal = Goal.objects.create(team=cast.north, month="2026-10-01", amount=Decimal(100_000))
    content = {"months": {"2026-10-01": "100000.00"}, "currency": "USD"}
    line = {"subject": "goals", "key": "2026-Q4", "content": content}
    accept(propose(cast.north, **line, side=Side.LEADER, by=cast.leader, now=NOW), by=cast.ceo, now=NOW)
    assert "No longer agreed" not in words(as_(cast.leader).get("/"))
    Goal.objects.filter(pk=goal.pk).update(amount=Decimal(150_000))
    assert "No longer agreed Goals no longer as agreed" in words(as_(cast.leader).get("/"))
