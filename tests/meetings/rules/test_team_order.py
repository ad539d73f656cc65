"""Why a team needs its CEO, in words, and which team stands first for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from alignment.rules.formatting import MoneyFormat
from meetings.rules.misses import Fault
from meetings.rules.team_order import (
    Reason,
    ReasonKind,
    Silence,
    Situation,
    first_reason,
    order_of,
    reasons_of,
)

M = MoneyFormat("USD", "en-US")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEEK = timedelta(days=7)


def situation(**facts: Any) -> Situation:
    return Situation(m=M, **facts)


@pytest.mark.parametrize(
    ("facts", "kind", "sentence"),
    [
        ({"waiting": 1}, "waiting", "One request waits for you."),
        ({"waiting": 1, "waiting_days": 1}, "waiting", "One request waits for you for 1 day."),
        ({"waiting": 3, "waiting_days": 9}, "waiting", "Three requests wait for you, the oldest for 9 days."),
        (
            {"commit": Decimal(900_000), "goal": Decimal(1_000_000)},
            "commit",
            "The commit is $100K below goal.",
        ),
        ({"missed": 1}, "missed", "The last meeting was missed."),
        (
            {"missed": 1, "fault": Fault.LEADER_UNPREPARED},
            "missed",
            "The last meeting was missed: the sales leader had not prepared.",
        ),
        (
            {"missed": 2, "fault": Fault.CEO_ABSENT, "is_for_ceo": True},
            "missed",
            "Two meetings missed in a row; last time you were absent.",
        ),
        (
            {"missed": 2, "fault": Fault.CEO_ABSENT},
            "missed",
            "Two meetings missed in a row; last time the CEO was absent.",
        ),
        ({"is_late": True}, "preparation", "The preparation is overdue."),
        (
            {"days_off": ("Thanksgiving", "Joe is away")},
            "day_off",
            "On the day of the next meeting it is Thanksgiving and Joe is away.",
        ),
        (
            {"months_without_goal": "October to December"},
            "no_goal",
            "No goal is set for October to December, so there is no gap to show until an admin sets it.",
        ),
        ({"behind": Decimal(60_000)}, "gap", "The quarter is $60K behind its goal to date."),
        (
            {"behind": Decimal(60_000), "grew_by": Decimal(20_000)},
            "gap",
            "The gap grew by $20K since the last meeting.",
        ),
        (
            {"behind": Decimal(60_000), "fell_behind": True},
            "gap",
            "The quarter fell behind its goal since the last meeting.",
        ),
        ({"pushed": 2}, "pushed", "Two big deals were pushed since the last meeting."),
        ({"overdue": 1}, "overdue", "One commitment is overdue."),
        ({"stale_risks": 1}, "risks", "One risk has had no update for two meetings."),
    ],
)
def test_a_reason_is_a_fact_in_words(facts: dict[str, Any], kind: str, sentence: str) -> None:
    [reason] = reasons_of(situation(**facts))
    assert (reason.kind, reason.sentence) == (kind, sentence)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"commit": Decimal(10), "goal": Decimal(10)},
        {"commit": Decimal(9), "goal": None},
        {"commit": None, "goal": Decimal(10)},
        {"fault": Fault.BOTH},
    ],
)
def test_a_team_of_which_nothing_is_known_to_be_wrong_has_no_reason(facts: dict[str, Any]) -> None:
    assert list(reasons_of(situation(**facts))) == []


def test_what_only_the_ceo_can_unblock_comes_before_money_before_missed_meetings() -> None:
    everything = situation(
        waiting=1, commit=Decimal(1), goal=Decimal(2), missed=2, is_late=True, behind=Decimal(5), overdue=9
    )
    kinds = [reason.kind for reason in reasons_of(everything)]
    assert kinds == ["waiting", "commit", "missed", "preparation", "gap", "overdue"]


def first(**facts: Any) -> Reason | None:
    return next(reasons_of(situation(**facts)), None)


def test_teams_stand_by_age_then_by_money_then_by_misses() -> None:
    teams = {
        "fine": first(),
        "missed once": first(missed=1),
        "missed twice": first(missed=2),
        "little short": first(commit=Decimal(90), goal=Decimal(100)),
        "much short": first(commit=Decimal(10), goal=Decimal(100)),
        "waits a day": first(waiting=5, waiting_days=1),
        "waits a week": first(waiting=1, waiting_days=7),
        "behind": first(behind=Decimal(10**6)),
    }
    assert sorted(teams, key=lambda name: order_of(teams[name])) == [
        "waits a week",
        "waits a day",
        "much short",
        "little short",
        "missed twice",
        "missed once",
        "behind",
        "fine",
    ]


def test_amounts_of_several_currencies_are_compared_as_shares_of_the_goal() -> None:
    yen = first(commit=Decimal(9_000_000), goal=Decimal(10_000_000))
    dollars = first(commit=Decimal(50_000), goal=Decimal(100_000))
    assert order_of(yen) < order_of(dollars)
    assert order_of(dollars, Decimal(100_000)) < order_of(yen, Decimal(10_000_000))


def silence(reason: Reason | None, **more: Any) -> Silence:
    assert reason is not None
    return Silence(**{"kind": reason.kind, "size": reason.size, "until": NOW + WEEK, **more})


def test_a_silenced_reason_gives_way_to_the_next_one_until_its_week_is_over() -> None:
    reasons = list(reasons_of(situation(waiting=1, missed=1)))
    silences = [silence(reasons[0])]
    assert first_reason(reasons, silences, NOW) == reasons[1]
    assert first_reason(reasons, silences, NOW + WEEK) == reasons[0]
    assert first_reason(reasons[:1], silences, NOW) is None


@pytest.mark.parametrize(
    ("before", "now", "is_said"),
    [
        ({"waiting": 1, "waiting_days": 2}, {"waiting": 1, "waiting_days": 5}, False),
        ({"waiting": 1}, {"waiting": 2}, True),
        ({"missed": 2}, {"missed": 3}, True),
        ({"missed": 2}, {"missed": 1}, False),
        ({"commit": Decimal(90), "goal": Decimal(100)}, {"commit": Decimal(95), "goal": Decimal(100)}, False),
        ({"commit": Decimal(90), "goal": Decimal(100)}, {"commit": Decimal(80), "goal": Decimal(100)}, True),
        (
            {"behind": Decimal(10), "quarter_goal": Decimal(1000)},
            {"behind": Decimal(29), "quarter_goal": Decimal(1000)},
            False,
        ),
        (
            {"behind": Decimal(10), "quarter_goal": Decimal(1000)},
            {"behind": Decimal(30), "quarter_goal": Decimal(1000)},
            True,
        ),
    ],
)
def test_a_silenced_reason_comes_back_when_the_fact_is_worse(
    before: dict[str, Any], now: dict[str, Any], is_said: bool
) -> None:
    reasons = list(reasons_of(situation(**now)))
    assert (first_reason(reasons, [silence(first(**before))], NOW) is not None) == is_said


def test_every_kind_has_its_place() -> None:
    reasons = [Reason(kind, "x", Decimal(1), Decimal(1)) for kind in ReasonKind]
    assert sorted(reasons, key=order_of) == reasons
