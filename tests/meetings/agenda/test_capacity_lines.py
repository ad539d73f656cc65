"""What wins take to deliver and nobody was told of, in the exceptions of the big deals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from meetings.agenda.build import build_live
from meetings.agenda.section import ExceptionLine
from meetings.capacity.needs import commit_to_tell
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_capacity_need, make_deal

pytestmark = pytest.mark.time_machine(NOW)
LONG_AGO = date(2026, 9, 1)


def lines_of(meeting: Meeting) -> list[ExceptionLine]:
    return list(build_live(meeting, NOW).deals.lines)


def test_the_need_due_first_is_told_and_the_others_are_counted(cast: Cast, meeting: Meeting) -> None:
    deal = make_deal(team=cast.north, name="Orbis", status="won", close_date=LONG_AGO, amount=Decimal(9_000))
    make_capacity_need(deal=deal, what="A server", who="", needed_by=None)
    make_capacity_need(deal=deal, needed_by=date(2026, 11, 13))
    make_capacity_need(deal=deal, what="Known", informed_at=NOW)
    make_capacity_need(deal=make_deal(team=cast.south, status="won", close_date=LONG_AGO))
    [line] = lines_of(meeting)
    assert (
        line.text
        == "Support was not told: Two onboarding weeks for Orbis, needed by 13 Nov; 1 more need to tell"
    )
    assert (line.path, line.money, line.age, line.is_bad) == (
        "/teams/north/capacity/",
        Decimal(9_000),
        1,
        True,
    )


def test_what_nobody_must_know_is_called_by_who_delivers(cast: Cast, meeting: Meeting) -> None:
    deal = make_deal(team=cast.north, name="Orbis", status="won", close_date=LONG_AGO)
    make_capacity_need(deal=deal, what="A server", who="")
    [line] = lines_of(meeting)
    assert line.text == "Whoever delivers it was not told: A server for Orbis"
    assert not line.is_bad


def test_a_promise_to_tell_it_in_time_ends_the_line(cast: Cast, meeting: Meeting) -> None:
    deal = make_deal(team=cast.north, status="won", close_date=LONG_AGO)
    need = make_capacity_need(deal=deal, needed_by=TODAY + timedelta(days=30))
    commit_to_tell(need, cast.north, by=cast.leader, now=NOW, due=TODAY + timedelta(days=7))
    assert lines_of(meeting) == []


def test_a_need_of_a_deal_listed_as_won_is_told_there(cast: Cast, meeting: Meeting) -> None:
    deal = make_deal(team=cast.north, status="won", close_date=TODAY, amount=Decimal(90_000))
    make_capacity_need(deal=deal)
    agenda = build_live(meeting, NOW)
    assert [row.id for row in agenda.deals.won] == [deal.pk]
    assert agenda.deals.lines == ()


def test_lost_deals_and_those_that_need_nothing_say_nothing(cast: Cast, meeting: Meeting) -> None:
    make_capacity_need(deal=make_deal(team=cast.north, status="lost"), needed_by=LONG_AGO)
    deal = make_deal(team=cast.north, status="won", close_date=LONG_AGO)
    make_capacity_need(deal=deal, what="None needed", who="")
    assert lines_of(meeting) == []
