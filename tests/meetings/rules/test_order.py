from datetime import UTC, datetime, timedelta

import pytest

from meetings.rules.order import find_passed

DAYS = [datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(days=number) for number in range(10)]


@pytest.mark.parametrize(
    ("start", "to", "others", "passed"),
    [
        (3, 4, (0, 7), None),
        (3, 2, (0, 7), None),
        (3, 7, (0, 7), 7),  # onto its very instant
        (3, 0, (0, 7), 0),
        (3, 9, (0, 7), 7),
        (3, 9, (8, 5, 7), 5),  # the nearest
        (5, 1, (2, 4, 7), 4),
        (3, 3, (0, 7), None),
        (3, 9, (), None),
    ],
)
def test_a_move_passes_the_nearest_meeting_in_its_way(
    start: int, to: int, others: tuple[int, ...], passed: int | None
) -> None:
    found = find_passed(DAYS[start], DAYS[to], [DAYS[day] for day in others])
    assert found == (None if passed is None else DAYS[passed])
