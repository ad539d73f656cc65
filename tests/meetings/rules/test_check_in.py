"""What is asked when, and until when it is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from meetings.rules.check_in import (
    KEYS,
    WINDOW,
    Stage,
    closes_at,
    is_full,
    is_open,
    stage_of,
    statement_to_guess,
)

CLOSED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("held_before", "day", "day_before", "full"),
    [
        (0, 200, 193, False),
        (2, 200, 193, False),
        (3, 200, 193, True),  # the fourth
        (4, 200, 193, False),
        (7, 200, 193, True),
        (4, 29, 22, False),
        (4, 30, 23, True),  # on day 30
        (4, 33, 26, True),  # the first one after it
        (5, 40, 33, False),
        (8, 61, 54, True),
        (12, 95, 88, True),
        (12, 120, 25, True),  # three marks passed at once: one check-in
        (0, 200, 199, False),  # a new CEO beside a leader long in the seat
        (0, 327, 0, False),  # long in the seat, and the first meeting of all
        (0, 31, 0, True),  # the pair’s first meeting, a month late
    ],
)
def test_the_five_statements_come_every_fourth_meeting_and_at_the_marks_of_a_new_leader(
    held_before: int, day: int, day_before: int, full: bool
) -> None:
    assert is_full(held_before=held_before, day=day, day_before=day_before) is full


def test_another_statement_is_guessed_each_time() -> None:
    assert [statement_to_guess(number) for number in range(6)] == [*KEYS, KEYS[0]]


@pytest.mark.parametrize(
    ("before", "closed_at", "expected"),
    [
        (None, CLOSED, CLOSED + WINDOW),
        (CLOSED + WINDOW, CLOSED + HOUR, CLOSED + HOUR + WINDOW),  # undone and ended again
        (CLOSED + WINDOW, CLOSED + WINDOW, CLOSED + WINDOW),  # what was closed stays closed
        (CLOSED + WINDOW, CLOSED + 3 * WINDOW, CLOSED + WINDOW),
    ],
)
def test_it_is_open_for_a_day_from_the_close(
    before: datetime | None, closed_at: datetime, expected: datetime
) -> None:
    assert closes_at(closed_at=closed_at, before=before) == expected


@pytest.mark.parametrize(
    ("revealed", "closes", "now", "is_it"),
    [
        (False, None, CLOSED, True),  # the meeting still runs
        (False, CLOSED, CLOSED - HOUR, True),
        (False, CLOSED, CLOSED, False),
        (True, CLOSED, CLOSED - HOUR, False),
        (True, None, CLOSED, False),
    ],
)
def test_when_it_can_be_answered(revealed: bool, closes: datetime | None, now: datetime, is_it: bool) -> None:
    assert is_open(is_revealed=revealed, closes_at=closes, now=now) is is_it


@pytest.mark.parametrize(
    ("revealed", "open_", "answered", "stage"),
    [
        (False, True, False, Stage.TO_ANSWER),
        (False, True, True, Stage.ANSWERED),
        (True, False, True, Stage.REVEALED),
        (False, False, True, Stage.OTHER_MISSING),
        (False, False, False, Stage.NOT_ANSWERED),
    ],
)
def test_where_it_stands_for_one_of_the_two(
    revealed: bool, open_: bool, answered: bool, stage: Stage
) -> None:
    assert stage_of(is_revealed=revealed, is_open=open_, has_answered=answered) is stage
