"""When a meeting may be rated, and from when its ratings are shown."""

from datetime import UTC, datetime, timedelta

import pytest

from meetings.rules.ratings import can_be_rated, ratings_are_shown

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("is_in_progress", "closed_at", "expected"),
    [
        (True, None, True),
        (False, None, False),
        (False, NOW, True),
        (False, NOW - WEEK, True),
        (False, NOW - WEEK - timedelta(seconds=1), False),
    ],
)
def test_it_is_rated_while_it_runs_and_for_a_week_after(is_in_progress, closed_at, expected):
    assert can_be_rated(is_in_progress=is_in_progress, closed_at=closed_at, now=NOW) is expected


@pytest.mark.parametrize(
    ("roles", "open_", "expected"),
    [
        ([], True, False),
        (["ceo"], True, False),
        (["leader", "leader"], True, False),
        (["leader", "ceo"], True, True),
        (["ceo"], False, True),
    ],
)
def test_ratings_are_shown_once_both_have_rated_or_nobody_can_any_more(roles, open_, expected):
    assert ratings_are_shown(roles, can_be_rated=open_) is expected
