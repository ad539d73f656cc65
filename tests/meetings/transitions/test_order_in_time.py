"""Meetings are in order of when they take place, whatever their slots were."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from alignment.models import Notice, Team
from alignment.sweep.run import sweep
from meetings.agenda.queries import read_meeting
from meetings.discipline.tenure_report import read_past_meetings
from meetings.models import Flag, Meeting, TransitionNotAllowed
from meetings.pages.meeting_sidebar import around
from meetings.rules.cadence import Cadence, Kind
from meetings.rules.track_record import find_misses_in_a_row
from meetings.schedule.slots import plan_meetings
from meetings.transitions.cadence_change import change_cadence
from meetings.transitions.closing import close_meeting, reopen_meeting
from meetings.transitions.move_and_excuse import excuse_meeting, move_meeting, start_meeting
from tests.cast import Cast
from tests.factories import NOW, make_held_meeting, make_meeting

DAY = timedelta(days=1)
A, B, C = NOW + 7 * DAY, NOW + 14 * DAY, NOW + 21 * DAY
FRIDAY = NOW + 4 * DAY
AFTER_ALL = NOW + 4000 * DAY


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def plan(team: Team) -> list[Meeting]:
    plan_meetings(team, NOW)
    return list(team.meetings.in_order())


@pytest.fixture
def swapped(cast: Cast) -> tuple[Meeting, Meeting]:
    """A of 30 November, and B that was moved before it and held there, as older data may have it."""
    b = make_held_meeting(team=cast.north, starts_at=FRIDAY, planned_start=B)
    return make_meeting(team=cast.north, starts_at=A), b


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (FRIDAY, "The previous meeting is on Monday 30 November at 08:00. Choose a later time"),
        (A, "The previous meeting is on Monday 30 November at 08:00"),
        (C, "The next meeting is on Monday 14 December at 08:00. Choose an earlier time"),
        (C + 300 * DAY, "The next meeting is on Monday 14 December at 08:00"),
    ],
)
def test_a_move_past_or_onto_a_neighbour_is_refused_with_its_day(
    cast: Cast, to: datetime, sentence: str
) -> None:
    b = plan(cast.north)[1]
    with pytest.raises(TransitionNotAllowed, match=sentence):
        move_meeting(b, to, by=cast.ceo, now=NOW, why="Fair")
    assert not b.moves.exists()


def test_an_excused_neighbour_is_in_nobodys_way(cast: Cast) -> None:
    a, b, *_ = plan(cast.north)
    a.excuse(by=cast.ceo, now=NOW, why="Fair")
    move_meeting(b, FRIDAY, by=cast.ceo, now=NOW, why="Fair")
    move_meeting(b, A, by=cast.ceo, now=NOW, why="Fair")
    assert b.starts_at == a.starts_at


def test_the_last_planned_meeting_is_bounded_by_the_slot_that_is_not_planned_yet(cast: Cast) -> None:
    last = plan(cast.north)[-1]
    for to in (last.starts_at + 7 * DAY, datetime(2100, 1, 1, 9, tzinfo=UTC)):
        with pytest.raises(TransitionNotAllowed, match="The next meeting is on Monday 25 January 2027"):
            move_meeting(last, to, by=cast.ceo, now=NOW, why="Fair")
    move_meeting(last, last.starts_at + 6 * DAY, by=cast.ceo, now=NOW, why="Fair")


def test_a_meeting_is_not_moved_past_the_teams_last_day(cast: Cast) -> None:
    *_, last = plan(cast.north)
    Team.objects.filter(pk=cast.north.pk).update(ends_on=last.starts_at.date())
    last.refresh_from_db()
    with pytest.raises(TransitionNotAllowed, match="The team’s last day is Monday 18 January 2027"):
        move_meeting(last, last.starts_at + DAY, by=cast.ceo, now=NOW, why="Fair")


def test_two_meetings_of_a_team_never_begin_at_the_same_instant(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(team=cast.north, starts_at=NOW, planned_start=A)
    make_meeting(team=cast.south, starts_at=NOW)
    Meeting.objects.filter(pk=meeting.pk).update(state="missed", missed_at=NOW)
    make_meeting(team=cast.north, starts_at=NOW, planned_start=A)


def test_the_migration_says_what_it_found_twice_and_stops(cast: Cast, meeting: Meeting) -> None:
    migration = import_module("meetings.migrations.0002_order_in_time")
    editor = SimpleNamespace(connection=connection)
    migration.find_twice(apps, editor)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_meeting_an_instant")
    make_meeting(team=cast.north, starts_at=NOW, planned_start=A)
    with pytest.raises(RuntimeError, match=r"North at 2026-11-23 08:00 UTC \(2\)"):
        migration.find_twice(apps, editor)


def test_a_miss_after_a_meeting_held_out_of_turn_is_told_and_flagged(
    cast: Cast, swapped: tuple[Meeting, Meeting]
) -> None:
    a, _ = swapped
    sweep(A + DAY)
    a.refresh_from_db()
    assert a.state == "missed"
    told = Notice.objects.filter(kind="missed", payload__meeting=a.pk, closed_at=None)
    assert {notice.to_id for notice in told} == {cast.ceo.pk, cast.leader.pk}
    assert Flag.objects.open().get().meeting == a


def test_the_last_one_held_is_reopened_and_not_the_one_with_the_last_slot(cast: Cast) -> None:
    b = make_held_meeting(team=cast.north, starts_at=FRIDAY, planned_start=B)
    a = make_held_meeting(team=cast.north, starts_at=A)
    with pytest.raises(TransitionNotAllowed, match="A later meeting has started since"):
        reopen_meeting(b, by=cast.ceo, now=B, why="A figure")
    reopen_meeting(a, by=cast.ceo, now=B, why="A figure")
    assert a.is_in_progress


def test_a_meeting_that_stays_when_the_cadence_changes_passes_no_other(cast: Cast) -> None:
    """B stays on Friday 11 December; the meeting after it would get Wednesday the 9th."""
    _, b, *_ = plan(cast.north)
    move_meeting(b, B + 4 * DAY, by=cast.ceo, now=NOW, why="Fair")
    to = Cadence(Kind.WEEKLY, 2, cast.north.local_time, cast.north.zone, date(2026, 12, 8), None, 30)
    with pytest.raises(TransitionNotAllowed, match="stays on Friday 11 December"):
        change_cadence(cast.north, to, by=cast.ceo, now=NOW, stay=set(), go=set())
    excuse_meeting(b, by=cast.ceo, now=NOW, why="Fair")
    change_cadence(cast.north, to, by=cast.ceo, now=NOW, stay={b.pk}, go=set())


class Model:
    """A team's meetings as a list of starts and states, and nothing else."""

    def __init__(self) -> None:
        self.meetings: dict[int, list[Any]] = {}

    def read(self, team: Team) -> None:
        for pk, start, state in team.meetings.values_list("pk", "starts_at", "state"):
            self.meetings[pk] = [start, state]

    def in_order(self) -> list[int]:
        return sorted(self.meetings, key=lambda pk: (self.meetings[pk][0], pk))

    def misses_in_a_row(self) -> list[int]:
        over = [pk for pk in self.in_order() if self.meetings[pk][1] in ("held", "missed")]
        missed = []
        while over and self.meetings[over[-1]][1] == "missed":
            missed.insert(0, over.pop())
        return missed


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_done_the_facts_are_those_of_a_naive_list(cast: Cast, seed: int) -> None:
    chance, model, now = random.Random(seed), Model(), NOW
    for _ in range(25):
        now += timedelta(hours=chance.choice((1, 20, 80)))
        with time_machine.travel(now, tick=False):
            sweep(now)
            _do_something(cast, chance, now)
        model.read(cast.north)
        _compare(cast.north, model)


def _do_something(cast: Cast, chance: random.Random, now: datetime) -> None:
    meetings = list(Meeting.objects.filter(team=cast.north).select_related("team__company"))
    ahead = sorted((row for row in meetings if row.is_scheduled), key=lambda row: row.starts_at)
    running = [row for row in meetings if row.is_in_progress]
    held = [row for row in meetings if row.is_held]
    if not ahead:
        return
    try:
        match chance.choice(("move", "move", "excuse", "hold", "hold", "reopen")):
            case "move":
                hours = chance.choice((-200, -100, -30, 5, 30, 100, 168, 200, 9000))
                meeting = chance.choice(ahead[:4])
                move_meeting(
                    meeting, meeting.starts_at + timedelta(hours=hours), by=cast.ceo, now=now, why="Fair"
                )
            case "excuse":
                excuse_meeting(chance.choice(ahead[:4]), by=cast.ceo, now=now, why="Fair")
            case "hold":
                if not running:
                    start_meeting(ahead[0], by=cast.ceo, now=now)
                close_meeting((running or ahead)[0], by=cast.ceo, now=now + timedelta(minutes=30))
            case "reopen" if held:
                reopen_meeting(chance.choice(held), by=cast.ceo, now=now, why="A figure")
    except TransitionNotAllowed:
        pass


def _compare(team: Team, model: Model) -> None:
    order = model.in_order()
    assert list(team.meetings.in_order().values_list("pk", flat=True)) == order
    starts = [model.meetings[pk][0] for pk in order if model.meetings[pk][1] not in ("missed", "excused")]
    assert len(set(starts)) == len(starts)
    past = read_past_meetings(Meeting.objects.filter(team=team), AFTER_ALL)[team.pk]
    assert [row.id for row in find_misses_in_a_row(past)] == model.misses_in_a_row()
    flags = Flag.objects.open().filter(team=team, step=1).values_list("meeting", flat=True)
    assert set(flags) <= set(model.misses_in_a_row()[:1])
    for position, pk in enumerate(order):
        meeting = Meeting.objects.select_related("team__company").get(pk=pk)
        sidebar = around(meeting, user=team.current_seats[0].user)
        assert [row.id for row in (sidebar.previous,) if row] == order[:position][-1:]
        assert [row.id for row in (sidebar.next,) if row] == order[position + 1 :][:1]
        outcomes = [model.meetings[earlier][1] for earlier in order[:position]]
        over = [outcome for outcome in outcomes if outcome in ("held", "missed", "excused")]
        read = read_meeting(meeting, AFTER_ALL).past
        assert [row.state for row in read] == over[::-1][: len(read)]
