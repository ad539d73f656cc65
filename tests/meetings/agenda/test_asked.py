"""What the sales leader is asked for: where something changed, is new, or the other side asked; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_risk,
    make_update,
)

LAST = NOW - timedelta(days=7)
LONG_AGO = NOW - timedelta(days=60)
Asked = Callable[[], list[tuple[str, bool]]]


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def past(cast: Cast) -> list[Meeting]:
    """Four meetings held, a week apart, the last one a week ago: it counts once the next is closed."""
    return [
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week)) for week in (1, 2, 3, 4)
    ]


@pytest.fixture
def asked(cast: Cast, meeting: Meeting, past: list[Meeting]) -> Asked:
    def checks() -> list[tuple[str, bool]]:
        agenda: Agenda = build(pages().get(pk=meeting.pk), cast.leader, NOW)
        return [(check.text, check.done) for check in agenda.checks if check.anchor != "call"]

    return checks


def old(**fields: Any) -> dict[str, Any]:
    return {"created_at": LONG_AGO, "changed_at": LONG_AGO} | fields


def test_nothing_is_asked_where_nothing_changed(cast: Cast, asked: Asked) -> None:
    recent = NOW - timedelta(days=10)  # one meeting ago
    make_deal(team=cast.north, **old(changed_at=recent))
    make_risk(team=cast.north, **old(changed_at=recent))
    make_initiative(team=cast.north, approval="agreed", **old(changed_at=recent))
    make_issue(team=cast.north, **old(changed_at=recent))
    make_commitment(team=cast.north, owner=cast.leader, due=TODAY + timedelta(days=3), **old())
    assert asked() == []


def test_a_red_row_without_an_update_for_three_meetings_is_asked_about(cast: Cast, asked: Asked) -> None:
    make_risk(team=cast.north, name="Hollis", action="Visit", owner=cast.leader, due=TODAY, **old())
    make_initiative(team=cast.north, title="Playbook", health="behind", approval="agreed", **old())
    make_initiative(team=cast.north, title="Training", health="on_track", approval="agreed", **old())
    assert asked() == [("What is new on Hollis", False), ("Progress on Playbook", False)]


def test_what_was_spoken_of_last_time_is_left_alone(cast: Cast, past: list[Meeting], asked: Asked) -> None:
    initiative = make_initiative(team=cast.north, health="behind", approval="agreed", **old())
    make_update(meeting=past[0], author=cast.leader, section="initiatives", initiative=initiative)
    assert asked() == []


def test_a_comment_of_the_ceo_wants_an_answer(cast: Cast, meeting: Meeting, asked: Asked) -> None:
    recent = NOW - timedelta(days=8)
    deal = make_deal(team=cast.north, name="Brandt", close_date=TODAY, **old(changed_at=recent))
    about = {"meeting": meeting, "section": "deals", "deal": deal}
    make_update(author=cast.ceo, side="ceo", **about)
    assert asked() == [("Answer Tom on Brandt", False)]
    make_update(author=cast.leader, **about)
    assert asked() == [("Answer Tom on Brandt", True)]


def test_requested_changes_want_an_answer(cast: Cast, meeting: Meeting, asked: Asked) -> None:
    initiative = make_initiative(
        team=cast.north, title="Playbook", approval="not_yet", approval_why="Too slow.", **old(changed_at=NOW)
    )
    assert asked() == [("Answer the request for changes: Playbook", False)]
    make_update(meeting=meeting, author=cast.leader, section="initiatives", initiative=initiative)
    assert asked() == [("Answer the request for changes: Playbook", True)]


def test_a_question_wants_an_answer_and_a_solved_one_none(cast: Cast, asked: Asked) -> None:
    make_issue(team=cast.north, kind="question", title="Why plants?")
    make_issue(team=cast.north, kind="question", solved_at=NOW, resolution="Because.")
    assert asked() == [("Answer: Why plants?", False)]


@pytest.mark.parametrize(("amount", "wanted"), [(80_000, True), (79_000, False)])
def test_only_a_big_win_asks_for_capacity(cast: Cast, asked: Asked, amount: int, wanted: bool) -> None:
    cast.north.big_deal_from = Decimal(80_000)
    cast.north.save()
    deal = make_deal(team=cast.north, status="won", amount=amount, close_date=TODAY, pinned_at=NOW)
    assert asked() == ([(f"Delivery capacity for {deal}", False)] if wanted else [])


def test_overdue_commitments_of_the_leaders_side_want_an_update_wherever_they_stand(
    cast: Cast, asked: Asked
) -> None:
    overdue = old(due=TODAY - timedelta(days=2))
    make_commitment(team=cast.north, owner=cast.leader, text="Call Brandt", section="risks", **overdue)
    make_commitment(team=cast.north, owner=cast.ceo, text="Draft the plan", **overdue)
    assert asked() == [("Update the commitment: Call Brandt", False)]


def test_a_chapter_asks_for_three_rows_at_most_those_with_the_most_money(cast: Cast, asked: Asked) -> None:
    for thousands in (10, 40, 20, 30):
        make_risk(team=cast.north, name=f"Risk {thousands}", exposure=thousands * 1000)
    assert [text for text, _ in asked()] == [
        f"Action, owner and due date for Risk {thousands}" for thousands in (40, 30, 20)
    ]


def test_a_bad_week_asks_for_eighteen_things_at_most(cast: Cast, meeting: Meeting, asked: Asked) -> None:
    for _ in range(6):
        deal = make_deal(team=cast.north, status="won", close_date=TODAY, amount=900_000)
        make_update(meeting=meeting, author=cast.ceo, side="ceo", section="deals", deal=deal)
        risk = make_risk(team=cast.north)
        make_update(meeting=meeting, author=cast.ceo, side="ceo", section="risks", risk=risk)
        make_initiative(team=cast.north, approval="not_yet", approval_why="Too slow.", **old(changed_at=NOW))
        make_issue(team=cast.north, kind="question")
        overdue = old(due=TODAY - timedelta(days=2))
        make_commitment(team=cast.north, owner=cast.leader, **overdue)
    make_update(meeting=meeting, author=cast.ceo, side="ceo")
    assert len(asked()) <= 18
    assert not any(done for _, done in asked())
