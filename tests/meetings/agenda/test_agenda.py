"""The agenda of a meeting: revenue and commitments, who may read what, exceptions, and its queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, Team, User
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.record import freeze
from meetings.models import Meeting
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
    make_revenue,
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


def set_goals(team: Team, *, amount: int = 300_000) -> None:
    for month in range(1, 13):
        Goal.objects.create(team=team, month=date(2026, month, 1), amount=amount)


# Revenue and commitments


def test_a_gap_needs_words_and_a_promise_that_is_still_open(
    cast: Cast, meeting: Meeting, agenda: Build
) -> None:
    set_goals(cast.north)
    assert agenda().revenue.needs_words
    assert agenda().revenue.needs_commitment
    make_update(meeting=meeting, author=cast.leader)
    make_commitment(team=cast.north, owner=cast.leader)
    assert not agenda().revenue.needs_words
    assert not agenda().revenue.needs_commitment


def test_the_ceos_words_do_not_answer_for_the_leader(cast: Cast, meeting: Meeting, agenda: Build) -> None:
    set_goals(cast.north)
    make_update(meeting=meeting, author=cast.ceo, side="ceo")
    assert agenda().revenue.needs_words


def test_without_a_gap_nothing_is_needed(cast: Cast, agenda: Build) -> None:
    set_goals(cast.north)
    make_revenue(team=cast.north, day=date(2026, 10, 1), amount=900_000)
    assert not agenda().revenue.needs_words
    assert not agenda().still_needed


def test_the_gap_before_is_that_of_the_last_held_meeting(cast: Cast, last: Meeting, agenda: Build) -> None:
    set_goals(cast.north)
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=2), gap=Decimal(-1))
    assert agenda().revenue.gap_before == -180_000


@pytest.mark.parametrize(
    ("due_days_ago", "done_days_ago", "dropped", "tick", "late"),
    [
        (3, 4, False, "done", False),
        (3, 2, False, "done", True),
        (3, None, False, "overdue", True),
        (-4, None, False, "open", False),
        (0, None, False, "open", False),
        (3, 4, True, "dropped", False),
    ],
)
def test_a_promise_is_kept_broken_open_or_dropped(
    cast: Cast,
    last: Meeting,
    agenda: Build,
    due_days_ago: int,
    done_days_ago: int | None,
    dropped: bool,
    tick: str,
    late: bool,
) -> None:
    at = None if done_days_ago is None else NOW - timedelta(days=done_days_ago)
    ended = {"dropped_at": at, "dropped_why": "Not ours"} if dropped else {"done_at": at}
    make_commitment(
        team=cast.north, owner=cast.leader, due=TODAY - timedelta(days=due_days_ago), created_at=LAST, **ended
    )
    (commitment,) = agenda().revenue.earlier_commitments
    assert (commitment.tick, commitment.late) == (tick, late)


def test_what_was_closed_before_the_last_meeting_is_told_no_more(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    make_commitment(team=cast.north, owner=cast.leader, created_at=LAST, done_at=LAST)
    assert not agenda().commitments


def test_an_open_promise_is_carried_for_ever(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_commitment(
        team=cast.north,
        owner=cast.leader,
        created_at=NOW - timedelta(days=400),
        due=TODAY - timedelta(days=390),
    )
    assert agenda().commitments[0].tick == "overdue"


def test_words_after_handing_in_are_late_and_those_of_the_ceo_never(
    cast: Cast, meeting: Meeting, agenda: Build
) -> None:
    meeting.submit_preparation(by=cast.leader, now=NOW - timedelta(hours=20))
    for minutes, side, author in ((-1, "leader", cast.leader), (1, "ceo", cast.ceo)):
        make_update(
            meeting=meeting,
            author=author,
            side=side,
            changed_at=NOW - timedelta(hours=20) + timedelta(minutes=minutes),
        )
    assert [words.late for words in agenda().revenue.words] == [False, False]
    meeting.updates.filter(side="leader").update(changed_at=NOW)
    assert agenda().revenue.leader_words.late  # type: ignore[union-attr]


# Who reads what


def test_what_comes_of_a_reps_plan_is_left_out_for_everybody_but_the_two(
    cast: Cast, meeting: Meeting, agenda: Build
) -> None:
    plan = make_initiative(team=cast.north, kind="rep", title="Saving Ira")
    make_commitment(
        team=cast.north, owner=cast.leader, initiative=plan, section="initiatives", text="Talk to Ira"
    )
    make_decision(meeting=meeting, initiative=plan, text="Ira stays")
    make_issue(team=cast.north, initiative=plan, title="Ira again", kind="question")
    make_update(
        meeting=meeting, author=cast.leader, section="initiatives", initiative=plan, text="Ira is better"
    )
    for viewer in (cast.ceo, cast.leader):
        assert "Ira" in json.dumps(freeze(agenda(viewer)))
    for viewer in (cast.observer, cast.facilitator, cast.delegate):
        assert "Ira" not in json.dumps(freeze(agenda(viewer)))


# What it costs


@pytest.mark.parametrize("each", [1, 20])
def test_an_agenda_costs_the_same_queries_whatever_is_in_it(
    cast: Cast, meeting: Meeting, agenda: Build, each: int
) -> None:
    for _ in range(each):
        risk = make_risk(team=cast.north, owner=cast.observer)
        make_deal(team=cast.north)
        make_initiative(team=cast.north)
        make_issue(team=cast.north, risk=risk, created_by=cast.leader)
        make_commitment(team=cast.north, owner=cast.leader, risk=risk)
        make_decision(meeting=meeting, risk=risk)
    with CaptureQueriesContext(connection) as caught:
        agenda()
    assert len(caught) == 10
