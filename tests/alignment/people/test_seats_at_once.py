"""Two clocks and two admins at the same moment change a seat once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from alignment.models import Entry, Seat
from alignment.people import seats
from tests.cast import Cast
from tests.factories import NOW, TODAY
from tests.sweep import run_step

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = TODAY + timedelta(days=1)


def at_once(act: Callable[[], object], times: int = 8) -> list[object]:
    """What each of them came to; a refusal counts as 0."""
    found: list[object] = []
    begin = threading.Barrier(times)

    def acting() -> None:
        begin.wait()
        try:
            found.append(act())
        except seats.SeatRuleViolation:
            found.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=acting) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_many_clocks_carry_out_a_planned_change_once(cast: Cast) -> None:
    old = cast.north.seats.get(role="leader")
    seats.hand_over(old, cast.second_leader, by=cast.admin, now=NOW, day=TOMORROW, why="Joe retires.")
    assert sum(map(int, at_once(lambda: run_step("seat changes", NOW + timedelta(days=2))))) == 1  # type: ignore[call-overload]
    assert Seat.objects.filter(team=cast.north, role="leader", until=None).count() == 1
    assert Entry.objects.filter(what="seat.handed_over").count() == 1


def test_many_admins_plan_one_end_of_a_seat(cast: Cast) -> None:
    seat = cast.north.seats.get(role="observer")
    at_once(lambda: seats.end(seat, by=cast.admin, now=NOW, last=TOMORROW))
    assert cast.north.planned_seats.waiting().count() == 1
