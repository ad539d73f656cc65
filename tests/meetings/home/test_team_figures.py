"""The rows of a CEO's home: the call, committed deals due, what is no longer agreed, and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.agreements.answers import accept, propose
from alignment.agreements.disagreement import leave_open
from alignment.models import Goal, Team, User
from alignment.rules.periods import quarter_of
from alignment.rules.roles import Side
from deals.goals.agreement import content_of
from meetings.home import home
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_committed,
    make_company,
    make_deal,
    make_expectation,
    make_held_meeting,
    make_issue,
    make_meeting,
    make_team,
    make_user,
)
from tests.html import flat

As = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def set_goals(team: Team, amount: int = 400_000) -> None:
    for month in (10, 11, 12):
        Goal.objects.update_or_create(
            team=team, month=f"2026-{month}-01", defaults={"amount": Decimal(amount)}
        )


def row_of(user: User, team: Team) -> Any:
    return next(row for group in home(user, NOW).groups for row in group.rows if row.slug == team.slug)


# The call


def test_the_last_open_call_stands_against_the_goal_with_its_day(cast: Cast, as_: As) -> None:
    set_goals(cast.north)
    make_call(meeting=make_held_meeting(team=cast.north))
    row = row_of(cast.ceo, cast.north)
    assert (row.call, row.why) == (
        "$1M to $1.2M, stated 15 Nov",
        "The commit is $200K below goal.",
    )
    assert row.call_goal == ""  # the reason says it
    assert "$1M to $1.2M, stated 15 Nov" in flat(as_(cast.ceo).get("/"))


def test_where_something_else_is_the_reason_the_call_says_what_is_missing(cast: Cast) -> None:
    set_goals(cast.north)
    make_call(meeting=make_held_meeting(team=cast.north))
    make_issue(team=cast.north, kind="question", side="leader", created_by=cast.leader)
    assert row_of(cast.ceo, cast.north).call_goal == "commit $200K below goal"


def test_a_call_is_hidden_until_both_numbers_are_in_or_the_meeting_has_started(cast: Cast) -> None:
    set_goals(cast.north)
    meeting = make_meeting(team=cast.north, starts_at=NOW + DAY, submitted_at=NOW)
    make_call(meeting=meeting, commit=Decimal(777_777))
    assert row_of(cast.ceo, cast.north).call == ""
    assert "777777" not in str(home(cast.ceo, NOW))
    make_expectation(meeting=meeting)
    assert row_of(cast.ceo, cast.north).call.startswith("$778K to $1.2M")


def test_before_that_the_one_that_was_open_stands_there(cast: Cast) -> None:
    set_goals(cast.north)
    make_call(meeting=make_held_meeting(team=cast.north))
    make_call(meeting=make_meeting(team=cast.north, starts_at=NOW + DAY, submitted_at=NOW), commit=Decimal(1))
    assert row_of(cast.ceo, cast.north).call.startswith("$1M to $1.2M")


def test_a_call_of_a_quarter_that_is_over_is_none(cast: Cast) -> None:
    make_call(meeting=make_held_meeting(team=cast.north), starts_on="2026-07-01", ends_on="2026-09-30")
    assert row_of(cast.ceo, cast.north).call == ""


def test_who_only_reads_a_team_has_no_call_on_home(cast: Cast) -> None:
    make_call(meeting=make_held_meeting(team=cast.north))
    assert row_of(cast.observer, cast.north).call == ""
    assert row_of(cast.admin, cast.north).call == ""


# Committed deals due


@pytest.mark.parametrize(
    ("days", "status", "is_due"),
    [(-3, "open", True), (0, "open", True), (7, "open", True), (8, "open", False), (-3, "won", False)],
)
def test_committed_deals_are_due_from_a_week_before_their_day(
    cast: Cast, days: int, status: str, is_due: bool
) -> None:
    deal = make_deal(team=cast.north, amount=42_000, close_date=TODAY + days * DAY, status=status)
    make_committed(deal=deal)
    assert row_of(cast.ceo, cast.north).due == ("1 committed deal due, $42K" if is_due else "")


def test_what_was_committed_for_a_meeting_that_has_not_started_is_not_counted(cast: Cast) -> None:
    make_meeting(team=cast.north, starts_at=NOW + DAY, submitted_at=NOW - 2 * DAY)
    deal = make_deal(team=cast.north, close_date=TODAY)
    make_committed(deal=deal, committed_on=TODAY - DAY)
    assert row_of(cast.ceo, cast.north).due == ""
    make_committed(deal=make_deal(team=cast.north, amount=10_000, close_date=TODAY))
    assert row_of(cast.ceo, cast.north).due == "1 committed deal due, $10K"


# No longer agreed


def test_a_changed_goal_is_no_longer_as_agreed_until_it_is_left_open(cast: Cast, as_: As) -> None:
    set_goals(cast.north)
    months = dict(Goal.objects.filter(team=cast.north).values_list("month", "amount"))
    content = content_of(months, quarter_of(TODAY, first_month=1), currency="USD")
    proposed = propose(
        cast.north, subject="goals", key="2026-Q4", content=content, side=Side.LEADER, by=cast.leader, now=NOW
    )
    agreed = accept(proposed, by=cast.ceo, now=NOW)
    assert row_of(cast.ceo, cast.north).changed == ""
    set_goals(cast.north, 500_000)
    assert row_of(cast.ceo, cast.north).changed == "1 line no longer as agreed"
    assert 'href="/teams/north/agreement/"' in as_(cast.ceo).get("/").content.decode()
    assert row_of(cast.observer, cast.north).changed == ""
    changes = [
        f"The goal of {month} 2026 was {{400000}} and is now {{500000}}."
        for month in ("October", "November", "December")
    ]
    leave_open(agreed, why="We wait for the plant.", changes=changes, by=cast.ceo, now=NOW)
    assert row_of(cast.ceo, cast.north).changed == ""


# Order and folding


def test_teams_stand_by_what_they_need(cast: Cast) -> None:
    for team in (cast.north, cast.south):
        set_goals(team)
        make_call(
            meeting=make_held_meeting(team=team), commit=Decimal(1_200_000), best_case=Decimal(1_200_000)
        )
    names = [row.name for row in home(cast.ceo, NOW).groups[0].rows]
    make_issue(team=cast.south, kind="question", side="leader", created_by=cast.second_leader)
    assert names == ["North", "South"]
    assert [row.name for row in home(cast.ceo, NOW).groups[0].rows] == ["South", "North"]


def test_of_many_teams_those_that_need_nothing_are_folded(as_: As) -> None:
    company, ceo = make_company(), make_user()
    teams = [make_team(company=company, ceo=ceo, leader=make_user()) for _ in range(5)]
    for team in teams[1:]:
        set_goals(team, 0)
    [group] = home(ceo, NOW).groups
    assert ([row.slug for row in group.pressing], len(group.fine)) == ([teams[0].slug], 4)
    page = flat(as_(ceo).get("/"))
    assert "4 teams need nothing from you now" in page
    [group] = home(ceo, NOW, query=teams[2].name).groups
    assert group.fine == ()
