"""The agenda of a meeting: what stands in its margins, what it still needs, who may read what, and its frozen form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, Team, User
from deals.models import Deal, DealChange
from meetings.agenda import Agenda, build
from meetings.agenda.frozen import freeze, thaw
from meetings.agenda.read import pages
from meetings.agenda.values import DealRow, InitiativeRow, IssueRow, Mark, RiskRow
from meetings.models import InitiativePoint, Meeting
from meetings.views.chapters import beside_gap
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
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
CLOSED = LAST + timedelta(minutes=30)
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


def texts(row: DealRow | RiskRow | InitiativeRow | IssueRow) -> list[str]:
    return [mark.text for mark in row.marks]


# Deals


def test_a_deal_made_since_the_last_meeting_is_new(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_deal(team=cast.north, created_at=NOW - timedelta(days=2))
    make_deal(team=cast.north, created_at=NOW - timedelta(days=9))
    assert [texts(row) for row in agenda().deals.closing] == [["new"], []]


def test_a_won_deal_is_celebrated_and_asks_for_its_capacity(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_deal(team=cast.north, status="won", close_date=TODAY - timedelta(days=2))
    (row,) = agenda().deals.won
    assert row.marks[0] == Mark("won", "good")
    assert row.needs_capacity


@pytest.mark.parametrize(
    ("days_later", "words"),
    [(1, "pushed 1 day"), (13, "pushed 13 days"), (14, "pushed 2 weeks"), (35, "pushed 5 weeks")],
)
def test_a_push_says_how_far(cast: Cast, last: Meeting, agenda: Build, days_later: int, words: str) -> None:
    new = TODAY + timedelta(days=4)
    deal = make_deal(team=cast.north, close_date=new)
    changed(deal, "close_date", str(new - timedelta(days=days_later)), str(new))
    assert texts(agenda().deals.closing[0])[0] == words


def test_a_push_without_reason_or_words_needs_one(
    cast: Cast, last: Meeting, meeting: Meeting, agenda: Build
) -> None:
    deals = [make_deal(team=cast.north) for _ in range(3)]
    for deal, reason in zip(deals, ("", "Credit check", ""), strict=True):
        changed(deal, "close_date", "2026-11-01", str(deal.close_date), reason=reason)
    make_update(meeting=meeting, author=cast.leader, section="deals", deal=deals[2])
    assert {row.id: row.needs_reason for row in agenda().deals.closing} == {
        deals[0].pk: True, deals[1].pk: False, deals[2].pk: False
    }  # fmt: skip


def test_the_third_push_makes_the_date_fiction(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north, close_date=date(2026, 12, 1))
    for old, new, days_ago in (
        ("2026-06-30", "2026-08-31", 90),
        ("2026-08-31", "2026-10-31", 60),
        ("2026-10-31", "2026-12-01", 2),
    ):
        changed(deal, "close_date", old, new, days_ago=days_ago)
    row = agenda().deals.closing[0]
    assert texts(row) == ["pushed 4 weeks, third time", "date is fiction"]
    assert row.trail[0] == date(2026, 6, 30)
    assert row.trail[-1] == date(2026, 12, 1)


def test_a_change_before_the_last_meeting_is_no_news(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north)
    changed(deal, "close_date", "2026-11-01", str(deal.close_date), days_ago=9)
    assert texts(agenda().deals.closing[0]) == []


@pytest.mark.parametrize(
    ("old", "mark"), [("84000.00", Mark("+$16.0K", "good")), ("130000.00", Mark("−$30.0K", "warn"))]
)
def test_an_amount_that_moved_says_by_how_much(
    cast: Cast, last: Meeting, agenda: Build, old: str, mark: Mark
) -> None:
    deal = make_deal(team=cast.north)
    changed(deal, "amount", old, "100000.00")
    assert agenda().deals.closing[0].marks == (mark,)


def test_pulled_in_is_good_news(cast: Cast, last: Meeting, agenda: Build) -> None:
    deal = make_deal(team=cast.north)
    changed(deal, "close_date", str(TODAY + timedelta(days=25)), str(deal.close_date))
    assert agenda().deals.closing[0].marks == (Mark("pulled in 3 weeks", "good"),)


def test_a_deal_that_moved_out_of_sight_is_gone_but_not_lost(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    deal = make_deal(team=cast.north, close_date=TODAY + timedelta(days=60))
    changed(deal, "close_date", str(TODAY + timedelta(days=3)), str(deal.close_date))
    make_deal(team=cast.north, name="Lost", status="lost", close_date=TODAY - timedelta(days=1))
    assert len(agenda().deals.gone) == 2
    assert not agenda().deals.closing


def test_only_big_or_pinned_deals_are_shown(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_deal(team=cast.north, amount=Decimal(79_999))
    make_deal(team=cast.north, amount=Decimal(80_000))
    make_deal(team=cast.north, amount=Decimal(1), pinned_at=NOW, close_date=TODAY + timedelta(days=300))
    make_deal(team=cast.south, amount=Decimal(500_000))
    assert len(agenda().deals.rows) == 2


# Risks


@pytest.mark.parametrize(("meetings", "stale"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_risk_unchanged_for_two_meetings_turns_red(
    cast: Cast, agenda: Build, meetings: int, stale: bool
) -> None:
    for week in range(1, meetings + 1):
        make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week))
    make_risk(team=cast.north, created_at=NOW - timedelta(days=60), changed_at=NOW - timedelta(days=60))
    (row,) = agenda().risks.rows
    assert row.is_stale is stale
    assert row.needs_words is stale
    assert (Mark(f"{meetings} meetings without change", "bad") in row.marks) is stale


def test_a_missed_meeting_does_not_age_a_risk(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=2), state="missed", closed_at=None)
    make_risk(team=cast.north, changed_at=NOW - timedelta(days=60))
    assert agenda().risks.rows[0].meetings_unchanged == 1


def test_words_answer_a_stale_risk_without_making_it_young(
    cast: Cast, last: Meeting, meeting: Meeting, agenda: Build
) -> None:
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=2))
    risk = make_risk(team=cast.north, changed_at=NOW - timedelta(days=60))
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
        team=cast.north, created_at=NOW - timedelta(days=days_ago_made), changed_at=NOW - timedelta(days=days_ago_changed)
    )  # fmt: skip
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
        (630, -210, "three times the gap"), (420, -210, "twice the gap"), (240, -210, "as much as the gap"), (110, -210, "half the gap"),
        (20, -210, "less than half the gap"), (2520, -210, "12 times the gap"), (630, None, ""), (630, 0, ""), (630, 210, ""),
        (0, -210, ""),
    ],
)  # fmt: skip
def test_what_is_at_risk_is_weighed_against_the_gap(exposure: int, gap: int | None, words: str) -> None:
    assert beside_gap(Decimal(exposure), None if gap is None else Decimal(gap)) == words


# Initiatives and issues


@pytest.mark.parametrize(("health", "mark"), [("on_track", "good"), ("behind", "warn"), ("stuck", "bad")])
def test_health_stands_in_the_margin(cast: Cast, agenda: Build, health: str, mark: str) -> None:
    make_initiative(team=cast.north, health=health)
    assert agenda().initiatives.rows[0].marks[0].tone == mark


def test_a_plan_changed_after_the_ceos_word_says_so_and_waits_again(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    row = make_initiative(team=cast.north)
    row.say("agreed", by=cast.ceo, now=LAST)
    row.refresh_from_db()
    assert not agenda().waiting_for_ceo
    row.revise(version=row.version, now=NOW, plan="Another plan")
    (shown,) = agenda().waiting_for_ceo
    assert "plan changed" in texts(shown)


def test_an_initiative_unchanged_since_the_last_meeting_needs_words(
    cast: Cast, last: Meeting, meeting: Meeting, agenda: Build
) -> None:
    silent, told, moved, _ = (make_initiative(team=cast.north) for _ in range(4))
    make_update(meeting=meeting, author=cast.leader, section="initiatives", initiative=told)
    moved.revise(version=1, now=NOW - timedelta(days=1), current=Decimal(6))
    _.finish(by=cast.leader, now=NOW - timedelta(days=1), outcome="Done")
    assert [row.id for row in agenda().initiatives.rows if row.needs_words] == [silent.pk]


def test_the_sparkline_has_every_value_said(cast: Cast, agenda: Build) -> None:
    row = make_initiative(team=cast.north)
    for value in (2, 4, 3):
        InitiativePoint.objects.create(initiative=row, at=NOW + timedelta(minutes=value), value=value)
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
    assert "solved" in texts(row)


# Revenue and promises


def test_a_gap_needs_words_and_a_promise_that_is_still_open(
    cast: Cast, meeting: Meeting, agenda: Build
) -> None:
    set_goals(cast.north)
    assert agenda().revenue.needs_words
    assert agenda().revenue.needs_promise
    make_update(meeting=meeting, author=cast.leader)
    make_commitment(team=cast.north, owner=cast.leader)
    assert not agenda().revenue.needs_words
    assert not agenda().revenue.needs_promise


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
        (3, 4, False, "kept", False), (3, 2, False, "kept", True), (3, None, False, "broken", True), (-4, None, False, "open", False),
        (0, None, False, "open", False), (3, 4, True, "dropped", False),
    ],
)  # fmt: skip
def test_a_promise_is_kept_broken_open_or_dropped(
    cast: Cast, last: Meeting, agenda: Build, due_days_ago: int, done_days_ago: int | None, dropped: bool, tick: str, late: bool
) -> None:  # fmt: skip
    at = None if done_days_ago is None else NOW - timedelta(days=done_days_ago)
    ended = {"dropped_at": at, "dropped_why": "Not ours"} if dropped else {"done_at": at}
    make_commitment(
        team=cast.north, owner=cast.leader, due=TODAY - timedelta(days=due_days_ago), created_at=LAST, **ended
    )
    (promise,) = agenda().revenue.promised
    assert (promise.tick, promise.late) == (tick, late)


def test_what_was_closed_before_the_last_meeting_is_told_no_more(
    cast: Cast, last: Meeting, agenda: Build
) -> None:
    make_commitment(team=cast.north, owner=cast.leader, created_at=LAST, done_at=LAST)
    assert not agenda().promises


def test_an_open_promise_is_carried_for_ever(cast: Cast, last: Meeting, agenda: Build) -> None:
    make_commitment(
        team=cast.north,
        owner=cast.leader,
        created_at=NOW - timedelta(days=400),
        due=TODAY - timedelta(days=390),
    )
    assert agenda().promises[0].tick == "broken"


def test_words_after_handing_in_are_late_and_those_of_the_ceo_never(
    cast: Cast, meeting: Meeting, agenda: Build
) -> None:
    meeting.hand_in(by=cast.leader, now=NOW - timedelta(hours=20))
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


# Frozen


@pytest.fixture
def full(cast: Cast, last: Meeting, meeting: Meeting) -> Meeting:
    set_goals(cast.north)
    make_revenue(team=cast.north, day=date(2026, 10, 12), amount=Decimal("123456.78"))
    deal = make_deal(team=cast.north, account=make_account(company=cast.company))
    changed(deal, "close_date", "2026-11-01", str(deal.close_date), reason="Credit check")
    make_deal(team=cast.north, status="won", close_date=TODAY, capacity_what="Two weeks", capacity_by=TODAY)
    risk = make_risk(team=cast.north, owner=cast.leader, due=TODAY, exposure=None)
    plan = make_initiative(team=cast.north, kind="rep", current=Decimal("0.10"))
    InitiativePoint.objects.create(initiative=plan, at=NOW, value=Decimal("0.10"))
    issue = make_issue(
        team=cast.north, risk=risk, created_by=cast.ceo, detail="“Quoted” \u202eright to left\n\n<b>"
    )
    make_decision(meeting=meeting, issue=issue)
    make_commitment(team=cast.north, owner=cast.observer, risk=risk, section="risks")
    for item in ({}, {"deal": deal}, {"risk": risk}, {"initiative": plan}, {"issue": issue}):
        make_update(meeting=meeting, author=cast.leader, **item)
        make_update(meeting=last, author=cast.leader, **item)
    meeting.hand_in(by=cast.leader, now=NOW - timedelta(hours=2))
    return meeting


def test_what_is_thawed_equals_what_was_frozen(full: Meeting, agenda: Build) -> None:
    assert thaw(json.loads(json.dumps(freeze(agenda())))) == agenda()


def test_an_empty_agenda_freezes_too(agenda: Build) -> None:
    assert thaw(json.loads(json.dumps(freeze(agenda())))) == agenda()


def test_a_record_of_an_older_product_takes_defaults_for_what_came_later(
    full: Meeting, agenda: Build
) -> None:
    frozen: dict[str, Any] = freeze(agenda())
    for chapter in ("revenue", "deals"):
        del frozen[chapter]["spent"]
    assert thaw(frozen).revenue.spent == 0


def test_amounts_are_frozen_to_the_cent(full: Meeting, agenda: Build) -> None:
    assert freeze(agenda())["revenue"]["figures"]["quarter"]["actual"] == "123456.78"


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
    assert len(caught) <= 8
