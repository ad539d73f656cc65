"""A new cadence from a chosen day: nothing twice, nothing past changed, and what somebody touched is asked about."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alignment.models import Entry, Notice, Team
from alignment.sweep.run import sweep
from meetings.models import Meeting, PrivateNote, TransitionNotAllowed
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import Cadence, Kind
from meetings.schedule.slots import plan_meetings
from meetings.transitions.cadence_change import (
    PlannedMeeting,
    assign_slots,
    change_cadence,
    preview_cadence_change,
)
from tests.cast import Cast
from tests.factories import NOW, make_held_meeting, make_update

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)


def planned(number: int, day: int, *, touched: bool = False) -> PlannedMeeting:
    slot = MONDAY + (day * DAY)
    return PlannedMeeting(number, slot, slot, is_touched=touched)


@pytest.mark.parametrize(
    ("meetings", "slots", "places"),
    [
        ([planned(1, 0), planned(2, 7)], [1, 8], {1: 1, 2: 8}),
        ([planned(1, 0), planned(2, 7)], [1, 8, 15], {1: 1, 2: 8}),
        ([planned(1, 0), planned(2, 7), planned(3, 14)], [1, 15], {1: 1, 2: 15, 3: None}),
        ([planned(1, 0), planned(2, 7, touched=True)], [1, 8], {1: 1, 2: 8}),
        ([planned(1, 0), planned(2, 7, touched=True), planned(3, 14)], [4, 32], {1: 32, 2: 4, 3: None}),
        ([planned(1, 7, touched=True)], [0, 14], {1: 0}),
        ([planned(1, 0, touched=True), planned(2, 7, touched=True)], [3], {1: 3, 2: None}),
        ([], [1], {}),
    ],
)
def test_the_touched_choose_the_nearest_slot_and_the_others_take_the_rest_in_order(
    meetings: list[PlannedMeeting], slots: list[int], places: dict[int, int | None]
) -> None:
    assignment = assign_slots(meetings, [MONDAY + day * DAY for day in slots])
    expected = {number: None if day is None else MONDAY + day * DAY for number, day in places.items()}
    assert assignment.slots == expected
    assert {*assignment.new_slots} == {MONDAY + day * DAY for day in slots} - {*expected.values()}


@pytest.fixture
def north(cast: Cast) -> Team:
    plan_meetings(cast.north, NOW)
    return cast.north


def to(team: Team, **changed: object) -> Cadence:
    return replace(cadence_of(team), **({"starts_on": date(2026, 12, 1), "weekday": 2} | changed))  # type: ignore[arg-type]


def do(cast: Cast, cadence: Cadence, *, stay: set[int] = frozenset(), go: set[int] = frozenset()) -> None:  # type: ignore[assignment]
    change_cadence(cast.north, cadence, by=cast.admin, now=NOW, stay=stay, go=go)


def days(team: Team) -> list[str]:
    local = (meeting.starts_at.astimezone(team.zone) for meeting in team.meetings.order_by("starts_at"))
    return [f"{each:%a %-d %b %H:%M}" for each in local]


def test_from_the_day_on_every_slot_is_one_of_the_new_cadence(cast: Cast, north: Team) -> None:
    do(cast, to(north, time=time(14, 30)))
    assert days(north)[:3] == ["Mon 30 Nov 09:00", "Wed 2 Dec 14:30", "Wed 9 Dec 14:30"]
    assert len(days(north)) == 8


def test_untouched_meetings_stay_the_same_rows_so_that_no_link_breaks(cast: Cast, north: Team) -> None:
    before = set(north.meetings.values_list("pk", flat=True))
    do(cast, to(north))
    assert set(north.meetings.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        (
            {"kind": Kind.FORTNIGHTLY},
            ["Mon 30 Nov 09:00", "Wed 2 Dec 09:00", "Wed 16 Dec 09:00", "Wed 30 Dec 09:00"],
        ),
        ({"kind": Kind.MONTHLY, "nth": -1}, ["Mon 30 Nov 09:00", "Wed 30 Dec 09:00"]),
        ({"weekday": 0}, ["Mon 30 Nov 09:00", "Mon 7 Dec 09:00", "Mon 14 Dec 09:00", "Mon 21 Dec 09:00"]),
        ({"zone": ZoneInfo("America/New_York")}, ["Mon 30 Nov 09:00", "Wed 2 Dec 15:00", "Wed 9 Dec 15:00"]),
    ],
)
def test_any_cadence_takes_the_place_of_any_other(
    cast: Cast, north: Team, changed: dict[str, object], first: list[str]
) -> None:
    do(cast, to(north, **changed))
    assert days(north)[: len(first)] == first
    north.refresh_from_db()
    assert plan_meetings(north, NOW) == 0
    sweep(NOW)
    assert len(days(north)) == len(set(days(north)))


def test_weekly_again_after_a_month_fills_every_week_once(cast: Cast, north: Team) -> None:
    do(cast, to(north, kind=Kind.MONTHLY))
    north.refresh_from_db()
    do(cast, to(north, kind=Kind.WEEKLY, weekday=0))
    assert days(north)[:4] == ["Mon 30 Nov 09:00", "Mon 7 Dec 09:00", "Mon 14 Dec 09:00", "Mon 21 Dec 09:00"]


def test_a_day_beyond_what_is_planned_leaves_the_old_cadence_until_then(cast: Cast, north: Team) -> None:
    do(cast, to(north, starts_on=date(2027, 3, 1)))
    told = days(north)
    assert "Mon 22 Feb 09:00" in told and "Wed 3 Mar 09:00" not in told
    north.refresh_from_db()
    plan_meetings(north, NOW + 60 * DAY)
    assert "Wed 3 Mar 09:00" in days(north)


def test_nothing_past_changes(cast: Cast, north: Team) -> None:
    held = make_held_meeting(team=north)
    before = Meeting.objects.filter(pk=held.pk).values().get()
    do(cast, to(north))
    assert Meeting.objects.filter(pk=held.pk).values().get() == before


@pytest.fixture
def prepared(north: Team) -> Meeting:
    meeting = north.meetings.get(planned_start=datetime(2026, 12, 7, 8, tzinfo=UTC))
    make_update(meeting=meeting, author=north.current_seats[1].user)
    return meeting


def test_what_somebody_prepared_is_asked_about(cast: Cast, north: Team, prepared: Meeting) -> None:
    assert [each.id for each in preview_cadence_change(north, to(north), NOW).to_confirm] == [prepared.pk]
    with pytest.raises(TransitionNotAllowed, match="just prepared or moved"):
        do(cast, to(north))
    assert days(north)[1] == "Mon 7 Dec 09:00"


def test_a_prepared_meeting_goes_along_with_its_words(cast: Cast, north: Team, prepared: Meeting) -> None:
    do(cast, to(north), go={prepared.pk})
    prepared.refresh_from_db()
    assert prepared.planned_start == prepared.starts_at == datetime(2026, 12, 9, 8, tzinfo=UTC)
    assert prepared.updates.count() == 1 and not prepared.moves.exists()


def test_or_it_stays_at_its_time_as_a_move_of_the_new_slot(
    cast: Cast, north: Team, prepared: Meeting
) -> None:
    do(cast, to(north), stay={prepared.pk})
    prepared.refresh_from_db()
    assert prepared.planned_start == datetime(2026, 12, 9, 8, tzinfo=UTC)
    assert prepared.starts_at == datetime(2026, 12, 7, 8, tzinfo=UTC)
    assert days(north)[1:3] == ["Wed 2 Dec 09:00", "Mon 7 Dec 09:00"] and len(days(north)) == 8


def test_a_prepared_meeting_is_never_deleted(cast: Cast, north: Team, prepared: Meeting) -> None:
    do(cast, to(north, kind=Kind.MONTHLY, nth=3), go={prepared.pk})
    prepared.refresh_from_db()
    assert prepared.planned_start == datetime(2026, 12, 16, 8, tzinfo=UTC)


@pytest.mark.parametrize("touch", ["note", "move", "excuse", "submit"])
def test_a_note_a_move_an_excuse_and_a_hand_in_touch_it(cast: Cast, north: Team, touch: str) -> None:
    meeting = north.meetings.get(planned_start=datetime(2026, 12, 7, 8, tzinfo=UTC))
    if touch == "note":
        PrivateNote.objects.create(meeting=meeting, author=cast.ceo, text="Ask", changed_at=NOW)
    elif touch == "move":
        meeting.move(MONDAY + 8 * DAY, by=cast.ceo, now=NOW, why="Fair")
    elif touch == "excuse":
        meeting.excuse(by=cast.ceo, now=NOW, why="Fair")
    else:
        meeting.submit_preparation(by=cast.leader, now=NOW)
    assert [each.id for each in preview_cadence_change(north, to(north), NOW).to_confirm] == [meeting.pk]


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 23)])
def test_a_day_that_is_not_to_come_is_refused(cast: Cast, north: Team, day: date) -> None:
    with pytest.raises(TransitionNotAllowed, match="from tomorrow on"):
        do(cast, to(north, starts_on=day))


def test_everyone_gets_the_new_series_and_the_change_is_in_the_audit(cast: Cast, north: Team) -> None:
    sweep(NOW)
    Notice.objects.all().delete()
    do(cast, to(north))
    assert Notice.objects.filter(kind="invitation").values("to").distinct().count() == 5
    entry = Entry.objects.get(what="cadence.changed")
    assert (entry.old, entry.by) == ("Every Monday at 09:00, Paris", cast.admin)
    assert entry.new == "Every Wednesday at 09:00, Paris, from 2026-12-01"


def test_a_reminder_sent_for_the_old_time_is_sent_anew_for_the_new_one(cast: Cast, north: Team) -> None:
    ahead = north.meetings.order_by("planned_start")[1]
    do(cast, to(north))
    ahead.refresh_from_db()
    assert ahead.sequence == 1  # part of what a reminder names


def test_after_many_changes_and_sweeps_each_slot_is_there_once(cast: Cast, north: Team) -> None:
    for number, kind in enumerate((Kind.FORTNIGHTLY, Kind.WEEKLY, Kind.MONTHLY, Kind.WEEKLY)):
        now = NOW + 3 * number * DAY
        north.refresh_from_db()
        cadence = to(north, kind=kind, weekday=number, starts_on=(now + DAY).date())
        change_cadence(north, cadence, by=cast.admin, now=now, stay=set(), go=set())
        sweep(now)
    weeks = [start.isocalendar()[:2] for start in north.meetings.values_list("planned_start", flat=True)]
    assert len(weeks) - len(set(weeks)) <= 2  # a change within a week may leave that week two
    assert north.meetings.count() == north.meetings.values("planned_start").distinct().count()
