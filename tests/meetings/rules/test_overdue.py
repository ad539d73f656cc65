"""An overdue commitment is news once."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules.overdue import became_overdue

LAST, TODAY = date(2026, 11, 16), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due", "since", "is_news"),
    [
        (date(2026, 11, 24), LAST, False),
        (TODAY, LAST, False),
        (date(2026, 11, 22), LAST, True),
        (LAST, LAST, True),  # on the day of a meeting it is not overdue yet
        (date(2026, 11, 15), LAST, False),  # overdue at that meeting already
        (date(2026, 11, 22), TODAY, False),  # a minute after today's meeting
        (date(2026, 9, 1), None, True),  # no meeting was held yet
        (TODAY, None, False),
    ],
)
def test_a_commitment_becomes_overdue_once(due: date, since: date | None, is_news: bool) -> None:
    assert became_overdue(due, today=TODAY, since=since) is is_news
