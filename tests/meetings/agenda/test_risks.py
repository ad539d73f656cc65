"""Risks in the agenda: stale ones, missing actions, and the exposure beside the gap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from alignment.models import User
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.agenda.values import Mark
from meetings.models import Meeting
from meetings.views.section_context import beside_gap
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_follow_up,
    make_held_meeting,
    make_rep,
    make_risk,
    make_update,
)

LAST = NOW - timedelta(days=7)
Build = Callable[..., Agenda]


@pytest.fixture
def last(cast: Cast) -> Meeting:
    """The meeting a week ago, so that there is something to have changed since."""
    return make_held_meeting(team=cast.north, starts_at=LAST, gap=Decimal(-180_000))


@pytest.fixture
def agenda(cast: Cast, meeting: Meeting) -> Build:
    def built(viewer: User | None = None, now: datetime = NOW) -> Agenda:
        return build(pages().get(pk=meeting.pk), viewer or cast.ceo, now)

    return built


def texts(row: DealRow | RiskRow | InitiativeRow | IssueRow) -> list[str]:
    return [mark.text for mark in row.marks]


@pytest.mark.parametrize(("meetings", "stale"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_risk_unchanged_for_two_meetings_turns_red(
    cast: Cast, agenda: Build, meetings: int, stale: bool
) -> None:
    for week in range(1, meetings + 2):  # the last one counts when the next is closed
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week))
    make_risk(team=cast.north, created_at=NOW - timedelta(days=60), changed_at=NOW - timedelta(days=60))
    (row,) = agenda().risks.rows
    assert row.is_stale is stale
    assert row.needs_words is (meetings == 3)
    assert (Mark(f"no update for {meetings} meetings", "bad") in row.marks) is stale


def test_a_missed_meeting_does_not_age_a_risk(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=2), state="missed", closed_at=None)
    make_risk(team=cast.north, changed_at=NOW - timedelta(days=60))
    assert agenda().risks.rows[0].meetings_unchanged == 0


def test_words_answer_a_stale_risk_without_making_it_young(
    cast: Cast, last: Meeting, meeting: Meeting, agenda: Build
) -> None:
    for week in (2, 3, 4):
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week))
    risk = make_risk(team=cast.north, changed_at=NOW - timedelta(days=60))
    assert agenda().risks.rows[0].needs_words
    make_update(meeting=meeting, author=cast.leader, section="risks", risk=risk)
    (row,) = agenda().risks.rows
    assert row.is_stale
    assert not row.needs_words


@pytest.mark.parametrize(
    ("days_ago_made", "days_ago_changed", "mark"), [(2, 2, "new"), (30, 2, "changed"), (30, 9, "")]
)
def test_what_is_new_or_changed_is_marked(
    cast: Cast, last: Meeting, agenda: Build, days_ago_made: int, days_ago_changed: int, mark: str
) -> None:
    make_risk(
        team=cast.north,
        created_at=NOW - timedelta(days=days_ago_made),
        changed_at=NOW - timedelta(days=days_ago_changed),
    )
    assert texts(agenda().risks.rows[0]) == ([mark] if mark else [])


def test_an_action_without_owner_or_day_is_none(cast: Cast, agenda: Build) -> None:
    make_risk(team=cast.north, action="Visit", owner=cast.leader, due=TODAY)
    make_risk(team=cast.north, action="Visit", owner=cast.leader, due=None)
    make_risk(team=cast.north, action="", owner=cast.leader, due=TODAY)
    assert sorted(row.lacks_action for row in agenda().risks.rows) == [False, True, True]


def test_an_overdue_action_is_marked(cast: Cast, agenda: Build) -> None:
    make_risk(team=cast.north, action="Visit", owner=cast.leader, due=TODAY - timedelta(days=1))
    assert Mark("action overdue", "bad") in agenda().risks.rows[0].marks


def test_closed_risks_are_shown_once_and_counted_no_more(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_risk(team=cast.north, closed_at=NOW - timedelta(days=2), outcome="Renewed")
    make_risk(team=cast.north, closed_at=NOW - timedelta(days=9))
    make_risk(team=cast.north, exposure=None)
    make_risk(team=cast.north)
    shown = agenda().risks
    assert len(shown.rows) == 3
    assert shown.exposure == 50_000
    assert shown.rows[-1].closed


@pytest.mark.parametrize(
    ("exposure", "gap", "words"),
    [
        (630, -210, "three times the gap"),
        (420, -210, "twice the gap"),
        (240, -210, "as much as the gap"),
        (110, -210, "half the gap"),
        (20, -210, "less than half the gap"),
        (2520, -210, "12 times the gap"),
        (630, None, ""),
        (630, 0, ""),
        (630, 210, ""),
        (0, -210, ""),
    ],
)
def test_what_is_at_risk_is_weighed_against_the_gap(exposure: int, gap: int | None, words: str) -> None:
    assert beside_gap(Decimal(exposure), None if gap is None else Decimal(gap)) == words


def test_key_clients_gone_quiet_are_one_line_that_opens_as_a_list(cast: Cast, agenda: Build) -> None:
    rep = make_rep(team=cast.north, name="Rita Rep")
    for days, name in ((1, "Orbis"), (20, "Brandt")):
        account = make_account(company=cast.company, name=name)
        make_follow_up(team=cast.north, account=account, owner=rep, due_on=TODAY - timedelta(days=days))
    make_follow_up(team=cast.north, due_on=TODAY)
    make_follow_up(team=cast.north, due_on=TODAY - timedelta(days=9), ended_at=NOW)
    make_follow_up(team=cast.south, due_on=TODAY - timedelta(days=9))
    section = agenda().risks
    assert section.quiet_line == "2 key clients not spoken to in 90 days"
    assert [(client.name, client.owner) for client in section.quiet_clients] == [
        ("Brandt", "Rita Rep"),
        ("Orbis", "Rita Rep"),
    ]
    assert section.rows == ()


def test_without_quiet_clients_there_is_no_line(cast: Cast, agenda: Build) -> None:
    make_follow_up(team=cast.north)
    assert agenda().risks.quiet_line == ""
