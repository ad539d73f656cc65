"""The forecast of a team: calls week by week, and what came of those of past periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, Team
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_call, make_expectation, make_held_meeting, make_meeting, make_revenue
from tests.html import flat

As = Callable[[Any], Client]
PAGE = "/teams/north/forecast/"
Q3 = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30)}


def text_of(as_: As, user: Any) -> str:
    return flat(as_(user).get(PAGE).content.decode())


def set_goals(cast: Cast, amount: int, *, year: int = 2026) -> None:
    for month in range(1, 13):
        Goal.objects.create(team=cast.north, month=date(year, month, 1), amount=amount)


def held(cast: Cast, month: int, day: int) -> Meeting:
    at = datetime(2026, month, day, 8, tzinfo=UTC)
    return make_held_meeting(team=cast.north, starts_at=at, submitted_at=at - timedelta(days=1))


def call(meeting: Meeting, commit: int, best: int, **days: Any) -> None:
    make_call(meeting=meeting, commit=Decimal(commit), best_case=Decimal(best), **days)


@pytest.fixture
def q3(cast: Cast) -> None:
    """Goal 3.0M, won 3.1M. Called 3.4M on 5 July, 3.25M on 30 July, 3.0M with a best case of 3.2M on 30 August."""
    set_goals(cast, 1_000_000)
    for month, amount in ((7, 900_000), (8, 1_000_000), (9, 1_200_000)):
        make_revenue(team=cast.north, day=date(2026, month, 20), amount=Decimal(amount))
    make_revenue(
        team=cast.north, day=date(2026, 10, 1), amount=Decimal(77_000)
    )  # the next day is another quarter
    call(held(cast, 7, 6), 3_400_000, 3_800_000, **Q3)
    call(held(cast, 7, 31), 3_250_000, 3_500_000, **Q3)
    call(held(cast, 8, 31), 3_000_000, 3_200_000, **Q3)


def test_a_past_period_stands_with_its_signed_errors(cast: Cast, q3: None, as_: As) -> None:
    page = text_of(as_, cast.observer)
    row = page[page.index('<h3 class="label">Q3 2026</h3>') :]
    assert "$3.1M" in row and "goal $3M" in row
    # (3.4 − 3.1) ÷ 3.0 = 10 %; (3.25 − 3.1) ÷ 3.0 = 5 %; (3.0 − 3.1) ÷ 3.0 = −3.3 %
    first, second, third = (
        row.index(words)
        for words in (
            "came in under the commit by 10% of the goal",
            "came in under the commit by 5% of the goal",
            "came in over the commit by 3% of the goal, between commit and best case",
        )
    )
    assert first < second < third
    assert row.count("between commit and best case") == 1
    assert "Too few periods (1) for an average, which takes 4." in page


def test_what_is_above_the_best_case_says_so_and_the_running_commit_stands_beside_its_goal(
    cast: Cast, q3: None, as_: As
) -> None:
    """Goal of the running quarter $3M; of the last one $3.1M came."""
    call(held(cast, 9, 29), 2_600_000, 2_900_000, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
    Meeting.objects.get(calls__commit=3_000_000).calls.update(best_case=3_050_000)
    page = text_of(as_, cast.ceo)
    assert "Commit $2.6M is $400K short of the goal." in page
    assert "came in over the commit by 3% of the goal, above the best case of $3.05M" in page


def test_without_a_goal_there_is_no_share_and_nothing_won_says_so(cast: Cast, as_: As) -> None:
    call(held(cast, 7, 6), 500_000, 500_000, **Q3)
    page = text_of(as_, cast.ceo)
    assert "no goal" in page and "nothing" in page and "came in under the commit" in page
    assert "% of the goal" not in page[: page.index("How this is reckoned")]
    set_goals(cast, 0)
    page = text_of(as_, cast.ceo)
    assert "goal $0" in page and "% of the goal" not in page[: page.index("How this is reckoned")]


def test_from_four_periods_there_is_an_average(cast: Cast, as_: As) -> None:
    """Errors 10 %, −5 %, 20 %, 15 % of the goal of 3.0M: 10 % on average, 12.5 % without signs."""
    set_goals(cast, 1_000_000)
    set_goals(cast, 1_000_000, year=2025)
    quarters = (
        (date(2025, 10, 1), date(2025, 12, 31), 10),
        (date(2026, 1, 1), date(2026, 3, 31), -5),
        (date(2026, 4, 1), date(2026, 6, 30), 20),
        (date(2026, 7, 1), date(2026, 9, 30), 15),
    )
    for start, end, error in quarters:
        at = datetime(start.year, start.month, 2, 8, tzinfo=UTC)
        meeting = make_held_meeting(team=cast.north, starts_at=at)
        commit = Decimal(3_000_000 * (100 + error) // 100)
        make_call(meeting=meeting, starts_on=start, ends_on=end, commit=commit, best_case=commit)
        make_revenue(team=cast.north, day=end, amount=Decimal(3_000_000))
    page = text_of(as_, cast.leader)
    assert "At the start: 10% of the goal on average over 4 periods, 13% without the signs." in page


def test_months_and_quarters_are_not_averaged_together(cast: Cast, as_: As) -> None:
    """Four months before the team changed to quarters; then one quarter: it is one period, or four months."""
    set_goals(cast, 1_000_000)
    months = [
        (date(2026, month, 1), date(2026, month, days))
        for month, days in ((2, 28), (3, 31), (4, 30), (5, 31))
    ]
    for start, end in (*months, (date(2026, 7, 1), date(2026, 9, 30))):
        goal = 3_000_000 if end.month == 9 else 1_000_000
        at = datetime(2026, start.month, 2, 8, tzinfo=UTC)
        commit = Decimal(goal * (150 if end.month == 9 else 110) // 100)
        meeting = make_held_meeting(team=cast.north, starts_at=at)
        make_call(meeting=meeting, starts_on=start, ends_on=end, commit=commit, best_case=commit)
        make_revenue(team=cast.north, day=end, amount=Decimal(goal))
    assert "Too few periods (1) for an average, which takes 4." in text_of(as_, cast.leader)
    Team.objects.filter(pk=cast.north.pk).update(call_period="month")
    page = text_of(as_, cast.leader)
    assert "At the start: 10% of the goal on average over 4 periods, 10% without the signs." in page


def test_a_call_that_never_counted_is_not_measured(cast: Cast, as_: As) -> None:
    at = datetime(2026, 7, 6, 8, tzinfo=UTC)
    missed = make_meeting(team=cast.north, starts_at=at)
    call(missed, 3_400_000, 3_800_000, **Q3)
    missed.mark_missed(now=at + timedelta(days=1))
    assert text_of(as_, cast.leader).count("not called") == 3
    assert "Nothing has been called yet." in text_of(as_, cast.ceo)  # it was not told at any meeting
    held(cast, 7, 13)
    assert text_of(as_, cast.ceo).count("not called") == 3


def test_before_the_meeting_starts_its_call_is_the_leader_s_side_s_alone(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    call(make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7)), 1_100_000, 1_300_000)
    call(meeting, 2_220_000, 2_400_000)
    for who in ("leader", "delegate"):
        page = text_of(as_, getattr(cast, who))
        assert "$2.22M" in page and "not submitted yet" in page and "+$1.12M" in page
    for who in ("ceo", "observer", "facilitator"):
        page = text_of(as_, getattr(cast, who))
        assert "$1.1M" in page and "2.22M" not in page and "1.12M" not in page
    meeting.start(by=cast.ceo, now=NOW)
    assert "$2.22M" in text_of(as_, cast.observer)


def test_who_was_nearer_is_told_to_the_two_once_the_period_is_over(
    cast: Cast, q3: None, meeting: Meeting, as_: As
) -> None:
    last = Meeting.objects.get(calls__commit=3_000_000)
    make_expectation(meeting=last, amount=Decimal(2_800_000), **Q3)
    meeting.start(by=cast.ceo, now=NOW)
    make_call(meeting=meeting)
    make_expectation(meeting=meeting)  # of the quarter that runs: nothing is told yet
    for who in ("ceo", "leader"):
        page = text_of(as_, getattr(cast, who))
        assert "Joe Keller $3M, Tom Marsh $2.8M. Joe Keller was nearer." in page
        assert page.count("nearer.") == 1 and "only-screen" in page
    for who in ("delegate", "observer", "facilitator"):
        assert "nearer" not in text_of(as_, getattr(cast, who))


def test_a_call_changed_once_both_were_in_does_not_make_the_leader_nearer(
    cast: Cast, q3: None, as_: As
) -> None:
    """$3.1M came: the CEO’s $3.1M is nearer than the $3M that stood, and the later copy counts for nothing."""
    last = Meeting.objects.get(calls__commit=3_000_000)
    both_in = last.submitted_at
    assert both_in is not None
    last.calls.update(at=both_in)
    make_expectation(meeting=last, amount=Decimal(3_100_000), changed_at=both_in - timedelta(hours=1), **Q3)
    call(last, 3_100_000, 3_200_000, number=2, at=both_in + timedelta(hours=1), **Q3)
    assert "Joe Keller $3M, Tom Marsh $3.1M. Tom Marsh was nearer." in text_of(as_, cast.ceo)


def test_the_call_of_an_earlier_leader_stays_with_the_team(cast: Cast, q3: None, as_: As) -> None:
    cast.north.seats.filter(role="leader").update(user=cast.second_leader)
    assert "Q3 2026" in text_of(as_, cast.second_leader)


def test_a_team_that_called_nothing_is_told_what_to_do(cast: Cast, as_: As) -> None:
    assert "Nothing has been called yet." in text_of(as_, cast.ceo)


def test_the_page_costs_the_same_with_one_call_and_with_fifty(cast: Cast, q3: None, as_: As) -> None:
    client = as_(cast.ceo)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for week in range(50):
        meeting = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week, hours=3))
        make_call(meeting=meeting)
    with CaptureQueriesContext(connection) as many:
        assert client.get(PAGE).content.count(b"<tr>") > 50
    assert len(many) == len(few) <= 12


def test_a_team_whose_goal_is_invoiced_reads_of_what_was_invoiced(cast: Cast, q3: None, as_: As) -> None:
    cast.company.teams.update(revenue_kind="invoiced")
    page = text_of(as_, cast.ceo)
    assert "<dt>Invoiced</dt>" in page and "<dt>Won</dt>" not in page and "$3.1M" not in page
