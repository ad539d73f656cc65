from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from alignment.rules.quiet_hours import EVERY_DAY, quiet_until

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = (0, 1, 2, 3, 4)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of 2026 in UTC. The 23rd of November is a Monday; Paris is an hour ahead."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(23, 20, 59), None),
        (at(23, 21), at(24, 6)),
        (at(23, 23, 30), at(24, 6)),
        (at(24, 5, 59), at(24, 6)),
        (at(24, 6), None),
    ],
)
def test_hours_over_midnight(now: datetime, expected: datetime | None) -> None:
    assert quiet_until(now, zone=PARIS, days=EVERY_DAY, start=time(22), end=time(7)) == expected


@pytest.mark.parametrize(
    ("now", "expected"), [(at(23, 10, 59), None), (at(23, 11), at(23, 13)), (at(23, 13), None)]
)
def test_hours_within_a_day(now: datetime, expected: datetime | None) -> None:
    assert quiet_until(now, zone=PARIS, days=EVERY_DAY, start=time(12), end=time(14)) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(27, 22, 59), None),
        (at(27, 23), at(29, 23)),
        (at(28, 12), at(29, 23)),
        (at(29, 22, 59), at(29, 23)),
        (at(29, 23), None),
    ],
)
def test_days_off_last_from_midnight_to_midnight_of_their_own_zone(
    now: datetime, expected: datetime | None
) -> None:
    assert quiet_until(now, zone=PARIS, days=WEEKDAYS, start=None, end=None) == expected


def test_a_day_off_ends_in_quiet_hours_and_the_wait_goes_on() -> None:
    assert quiet_until(at(28, 12), zone=PARIS, days=WEEKDAYS, start=time(22), end=time(7)) == at(30, 6)


def test_no_day_at_all_would_be_for_ever_and_counts_as_every_day() -> None:
    assert quiet_until(at(28, 12), zone=PARIS, days=(), start=None, end=None) is None


def test_a_single_day_a_week() -> None:
    assert quiet_until(at(24, 12), zone=PARIS, days=(0,), start=None, end=None) == at(29, 23)


def test_the_end_keeps_its_wall_hour_over_a_change_of_the_clock() -> None:
    assert quiet_until(at(24, 22, month=10), zone=PARIS, days=EVERY_DAY, start=time(22), end=time(7)) == at(
        25, 6, month=10
    )
