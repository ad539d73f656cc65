"""A mix is no longer as agreed when a goal of its year was changed; nothing that an import brings changes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alignment.models import Goal
from deals.mix.subject import MIX, goal_changes
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_mix, make_revenue

JANUARY, MARCH = "2026-01-01", "2026-03-01"


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        ({}, {}, None),
        ({}, {JANUARY: "5.00"}, None),  # set since: it was nothing that anybody agreed on
        ({JANUARY: "5.00"}, {JANUARY: "5"}, None),
        ({JANUARY: "5.00"}, {JANUARY: "6.00"}, "The goal of January 2026 was changed since."),
        ({JANUARY: "5.00"}, {}, "The goal of January 2026 was changed since."),
        ({JANUARY: "5", MARCH: "5"}, {JANUARY: "6", MARCH: "7"}, "The goals of 2 months were changed since."),
    ],
)
def test_what_was_changed_since(before: dict[str, str], now: dict[str, str], sentence: str | None) -> None:
    assert goal_changes({"goals": before}, {"goals": now}) == ((sentence,) if sentence else ())


def test_facts_kept_before_there_were_any_say_nothing() -> None:
    assert goal_changes({}, {"goals": {JANUARY: "5"}}) == ()


def test_a_goal_changes_it_and_what_an_import_brings_does_not(cast: Cast) -> None:
    Goal.objects.set(cast.north, date(2026, 3, 1), Decimal(100), by=cast.admin, now=NOW)
    agreement = make_mix(team=cast.north, by=cast.leader)
    make_deal(team=cast.north, amount=Decimal(900_000), opened_on=TODAY)
    make_revenue(team=cast.north, day=TODAY, amount=900_000)

    def changes() -> tuple[str, ...]:
        return MIX.changes(agreement.facts, MIX.read_facts(cast.north, "2026"))

    assert changes() == ()
    Goal.objects.set(cast.north, date(2026, 3, 1), Decimal(200), by=cast.admin, now=NOW)
    assert changes() == ("The goal of March 2026 was changed since.",)
