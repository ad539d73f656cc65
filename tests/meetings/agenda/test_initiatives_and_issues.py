"""Initiatives and issues in the agenda: what waits, what is needed, in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from alignment.models import User
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_risk,
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


@pytest.mark.parametrize(("health", "mark"), [("on_track", "good"), ("behind", "warn"), ("stuck", "bad")])
def test_health_stands_in_the_margin(cast: Cast, agenda: Build, health: str, mark: str) -> None:
    make_initiative(team=cast.north, health=health)
    assert agenda().initiatives.rows[0].marks[0].tone == mark


def test_a_plan_changed_after_the_ceos_word_says_so_and_waits_again(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    row = make_initiative(team=cast.north)
    row.decide("agreed", by=cast.ceo, now=LAST)
    row.refresh_from_db()
    assert not agenda().waiting_for_ceo
    row.revise(version=row.version, now=NOW, plan="Another plan")
    (shown,) = agenda().waiting_for_ceo
    assert "plan changed" in texts(shown)


def test_the_sparkline_has_every_value_said(cast: Cast, agenda: Build) -> None:
    row = make_initiative(team=cast.north, current=None)
    for value in (2, 4, None, 3):
        row.measured_by.points.create(at=NOW + timedelta(minutes=value or 5), value=value)
    assert list(agenda().initiatives.rows[0].points) == [2, 3, 4]


def test_an_issue_says_who_raised_it_and_what_it_is_about(cast: Cast, agenda: Build) -> None:
    risk = make_risk(team=cast.north, name="Hollis Foods")
    make_issue(team=cast.north, side="leader", section="risks", risk=risk, created_by=cast.leader)
    (row,) = agenda().issues.rows
    assert texts(row) == ["from the leader"]
    assert (row.item, row.item_title, row.raised_by) == (f"risk-{risk.pk}", "Hollis Foods", "Joe Keller")


def test_issues_stand_in_the_order_the_two_gave_them(cast: Cast, agenda: Build) -> None:
    first, second = make_issue(team=cast.north), make_issue(team=cast.north)
    second.put_first(now=NOW)
    assert [row.id for row in agenda().issues.rows] == [second.pk, first.pk]


def test_a_solved_issue_is_shown_once_more(cast: Cast, last: Meeting, agenda: Build) -> None:
    for days_ago in (2, 9):
        make_issue(team=cast.north).solve(by=cast.ceo, now=NOW - timedelta(days=days_ago), resolution="Yes")
    (row,) = agenda().issues.rows
    assert "resolved" in texts(row)
