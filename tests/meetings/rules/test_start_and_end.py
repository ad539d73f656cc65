from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings.rules.start_and_end import closes_itself_at, is_early, minutes_late
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
