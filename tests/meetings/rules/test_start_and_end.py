from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings.rules.start_and_end import (
    closes_itself_at,
    is_early,
    minutes_late,
    needs_short_version,
    recap_due_at,
)
from tests.factories import NOW

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("started", "late"),
    [
        (None, 0),
        (-3 * HOUR, 0),
        (0 * MINUTE, 0),
        (5 * MINUTE, 0),
        (5 * MINUTE + timedelta(seconds=1), 5),
        (12.9 * MINUTE, 12),
        (HOUR, 60),
    ],
)
def test_a_start_more_than_five_minutes_late_is_a_late_one(started: timedelta | None, late: int) -> None:
    assert minutes_late(NOW, None if started is None else NOW + started) == late


@pytest.mark.parametrize(("hours", "early"), [(-1, False), (12, False), (12.01, True)])
def test_more_than_twelve_hours_ahead_is_an_early_start(hours: float, *, early: bool) -> None:
    assert is_early(NOW + hours * HOUR, NOW) == early


def test_a_meeting_closes_itself_after_real_hours_whatever_the_wall_clock_does() -> None:
    paris = datetime(2026, 10, 26, 9, tzinfo=ZoneInfo("Europe/Paris"))
    assert closes_itself_at(paris, minutes=30) == datetime(2026, 10, 26, 20, 30, tzinfo=UTC)
    assert closes_itself_at(paris, minutes=30, hours=1) == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_in", "planned_ahead", "expected"),
    [
        (14, 20, False),  # more than fifteen minutes are left
        (15, 15, False),  # on its plan
        (15, 16, True),
        (20, 30, True),  # began twenty minutes late
        (40, 7, True),  # beyond its end
        (40, 0, False),  # all of it was discussed
    ],
)
def test_a_meeting_behind_its_plan_may_go_on_in_a_short_version(
    minutes_in: int, planned_ahead: int, *, expected: bool
) -> None:
    now = NOW + timedelta(minutes=minutes_in)
    assert needs_short_version(NOW, now, minutes=30, planned_ahead=planned_ahead * 60) is expected


def test_the_recap_is_due_when_the_end_can_be_undone_no_more() -> None:
    assert recap_due_at(NOW) == NOW + timedelta(minutes=1)
