"""What the heading of each section says happened there, and never more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.agenda.sections import (
    DealsSection,
    InitiativesSection,
    IssuesSection,
    RevenueSection,
    RisksSection,
)
from meetings.agenda.values import Mark, Update
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_deal,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_risk,
)


@pytest.fixture
def agenda(cast: Cast, meeting: Meeting) -> Any:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    make_deal(team=cast.north, close_date=TODAY + timedelta(days=1))
    make_risk(team=cast.north)
    make_initiative(team=cast.north, approval="agreed")
    make_issue(team=cast.north)
    return build(pages().get(pk=meeting.pk), cast.ceo, NOW)


@pytest.mark.parametrize(
    ("gap", "days_gone", "before", "due_since", "heading"),
    [
        (None, 30, None, None, "No goal for this quarter"),
        (-307_000, 0, None, None, "Nothing due yet"),
        (-10_000, 30, -400_000, 100_000, "On pace"),
        (400_000, 30, 100_000, 100_000, "{400000} ahead"),
        (-307_000, 30, None, None, "{307000} behind"),
        (-307_000, 30, -372_000, 100_000, "{307000} behind"),
        (-307_000, 30, -397_000, 100_000, "{307000} behind, {90000} closer"),
        (-307_000, 30, -217_000, 100_000, "{307000} behind, {90000} further"),
        (-307_000, 30, -217_000, 50_000, "{307000} behind"),
    ],
)
def test_revenue_says_the_gap_and_what_it_did_if_that_is_news(
    agenda: Any, gap: int | None, days_gone: int, before: int | None, due_since: int | None, heading: str
) -> None:
    """The goal is 3.5M: 2 % of it are 70,000. A gap grows only by what was due and not won."""
    section: RevenueSection = agenda.revenue
    quarter = replace(
        section.figures.quarter,
        goal=None if gap is None else Decimal(3_500_000),
        gap=None if gap is None else Decimal(gap),
        days_gone=days_gone,
    )
    told = replace(
        section,
        figures=replace(section.figures, quarter=quarter),
        gap_before=None if before is None else Decimal(before),
        due_since=None if due_since is None else Decimal(due_since),
    )
    assert told.heading == heading


@pytest.mark.parametrize(
    ("deals", "heading"),
    [
        ([], "No big deals"),
        ([("open", ())], "No big deal moved"),
        ([("won", ("won",)), ("open", ("pushed_out",))], "One won, one pushed"),
        ([("won", ("won", "amount_up"))], "One won"),
        (
            [("lost", ("lost",)), ("open", ("new",)), ("open", ("amount_down",))],
            "One lost, one new, one resized",
        ),
        ([("open", ("pulled_in", "amount_up"))] * 2, "Two pulled in"),
    ],
)
def test_big_deals_are_counted_by_what_happened_each_once(
    agenda: Any, deals: list[tuple[str, tuple[str, ...]]], heading: str
) -> None:
    (row,) = agenda.deals.rows
    section: DealsSection = replace(
        agenda.deals,
        closing=tuple(replace(row, status=status, kinds=kinds) for status, kinds in deals),
        added=(),
    )
    assert section.heading == heading


@pytest.mark.parametrize(
    ("risks", "heading"),
    [
        ([], "No open risks"),
        ([{}], "One risk, unchanged"),
        (
            [{}, {"words": (Update(1, "leader", "Joe", "They sign.", NOW, 1),)}],
            "Two risks, one with an update",
        ),
        ([{"meetings_unchanged": 2}], "One risk needs an update"),
        ([{"action": ""}, {"action": ""}, {"marks": (Mark("new"),)}], "Two risks lack an action, one new"),
        (
            [{"marks": (Mark("changed"),)}, {"closed": True, "marks": (Mark("closed", "good"),)}],
            "One changed, one closed",
        ),
        ([{"marks": (Mark("action overdue", "bad"),)}], "One with an overdue action"),
    ],
)
def test_risks_say_what_is_missing_first(
    cast: Cast, agenda: Any, risks: list[dict[str, Any]], heading: str
) -> None:
    (row,) = agenda.risks.rows
    calm = replace(row, action="Visit", owner=agenda.leader, due=date(2027, 1, 1), marks=())
    section: RisksSection = replace(agenda.risks, rows=tuple(replace(calm, **fields) for fields in risks))
    assert section.heading == heading


@pytest.mark.parametrize(
    ("initiatives", "heading"),
    [
        ([], "No active initiatives"),
        ([{}, {}], "Two on track"),
        ([{"waits_for_ceo": True}, {"health": "behind"}, {}], "One needs approval, one behind"),
        ([{"health": "stuck"}, {"finished": True}], "One blocked, one completed"),
    ],
)
def test_initiatives_say_what_waits_and_what_is_not_on_track(
    agenda: Any, initiatives: list[dict[str, Any]], heading: str
) -> None:
    (row,) = agenda.initiatives.rows
    rows = tuple(replace(row, **fields) for fields in initiatives)
    section: InitiativesSection = replace(agenda.initiatives, rows=rows)
    assert section.heading == heading


@pytest.mark.parametrize(
    ("issues", "heading"),
    [
        ([], "No open issues"),
        ([{}, {}], "Two to discuss"),
        ([{"kind": "question"}, {}], "One question to answer, one to discuss"),
        ([{"solved": True}], "One resolved"),
    ],
)
def test_issues_say_what_is_to_answer_first(agenda: Any, issues: list[dict[str, Any]], heading: str) -> None:
    (row,) = agenda.issues.rows
    section: IssuesSection = replace(agenda.issues, rows=tuple(replace(row, **fields) for fields in issues))
    assert section.heading == heading


def test_a_fold_says_by_when_its_deals_close_if_all_of_them_do(agenda: Any) -> None:
    (row,) = agenda.deals.rows
    calm = replace(row, has_news=False, marks=(), kinds=())
    near = replace(agenda.deals, closing=(calm, calm), added=())
    assert near.unchanged_label == "2 deals closing by 7 December, unchanged"
    later = replace(near, closing=(calm, replace(calm, close_date=date(2027, 3, 1))))
    assert later.unchanged_label == "2 deals, unchanged"
