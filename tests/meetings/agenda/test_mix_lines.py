"""The deal mix in the exceptions of the big deals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alignment.agreements.answers import accept
from alignment.models import Goal
from meetings.agenda.build import build_live
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_mix

pytestmark = pytest.mark.time_machine(NOW)


def test_a_hanging_quarter_and_the_furthest_size_stand_among_the_exceptions(
    cast: Cast, meeting: Meeting
) -> None:
    accept(make_mix(team=cast.north, by=cast.leader), by=cast.ceo, now=NOW)
    for month in (10, 11, 12):
        Goal.objects.create(team=cast.north, month=date(2026, month, 1), amount=100_000)
    for day in range(8):
        make_deal(
            team=cast.north,
            amount=Decimal(100_000),
            close_date=date(2027, 5, 1),
            opened_on=TODAY - timedelta(days=40 + day),
        )
    deal = make_deal(
        team=cast.north,
        name="Orbis rollout",
        amount=Decimal(120_000),
        close_date=date(2026, 12, 20),
        opened_on=date(2026, 1, 5),
    )
    lines = build_live(meeting, NOW).deals.lines
    assert [(line.text, line.path, line.money, line.is_bad) for line in lines] == [
        (
            "The quarter hangs on Orbis rollout: {120000.00}, 40% of its goal",
            f"/deals/{deal.pk}/",
            Decimal(120_000),
            False,
        ),
        (
            "Big deals are 100% of what was created in 13 weeks, 30% agreed",
            "/teams/north/mix/",
            Decimal(560_000),
            False,
        ),
    ]


def test_a_team_without_a_mix_has_no_line(cast: Cast, meeting: Meeting) -> None:
    make_deal(team=cast.north)
    assert build_live(meeting, NOW).deals.lines == ()
