from datetime import date, timedelta

import pytest

from alignment.models import Heartbeat, Notice
from alignment.sweep.run import sweep
from meetings.models import Meeting
from meetings.schedule.slots import plan_meetings
from tests.cast import Cast
from tests.factories import NOW, make_meeting


def test_every_team_has_its_meetings_eight_weeks_ahead_at_its_local_hour(cast: Cast) -> None:
    assert plan_meetings(cast.north, NOW) == 8
    hours = {meeting.starts_at.astimezone(cast.north.zone).hour for meeting in cast.north.meetings.all()}
    assert hours == {9}


def test_planning_twice_plans_nothing_twice(cast: Cast) -> None:
    plan_meetings(cast.north, NOW)
    assert plan_meetings(cast.north, NOW) == 0


def test_slots_that_passed_while_nothing_ran_are_stated_as_missed(cast: Cast) -> None:
    plan_meetings(cast.north, NOW)
    after_three = NOW + timedelta(days=22, hours=1)
    assert sweep(after_three).counts["missed"] == 3
    assert sweep(after_three).counts["missed"] == 0


def test_a_team_without_meetings_gets_none_in_the_past(cast: Cast) -> None:
    cast.north.starts_on = date(2020, 1, 6)
    cast.north.save()
    plan_meetings(cast.north, NOW)
    assert not cast.north.meetings.filter(planned_start__lt=NOW).exists()


@pytest.mark.parametrize(("hours", "state"), [(23.9, "scheduled"), (24, "missed"), (240, "missed")])
def test_a_meeting_not_started_is_missed_after_the_grace(
    cast: Cast, meeting: Meeting, hours: float, state: str
) -> None:
    sweep(NOW + timedelta(hours=hours))
    meeting.refresh_from_db()
    assert meeting.state == state


def test_a_moved_meeting_is_missed_from_its_new_start(cast: Cast, meeting: Meeting) -> None:
    meeting.move(NOW + timedelta(days=3), by=cast.ceo, now=NOW, why="Trade fair")
    sweep(NOW + timedelta(days=3, hours=23))
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"


@pytest.mark.parametrize(("hours", "state"), [(12.4, "in_progress"), (12.5, "held")])
def test_a_meeting_left_open_closes_itself_twelve_hours_after_its_planned_end_and_still_mails(
    cast: Cast, meeting: Meeting, hours: float, state: str
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    sweep(NOW + timedelta(hours=hours))
    meeting.refresh_from_db()
    assert meeting.state == state
    assert meeting.closed_itself == (state == "held")
    assert Notice.objects.filter(kind="recap").count() == (2 if state == "held" else 0)


def test_a_sweep_leaves_its_heartbeat_and_does_each_thing_once(cast: Cast) -> None:
    make_meeting(team=cast.north, starts_at=NOW - timedelta(days=2))
    first = sweep(NOW)
    assert first.counts["missed"] == 1 and first.counts["planned"] > 0
    assert sweep(NOW).counts.total() == 0
    assert Heartbeat.objects.get(name="sweep").at == NOW


def test_a_zone_broken_by_hand_does_not_stop_the_clock_of_the_others(cast: Cast) -> None:
    type(cast.south).objects.filter(pk=cast.south.pk).update(timezone="Mars/Olympus")
    sweep(NOW)
    assert cast.north.meetings.exists()
    assert not cast.south.meetings.exists()
