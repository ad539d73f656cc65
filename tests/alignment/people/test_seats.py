"""Seats given, ended and handed over: at once, or by the clock on their day in the team's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from alignment.models import Entry, PlannedSeat, Seat, Team, User
from alignment.people import planned_changes, seats
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_member, make_team
from tests.sweep import run_step

ADVENT = date(2026, 12, 1)


@pytest.fixture
def anne(cast: Cast) -> User:
    return cast.second_leader


def holders(team: Team, role: str) -> list[str]:
    return [seat.user.name for seat in team.seats.current().filter(role=role)]


def test_a_handover_from_today_is_done_at_once(cast: Cast, anne: User) -> None:
    old = cast.north.seats.get(role="leader")
    seats.hand_over(old, anne, by=cast.admin, now=NOW, day=TODAY, why="Joe retires.")
    old.refresh_from_db()
    assert old.until == TODAY - timedelta(days=1)
    assert cast.north.seats.get(role="leader", until=None).since == TODAY
    entry = Entry.objects.get(what="seat.handed_over")
    assert (entry.new, entry.why) == (
        "Anne Duarte, Sales leader from 2026-11-23, after Joe Keller",
        "Joe retires.",
    )


def test_a_handover_of_a_day_to_come_waits_for_that_day_in_the_teams_zone(cast: Cast, anne: User) -> None:
    seats.hand_over(
        cast.north.seats.get(role="leader"), anne, by=cast.admin, now=NOW, day=ADVENT, why="Joe retires."
    )
    assert run_step("seat changes", datetime(2026, 11, 30, 22, 59, tzinfo=UTC)) == 0
    assert holders(cast.north, "leader") == ["Joe Keller"]
    assert run_step("seat changes", datetime(2026, 11, 30, 23, 0, tzinfo=UTC)) == 1
    assert holders(cast.north, "leader") == ["Anne Duarte"]


def test_a_planned_change_is_carried_out_once(cast: Cast, anne: User) -> None:
    seats.give(cast.north, anne, "observer", by=cast.admin, now=NOW, day=ADVENT)
    late = NOW + timedelta(days=30)
    assert [run_step("seat changes", late), run_step("seat changes", late)] == [1, 0]
    assert cast.north.seats.get(user=anne).since == ADVENT


def test_when_nothing_is_due_the_clock_asks_one_question(
    cast: Cast, anne: User, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(20):
        team = make_team(company=cast.company, ceo=cast.ceo)
        seats.give(team, anne, "observer", by=cast.admin, now=NOW, day=ADVENT + timedelta(days=number))
    with django_assert_num_queries(1):
        assert run_step("seat changes", NOW) == 0


def test_what_has_become_impossible_is_cancelled_and_stated(cast: Cast, anne: User) -> None:
    seats.hand_over(
        cast.north.seats.get(role="ceo"), anne, by=cast.admin, now=NOW, day=ADVENT, why="Tom retires."
    )
    User.objects.filter(pk=anne.pk).update(is_active=False)
    assert run_step("seat changes", NOW + timedelta(days=30)) == 0
    assert holders(cast.north, "ceo") == ["Tom Marsh"]
    assert "deactivated" in Entry.objects.get(what="seat.impossible").why


def test_one_who_leads_becomes_an_observer_in_one_step(cast: Cast) -> None:
    seats.give(cast.north, cast.leader, "observer", by=cast.admin, now=NOW, day=TODAY)
    assert holders(cast.north, "leader") == []
    assert [(seat.role, seat.until) for seat in cast.north.seats.filter(user=cast.leader)] == [
        ("leader", TODAY - timedelta(days=1)),
        ("observer", None),
    ]


def test_a_seat_whose_last_day_is_today_ends_at_once(cast: Cast) -> None:
    seat = cast.north.seats.get(role="observer")
    seats.end(seat, by=cast.admin, now=NOW, last=TODAY)
    seat.refresh_from_db()
    assert seat.until == TODAY


def test_a_last_day_to_come_is_planned(cast: Cast) -> None:
    seat = cast.north.seats.get(role="observer")
    seats.end(seat, by=cast.admin, now=NOW, last=ADVENT)
    assert cast.north.seats.current().filter(pk=seat.pk).exists()
    run_step("seat changes", NOW + timedelta(days=30))
    seat.refresh_from_db()
    assert seat.until == ADVENT


def test_a_seat_taken_by_mistake_is_put_right_the_same_day(cast: Cast, anne: User) -> None:
    for person in (anne, cast.admin):
        seat = cast.north.seats.get(role="leader", until=None)
        seats.hand_over(seat, person, by=cast.admin, now=NOW, day=TODAY, why="")
    assert holders(cast.north, "leader") == ["Ada Admin"]
    assert cast.north.seats.get(user=anne).until == TODAY


def days(team: Team, role: str) -> list[tuple[str, date, date | None]]:
    held = team.seats.filter(role=role).order_by("since", "pk")
    return [(seat.user.name, seat.since, seat.until) for seat in held]


def test_whoever_gives_up_a_seat_and_takes_it_the_same_day_never_left(cast: Cast) -> None:
    seat = cast.north.seats.get(role="leader")
    make_member(company=cast.company, user=cast.leader)
    seats.end(seat, by=cast.admin, now=NOW, last=TODAY)
    seats.give(cast.north, cast.leader, "leader", by=cast.admin, now=NOW, day=TODAY)
    assert days(cast.north, "leader") == [("Joe Keller", seat.since, None)]


def test_a_seat_given_up_today_and_taken_by_another_today_ended_yesterday(cast: Cast, anne: User) -> None:
    seat = cast.north.seats.get(role="leader")
    seats.end(seat, by=cast.admin, now=NOW, last=TODAY)
    seats.give(cast.north, anne, "leader", by=cast.admin, now=NOW, day=TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert days(cast.north, "leader") == [
        ("Joe Keller", seat.since, yesterday),
        ("Anne Duarte", TODAY, None),
    ]


def test_one_person_has_one_role_a_day(cast: Cast) -> None:
    make_member(company=cast.company, user=cast.observer)
    seats.end(cast.north.seats.get(role="observer"), by=cast.admin, now=NOW, last=TODAY)
    seats.give(cast.north, cast.observer, "facilitator", by=cast.admin, now=NOW, day=TODAY)
    assert days(cast.north, "observer")[0][2] == TODAY - timedelta(days=1)


def test_observers_may_share_a_day(cast: Cast, anne: User) -> None:
    seats.end(cast.north.seats.get(role="observer"), by=cast.admin, now=NOW, last=TODAY)
    seats.give(cast.north, anne, "observer", by=cast.admin, now=NOW, day=TODAY)
    assert days(cast.north, "observer")[0][2] == TODAY


def test_a_refused_change_leaves_nothing_behind(cast: Cast, anne: User) -> None:
    with pytest.raises(seats.SeatRuleViolation, match="two at once"):
        seats.give(cast.north, anne, "leader", by=cast.admin, now=NOW, day=TODAY)
    assert not PlannedSeat.objects.exists()
    assert not Entry.objects.exists()


def test_a_person_of_another_company_gets_no_seat(cast: Cast) -> None:
    with pytest.raises(seats.SeatRuleViolation, match="Only people of this company"):
        seats.give(cast.north, cast.outsider, "observer", by=cast.admin, now=NOW, day=TODAY)


def test_a_planned_change_can_be_cancelled(cast: Cast, anne: User) -> None:
    planned = seats.give(cast.north, anne, "observer", by=cast.admin, now=NOW, day=ADVENT)
    planned_changes.cancel(planned, by=cast.admin, now=NOW)
    assert run_step("seat changes", NOW + timedelta(days=30)) == 0
    with pytest.raises(seats.SeatRuleViolation, match="was already made or cancelled"):
        planned_changes.cancel(planned, by=cast.admin, now=NOW)


def test_a_change_on_which_another_builds_is_not_cancelled(cast: Cast, anne: User) -> None:
    old = cast.north.seats.get(role="ceo")
    first = seats.hand_over(old, anne, by=cast.admin, now=NOW, day=ADVENT, why="")
    run_step("seat changes", NOW + timedelta(days=9))
    held = Seat.objects.get(team=cast.north, user=anne)
    seats.end(cast.north.seats.get(role="leader"), by=cast.admin, now=NOW, last=ADVENT)
    second = seats.hand_over(
        held, cast.admin, by=cast.admin, now=NOW + timedelta(days=9), day=date(2026, 12, 20), why=""
    )
    assert (first.day, second.done_at) == (ADVENT, None)
