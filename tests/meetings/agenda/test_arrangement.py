"""How the rows of a section are arranged: exceptions open, what changed in brief, the rest folded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deals.models import DealChange
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.section import ExceptionLine, Row, arrange
from meetings.agenda.sections import RiskRow
from meetings.agenda.values import CommitmentRow, Mark, Person
from meetings.agenda.values import Update as Words
from meetings.models import Initiative, Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_capacity_need,
    make_commitment,
    make_deal,
    make_decision,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_risk,
    make_update,
)

DAY = timedelta(days=1)
LAST = NOW - 7 * DAY
LONG_AGO = NOW - 30 * DAY
JOE = Person(1, "Joe Keller", "leader")
OVERDUE = (Mark("action overdue", "bad"),)


def risk_of(number: int, **fields: Any) -> RiskRow:
    plain: dict[str, Any] = {
        "kind": "deal",
        "exposure": Decimal(1000),
        "what_is_wrong": "x",
        "action": "Visit",
        "owner": JOE,
        "due": TODAY,
        "weeks_open": 0,
        "meetings_unchanged": 0,
        "closed": False,
        "outcome": "",
        "has_news": False,
    }
    return RiskRow(id=number, title=f"Risk {number}", version=1, **(plain | fields))


def commitment_of(**fields: Any) -> CommitmentRow:
    plain: dict[str, Any] = {
        "id": 1,
        "text": "Call them",
        "owner": JOE,
        "due": TODAY,
        "state": "open",
        "made_at": LONG_AGO,
        "closed_at": None,
        "late": False,
        "why": "",
        "section": "risks",
        "item": "risk-1",
        "item_title": "Risk 1",
        "fresh": False,
        "version": 1,
    }
    return CommitmentRow(**(plain | fields))


# Pure


def test_exceptions_are_ranked_by_money_then_age_and_three_stand_open() -> None:
    rows = [
        risk_of(1, weeks_open=2, marks=OVERDUE),
        risk_of(2, exposure=None, marks=OVERDUE),
        risk_of(3, weeks_open=9, marks=OVERDUE),
        risk_of(4, exposure=Decimal(5000), marks=OVERDUE),
        risk_of(5, weeks_open=2, marks=OVERDUE),
        risk_of(6, has_news=True),
        risk_of(7, exposure=Decimal(300)),
        risk_of(8, exposure=Decimal(40)),
    ]
    arranged = arrange(rows)
    assert [row.id for row in arranged.open] == [4, 3, 1]
    assert [row.id for row in arranged.changed] == [5, 2, 6]
    assert [row.id for row in arranged.unchanged] == [7, 8]
    assert arranged.unchanged_money == 340


def test_lines_of_other_features_count_among_the_three_and_the_rest_is_folded() -> None:
    rows = [risk_of(number, exposure=Decimal(number * 100), marks=OVERDUE) for number in (1, 2)]
    lines = [ExceptionLine(text=f"line {money}", money=Decimal(money)) for money in (150, 50, 250)]
    arranged = arrange(rows, lines)
    assert [line.text for line in arranged.lines] == ["line 250", "line 150"]
    assert [row.id for row in arranged.open] == [2]
    assert [row.id for row in arranged.changed] == [1]
    assert [line.text for line in arranged.more_lines] == ["line 50"]


def test_a_row_that_needs_nothing_is_no_exception() -> None:
    assert not arrange([risk_of(1, has_news=True)]).open


@pytest.mark.parametrize(
    ("fields", "unchanged"),
    [
        ({}, True),
        ({"has_news": True}, False),
        ({"words": (Words(1, "ceo", "Tom", "Go on", NOW, 1),)}, False),
        ({"before": (Words(1, "ceo", "Tom", "Go on", LAST, 1),)}, True),
        ({"commitments": (commitment_of(),)}, True),
        ({"commitments": (commitment_of(fresh=True),)}, False),
        ({"commitments": (commitment_of(carried=True),)}, False),
        ({"commitments": (commitment_of(late=True),)}, False),
        ({"commitments": (commitment_of(state="done", closed_at=NOW),)}, False),
    ],
)
def test_a_row_is_unchanged_while_nothing_about_it_is_new(fields: dict[str, Any], unchanged: bool) -> None:
    assert risk_of(1, **fields).is_unchanged is unchanged


@pytest.mark.parametrize(("marks", "unchanged"), [((), True), ((Mark("changed"),), False)])
def test_an_older_record_tells_news_by_its_marks(marks: tuple[Mark, ...], unchanged: bool) -> None:
    assert risk_of(1, has_news=None, marks=marks).is_unchanged is unchanged


# As built


@pytest.fixture
def agenda(cast: Cast, meeting: Meeting) -> Callable[[], Agenda]:
    make_held_meeting(team=cast.north, starts_at=LAST)
    return lambda: build(pages().get(pk=meeting.pk), cast.ceo, NOW)


Make = Callable[[Cast, Meeting, datetime], object]


def calm_rows(cast: Cast, at: datetime = LONG_AGO) -> dict[str, Any]:
    """One of each kind about which nothing is new."""
    times = {"created_at": at, "changed_at": at}
    made = {"team": cast.north, **times}
    agreed = Initiative.Approval.AGREED
    return {
        "deal": make_deal(close_date=TODAY + DAY, **made),
        "risk": make_risk(owner=cast.leader, due=TODAY + DAY, action="Visit", **made),
        "initiative": make_initiative(approval=agreed, approval_at=at, **made),
        "issue": make_issue(created_by=cast.leader, kind="issue", **made),
    }


def unchanged_of(agenda: Agenda) -> dict[str, bool]:
    return {row.key: row.is_unchanged for row in agenda.items}


def test_what_stood_there_at_the_last_meeting_is_unchanged(cast: Cast, agenda: Callable[[], Agenda]) -> None:
    calm_rows(cast)
    assert unchanged_of(agenda()) == dict.fromkeys(("deal", "risk", "initiative", "issue"), True)


def test_what_was_entered_or_changed_since_is_not(cast: Cast, agenda: Callable[[], Agenda]) -> None:
    calm_rows(cast, at=NOW - DAY)
    assert unchanged_of(agenda()) == dict.fromkeys(("deal", "risk", "initiative", "issue"), False)


@pytest.mark.parametrize("kind", ["deal", "risk", "initiative", "issue"])
def test_what_is_said_promised_or_decided_about_a_row_is_news(
    cast: Cast, meeting: Meeting, agenda: Callable[[], Agenda], kind: str
) -> None:
    about = {kind: calm_rows(cast)[kind]}
    calm = unchanged_of(agenda())
    updates = make_update(meeting=meeting, author=cast.ceo, **about)
    assert unchanged_of(agenda()) == calm | {kind: False}
    updates.delete()
    commitment = make_commitment(team=cast.north, owner=cast.leader, section="risks", **about)
    assert unchanged_of(agenda()) == calm | {kind: False}
    commitment.delete()
    make_decision(meeting=meeting, **about)
    assert unchanged_of(agenda()) == calm | {kind: False}


@pytest.mark.parametrize("kind", ["deal", "risk", "initiative"])
def test_a_row_with_an_unanswered_question_is_not_unchanged(
    cast: Cast, agenda: Callable[[], Agenda], kind: str
) -> None:
    rows = calm_rows(cast)
    question = make_issue(
        team=cast.north,
        created_by=cast.ceo,
        side="ceo",
        kind="question",
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
        **{kind: rows[kind]},
    )
    asked = {row.about: row.is_unchanged for row in agenda().items}
    assert not asked[f"{kind}-{rows[kind].pk}"] and not asked[f"issue-{question.pk}"]
    question.discuss(now=LONG_AGO)
    assert all(row.is_unchanged for row in agenda().items)


def test_a_deal_that_moved_was_pinned_or_won_has_news(cast: Cast, agenda: Callable[[], Agenda]) -> None:
    times = {"created_at": LONG_AGO, "changed_at": LONG_AGO}
    moved, pinned, won, _ = (make_deal(team=cast.north, close_date=TODAY + DAY, **times) for _ in range(4))
    DealChange.objects.create(
        deal=moved, field="stage", old="Offer", new="Contract", day=TODAY - DAY, at=NOW - DAY
    )
    pinned.pin(NOW - DAY)
    type(won).objects.filter(pk=won.pk).update(status="won", close_date=TODAY)
    make_capacity_need(deal=won)
    assert [row.is_unchanged for row in agenda().deals.rows] == [False, False, False, True]


def test_a_plan_that_waits_for_the_ceo_is_an_exception(cast: Cast, agenda: Callable[[], Agenda]) -> None:
    times = {"created_at": LONG_AGO, "changed_at": LONG_AGO}
    plan = make_initiative(team=cast.north, approval=Initiative.Approval.CHANGED, **times)
    assert [row.id for row in agenda().initiatives.arranged.open] == [plan.pk]


def test_every_row_of_an_agenda_stands_in_exactly_one_place(cast: Cast, agenda: Callable[[], Agenda]) -> None:
    calm_rows(cast)
    for _ in range(5):
        make_deal(team=cast.north, status="lost", close_date=TODAY)
        make_risk(team=cast.north)
    built = agenda()
    for section in built.sections:
        arranged = section.arranged
        rows: list[Row] = [*arranged.open, *arranged.changed, *arranged.unchanged]
        assert len(rows) == len(set(map(id, rows)))
        assert {row.about for row in rows} <= {row.about for row in built.items}
    assert sum(
        len(group)
        for section in built.sections
        for group in (section.arranged.open, section.arranged.changed, section.arranged.unchanged)
    ) == len(list(built.items))


def test_a_row_that_was_put_first_keeps_its_place_among_its_equals() -> None:
    asked = [risk_of(number, exposure=None, marks=OVERDUE) for number in (3, 1, 2)]
    assert [row.id for row in arrange(asked).open] == [3, 1, 2]
