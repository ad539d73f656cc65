"""A change of the schedule or of the deadlines makes nobody late who was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from alignment.company import holidays
from alignment.models import Team
from meetings.forms.team_settings import DeadlinesForm
from meetings.models import Meeting
from meetings.models.team_cadence import cadence_of
from meetings.transitions.cadence_change import change_cadence
from tests.cast import Cast
from tests.factories import NOW, make_meeting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def set_deadline(cast: Cast, team: Team, hours: int) -> None:
    team.refresh_from_db()
    sent = {
        "due_rule": "hours",
        "due_time": "17:00",
        "preparation_hours": hours,
        "missed_after_hours": 24,
        "closes_after_hours": 4,
        "version": team.version,
    }
    form = DeadlinesForm(sent, instance=team, user=cast.admin)
    assert form.is_valid(), form.errors
    form.write(by=cast.admin, now=NOW)


def due(meeting: Meeting) -> datetime:
    return Meeting.objects.select_related("team__company").get(pk=meeting.pk).preparation_due


@pytest.mark.parametrize(
    ("starts_in", "before", "after", "due_in"),
    [
        (2 * DAY, 24, 72, 2 * DAY - 24 * HOUR),  # it would be due yesterday: it stays due as it was
        (2 * DAY, 2, 72, 2 * DAY - 4 * HOUR),  # four hours to read it
        (3 * HOUR, 1, 72, 2 * HOUR),  # no time to read it is left: as it was
        (2 * DAY, 24, 12, 2 * DAY - 12 * HOUR),  # later is later
        (DAY, 48, 72, DAY - 48 * HOUR),  # overdue stays overdue, and is no older
    ],
)
def test_an_earlier_deadline_makes_nobody_late(
    cast: Cast, starts_in: timedelta, before: int, after: int, due_in: timedelta
) -> None:
    Team.objects.filter(pk=cast.north.pk).update(preparation_hours=before)
    meeting = make_meeting(team=Team.objects.get(pk=cast.north.pk), starts_at=NOW + starts_in)
    set_deadline(cast, cast.north, after)
    assert due(meeting) == NOW + due_in


def test_a_meeting_after_it_is_due_by_the_new_rule(cast: Cast) -> None:
    far = make_meeting(team=cast.north, starts_at=NOW + 14 * DAY)
    set_deadline(cast, cast.north, 72)
    assert due(far) == NOW + 11 * DAY


def test_an_earlier_slot_makes_nobody_late(cast: Cast) -> None:
    """From Tuesday on the Monday meeting of next week is held on Tuesdays: tomorrow, due within a day."""
    meeting = make_meeting(team=cast.north, starts_at=NOW + 7 * DAY)
    tuesday = replace(cadence_of(cast.north), weekday=1, starts_on=(NOW + DAY).date())
    change_cadence(cast.north, tuesday, by=cast.admin, now=NOW + HOUR, stay=set(), go=set())
    meeting.refresh_from_db()
    assert meeting.starts_at == NOW + DAY
    assert due(meeting) == NOW + DAY - 4 * HOUR


@pytest.mark.parametrize("day", ["2026-11-25", "2026-12-25"])
def test_a_holiday_entered_for_today_makes_nobody_late(cast: Cast, day: str) -> None:
    """Thursday's meeting is prepared by Wednesday; on Wednesday an admin enters that day as a holiday."""
    Team.objects.filter(pk=cast.north.pk).update(due_rule="working_day", due_time=time(17))
    meeting = make_meeting(team=cast.north, starts_at=NOW + 3 * DAY)
    before, wednesday = due(meeting), NOW + 2 * DAY
    assert before.date() == wednesday.date()
    assert before > wednesday
    holidays.add(cast.company, [(date.fromisoformat(day), "Day off")], by=cast.admin, now=wednesday)
    assert due(meeting) == before
    holiday = cast.company.holidays.get()
    holidays.remove(holiday, by=cast.admin, now=wednesday)
    assert due(meeting) == before


def test_a_holiday_entered_in_time_moves_the_due_time(cast: Cast) -> None:
    Team.objects.filter(pk=cast.north.pk).update(due_rule="working_day", due_time=time(17))
    meeting = make_meeting(team=cast.north, starts_at=NOW + 3 * DAY)
    holidays.add(cast.company, [(date(2026, 11, 25), "Day off")], by=cast.admin, now=NOW)
    assert due(meeting).date() == date(2026, 11, 24)
