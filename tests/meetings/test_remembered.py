"""An agenda is made once for what it shows, and anew as soon as that is another."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from alignment.models import Goal, Team
from meetings.agenda import Agenda, build, read
from meetings.agenda.remembered import agendas
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_risk


@pytest.fixture(autouse=True)
def remembering(settings: object) -> None:
    settings.AGENDAS_REMEMBERED = 3  # type: ignore[attr-defined]
    agendas.kept.clear()


def seen(meeting: Meeting, cast: Cast, *, at: timedelta = timedelta(0)) -> Agenda:
    return build(read.pages().get(pk=meeting.pk), cast.ceo, NOW + at)


def test_the_same_agenda_costs_no_further_query(
    cast: Cast, meeting: Meeting, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = seen(meeting, cast)
    with django_assert_num_queries(1):
        assert seen(meeting, cast) is first


def deal_changed(cast: Cast, meeting: Meeting) -> None:
    cast.north.deals.get().learn(version=1, day=TODAY, now=NOW, by=cast.leader, amount=Decimal(5))
    Team.objects.stir(cast.north.pk)


def item_changed(cast: Cast, meeting: Meeting) -> None:
    make_risk(team=cast.north)
    Team.objects.stir(cast.north.pk)


def goal_set(cast: Cast, meeting: Meeting) -> None:
    Goal.objects.set(cast.north, TODAY, Decimal(5), by=None, now=NOW)


def handed_in(cast: Cast, meeting: Meeting) -> None:
    meeting.hand_in(by=cast.leader, now=NOW)


def seat_given_up(cast: Cast, meeting: Meeting) -> None:
    cast.north.seats.filter(role="leader").update(until=TODAY)


@pytest.mark.parametrize("change", [deal_changed, item_changed, goal_set, handed_in, seat_given_up])
def test_whatever_changes_it_makes_it_anew(
    cast: Cast, meeting: Meeting, change: Callable[[Cast, Meeting], None]
) -> None:
    make_deal(team=cast.north)
    first = seen(meeting, cast)
    change(cast, meeting)
    assert seen(meeting, cast) != first


@pytest.mark.parametrize("later", [timedelta(minutes=6), timedelta(days=1)])
def test_a_new_day_and_changes_behind_the_pages_show_by_themselves(
    cast: Cast, meeting: Meeting, later: timedelta
) -> None:
    seen(meeting, cast)
    make_risk(team=cast.north, name="Told by hand")
    assert [row.title for row in seen(meeting, cast, at=later).risks.rows] == ["Told by hand"]


def test_only_the_last_ones_are_kept(cast: Cast, meeting: Meeting) -> None:
    for day in range(9):
        seen(meeting, cast, at=timedelta(days=day))
    assert len(agendas.kept) == 3
