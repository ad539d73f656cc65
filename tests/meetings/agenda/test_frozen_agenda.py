"""An agenda frozen as JSON, and loaded again: whole, also one of an earlier version."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alignment.models import Goal, Team, User
from deals.models import Deal, DealChange
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.agenda.record import freeze, load_record
from meetings.agenda.section import ExceptionLine
from meetings.models import Meeting
from meetings.rules.amounts import amounts
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_capacity_need,
    make_commitment,
    make_deal,
    make_decision,
    make_follow_up,
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


def changed(deal: Deal, field: str, old: str, new: str, *, days_ago: int = 2, reason: str = "") -> None:
    at = NOW - timedelta(days=days_ago)
    DealChange.objects.create(deal=deal, field=field, old=old, new=new, day=at.date(), at=at, reason=reason)


@pytest.fixture
def full(cast: Cast, last: Meeting, meeting: Meeting) -> Meeting:
    set_goals(cast.north)
    make_revenue(team=cast.north, day=date(2026, 10, 12), amount=Decimal("123456.78"))
    deal = make_deal(team=cast.north, account=make_account(company=cast.company))
    changed(deal, "close_date", "2026-11-01", str(deal.close_date), reason="Credit check")
    won = make_deal(team=cast.north, status="won", close_date=TODAY)
    make_capacity_need(deal=won, needed_by=TODAY, informed_at=NOW)
    risk = make_risk(team=cast.north, owner=cast.leader, due=TODAY, exposure=None)
    plan = make_initiative(team=cast.north, kind="rep", current=Decimal("0.10"))
    plan.measured_by.points.create(at=NOW, value=Decimal("0.10"))
    issue = make_issue(
        team=cast.north, risk=risk, created_by=cast.ceo, detail="“Quoted” \u202eright to left\n\n<b>"
    )
    make_decision(meeting=meeting, issue=issue)
    make_follow_up(team=cast.north, due_on=TODAY - timedelta(days=1))
    make_commitment(team=cast.north, owner=cast.observer, risk=risk, section="risks")
    for item in ({}, {"deal": deal}, {"risk": risk}, {"initiative": plan}, {"issue": issue}):
        make_update(meeting=meeting, author=cast.leader, **item)
        make_update(meeting=last, author=cast.leader, **item)
    meeting.submit_preparation(by=cast.leader, now=NOW - timedelta(hours=2))
    return meeting


def test_what_is_loaded_equals_what_was_frozen(full: Meeting, agenda: Build) -> None:
    assert load_record(json.loads(json.dumps(freeze(agenda())))) == agenda()


def test_an_empty_agenda_freezes_too(agenda: Build) -> None:
    assert load_record(json.loads(json.dumps(freeze(agenda())))) == agenda()


def test_a_record_of_an_older_product_takes_defaults_for_what_came_later(
    full: Meeting, agenda: Build
) -> None:
    frozen: dict[str, Any] = freeze(agenda())
    for section in ("revenue", "deals"):
        del frozen[section]["spent"]
    assert load_record(frozen).revenue.spent == 0


def test_amounts_are_frozen_to_the_cent(full: Meeting, agenda: Build) -> None:
    assert freeze(agenda())["revenue"]["figures"]["quarter"]["actual"] == "123456.78"


def test_a_record_made_before_the_sections_had_files_is_loaded_whole() -> None:
    old = json.loads((Path(__file__).parent / "records" / "before_section_files.json").read_text())
    loaded = json.loads(json.dumps(freeze(load_record(old))))
    assert without_later_fields(loaded, old) == old
    assert load_record(old).risks.rows[0].title == old["risks"]["rows"][0]["title"]


#: What old records call otherwise, and the name since.
RENAMED = {
    "section": "name",
    "handed_in_at": "submitted_at",
    "handed_in_by": "submitted_by",
    "handed_in_late": "submitted_late",
    "ceo_word": "approval",
    "ceo_word_label": "approval_label",
    "ceo_why": "approval_why",
    "promises": "commitments",
    "owner": "rep",
}


def without_later_fields(loaded: Any, old: Any) -> Any:
    """What was loaded, as far as the old record said it, by its names."""
    if isinstance(old, dict):
        return {
            name: without_later_fields(loaded[name if name in loaded else RENAMED[name]], value)
            for name, value in old.items()
        }
    if isinstance(old, list):
        return [without_later_fields(*pair) for pair in zip(loaded, old, strict=True)]
    return loaded


def test_a_line_for_the_two_alone_is_frozen_and_read_by_nobody_else(
    cast: Cast, full: Meeting, agenda: Build
) -> None:
    whole = agenda()
    lines = (ExceptionLine(text="{310000} apart", pair_only=True), ExceptionLine(text="{5} left"))
    again = load_record(freeze(replace(whole, revenue=replace(whole.revenue, lines=lines))))
    assert again.revenue.lines == lines
    assert again.readable_by(cast.leader.pk).revenue.lines == lines
    assert again.readable_by(cast.observer.pk).revenue.lines == lines[1:]


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("{212000} behind", "$212K behind"),
        ("{-5000} less", "-$5K less"),
        ("Deal {x} and {} and {1,2} and {", "Deal {x} and {} and {1,2} and {"),
    ],
)
def test_amounts_stand_in_braces_and_other_braces_are_somebodys_text(sentence: str, written: str) -> None:
    assert amounts(sentence, currency="USD", locale="en").replace("−", "-") == written
