"""What the agenda says of the quarter's agreement: what is no longer as agreed, and what the leader may decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.agreements.answers import accept, propose
from alignment.agreements.disagreement import leave_open
from alignment.models import Agreement, Goal, User
from alignment.rules.periods import Period, quarter_of
from alignment.rules.roles import Side
from deals.goals.agreement import content_of, teams_not_agreed
from meetings.agenda import build
from meetings.agreement.queries import initiative_terms, measure_terms, read_rights
from meetings.agreement.terms import initiatives_content, measures_content, right_content, sentence_content
from meetings.models import Issue
from meetings.rules.decision_rights import Right, RightKind
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_initiative,
    make_issue,
    make_measure,
    make_meeting,
    make_mix,
    make_seat,
    make_user,
)

QUARTER = "2026-Q4"
OCTOBER = date(2026, 10, 1)
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def agree(cast: Cast, subject: str, content: dict[str, Any], *, own: str = "") -> Agreement:
    key = f"{QUARTER}-{own}" if own else QUARTER
    row = propose(
        cast.north, subject=subject, key=key, content=content, side=Side.LEADER, by=cast.leader, now=NOW
    )
    return accept(row, by=cast.ceo, now=NOW)


def goal(cast: Cast, amount: int) -> None:
    Goal.objects.set(cast.north, OCTOBER, Decimal(amount), by=cast.admin, now=NOW)


def texts(cast: Cast, section: str) -> list[str]:
    agenda = build(make_or_first(cast), cast.ceo, NOW)
    return [line.text for line in getattr(agenda, section).lines]


def make_or_first(cast: Cast) -> Any:
    return cast.north.meetings.first() or make_meeting(team=cast.north)


def test_changed_goals_come_up_in_revenue_until_they_are_left_open(cast: Cast) -> None:
    goal(cast, 100_000)
    goals = content_of({OCTOBER: Decimal(100_000)}, _quarter(), currency="USD")
    row = agree(cast, "goals", goals)
    assert texts(cast, "revenue") == []
    goal(cast, 150_000)
    [changed] = texts(cast, "revenue")
    assert changed == "Goals no longer as agreed: the goal of October 2026 was {100000} and is now {150000}"
    sentence = changed.removeprefix("Goals no longer as agreed: the")
    leave_open(row, by=cast.ceo, now=NOW, why="Until the board meets.", changes=[f"The{sentence}."])
    assert texts(cast, "revenue") == []
    goal(cast, 160_000)
    assert len(texts(cast, "revenue")) == 1


def _quarter() -> Period:
    return quarter_of(OCTOBER, first_month=1)


def test_a_mix_whose_goals_changed_comes_up_in_revenue(cast: Cast) -> None:
    goal(cast, 100_000)
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    goal(cast, 90_000)
    assert "Deal mix no longer as agreed: the goal of October 2026 was changed since" in texts(
        cast, "revenue"
    )
    agree(cast, "goals", content_of({OCTOBER: Decimal(90_000)}, _quarter(), currency="USD"))
    goal(cast, 80_000)
    [line] = texts(cast, "revenue")
    assert line.startswith("Goals and deal mix no longer as agreed: the goal of October 2026 was {90000}")


def test_goals_without_both_yes_are_said_to_be_open(cast: Cast) -> None:
    meeting = make_meeting(team=cast.north)
    assert build(meeting, cast.ceo, NOW).revenue.goals_agreed is None
    for month in (10, 11, 12):
        Goal.objects.set(cast.north, date(2026, month, 1), Decimal(100_000), by=cast.admin, now=NOW)
    assert build(meeting, cast.ceo, NOW).revenue.goals_agreed is False
    agree(cast, "goals", content_of({OCTOBER: Decimal(100_000)}, _quarter(), currency="USD"))
    assert build(meeting, cast.ceo, NOW).revenue.goals_agreed is True


def test_changed_targets_come_up_among_the_initiatives(cast: Cast) -> None:
    measure = make_measure(team=cast.north, name="Plant visits", target=Decimal(8))
    plan = make_initiative(team=cast.north, title="Enter the Nordics", target=Decimal(9))
    agree(cast, "measures", measures_content([measure_terms(measure)]))
    agree(cast, "initiatives", initiatives_content([initiative_terms(plan)]))
    assert texts(cast, "initiatives") == []
    measure.edit(version=measure.version, target=Decimal(12))
    plan.measured_by.revise(at=NOW, target=Decimal(5))
    first, second = texts(cast, "initiatives")
    assert first == (
        "Leading measures no longer as agreed: "
        "the target of “Plant visits” was at least 8 and is now at least 12"
    )
    assert second.startswith("Initiatives no longer as agreed: the target of “Enter the Nordics” was")


def test_what_was_agreed_with_a_former_leader_is_one_line_among_the_issues(cast: Cast) -> None:
    agree(cast, "right", right_content(Right(RightKind.DISCOUNT, Decimal(15))), own="discount")
    agree(cast, "sentence", sentence_content("We leave small ones to partners"), own="1")
    agree(cast, "sentence", sentence_content("", was="Old"), own="2")
    assert texts(cast, "issues") == []
    cast.north.seats.filter(user=cast.leader).update(until=date(2026, 11, 22))
    make_seat(team=cast.north, user=make_user(email="new@demo.test", name="Nora New"), role="leader")
    cast.north.forget_seats()
    assert texts(cast, "issues") == ["2 lines of the agreement were agreed with the former sales leader"]


@pytest.mark.parametrize("role", ["ceo", "leader"])
@pytest.mark.parametrize("is_vacant", [False, True])
def test_the_yes_of_somebody_who_left_the_seat_grants_nothing(
    cast: Cast, role: str, *, is_vacant: bool
) -> None:
    for month in (10, 11, 12):
        Goal.objects.set(cast.north, date(2026, month, 1), Decimal(100_000), by=cast.admin, now=NOW)
    goals = {date(2026, month, 1): Decimal(100_000) for month in (10, 11, 12)}
    agree(cast, "goals", content_of(goals, _quarter(), currency="USD"))
    agree(cast, "right", right_content(Right(RightKind.DISCOUNT, Decimal(15))), own="discount")
    issue = make_issue(
        team=cast.north, side="leader", kind="question", title="May I give Orbis 12% discount?"
    )
    meeting = make_or_first(cast)
    stored = {(cast.north.pk, month): amount for month, amount in goals.items()}

    def facts() -> tuple[Any, ...]:
        agenda = build(meeting, cast.facilitator, NOW)
        [row] = [row for row in agenda.issues.rows if row.id == issue.pk]
        return (
            agenda.revenue.goals_agreed,
            bool(row.within_right),
            len(read_rights(cast.north, _quarter())),
            len(teams_not_agreed(_quarter(), [cast.north], stored)),
        )

    assert facts() == (True, True, 1, 0)
    cast.north.seats.filter(role=role).update(until=date(2026, 11, 22))
    if not is_vacant:
        make_seat(team=cast.north, user=make_user(email="new@demo.test", name="Nora New"), role=role)
    for team in (cast.north, meeting.team):
        team.forget_seats()
    assert facts() == (False, False, 0, 1)


def test_a_question_within_a_right_is_the_leaders_and_withdrawn_by_one_tap(cast: Cast, as_: As) -> None:
    meeting = make_meeting(team=cast.north)
    agree(cast, "right", right_content(Right(RightKind.DISCOUNT, Decimal(15))), own="discount")
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    assert "discounts: up to 15%" in leader.get("/issues/new/?team=north").content.decode()
    assert "discounts: up to 15%" not in ceo.get("/issues/new/?team=north").content.decode()
    question = {
        "team": "north",
        "kind": "question",
        "section": "issues",
        "title": "May I give Orbis 12% discount?",
    }
    page = leader.post("/issues/new/", question, follow=True).content.decode()
    assert "It is yours to decide (discounts: up to 15%)" in page
    issue = Issue.objects.get()
    review = f"/meetings/{meeting.pk}/"
    assert "The sales leader’s to decide: discounts: up to 15%." in ceo.get(review).content.decode()
    withdraw = f"/issues/{issue.pk}/withdraw/"
    assert withdraw in leader.get(review).content.decode()
    assert withdraw not in ceo.get(review).content.decode()
    assert ceo.post(withdraw).status_code == 403
    assert leader.post(withdraw).status_code == 302
    issue.refresh_from_db()
    assert issue.resolution == "The sales leader’s to decide: discounts: up to 15%."


def test_a_question_beyond_the_right_is_the_ceos(cast: Cast, as_: As) -> None:
    agree(cast, "right", right_content(Right(RightKind.DISCOUNT, Decimal(15))), own="discount")
    issue = make_issue(
        team=cast.north, side="leader", kind="question", title="May I give Orbis 20% discount?"
    )
    leader = as_(cast.leader)
    assert "Yours to decide:" not in leader.get(f"/issues/{issue.pk}/").content.decode()
    leader.post(f"/issues/{issue.pk}/withdraw/")
    issue.refresh_from_db()
    assert issue.solved_at is None
