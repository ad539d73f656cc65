"""When the question whether the sales leader knows where they stand is put."""

from __future__ import annotations

from datetime import date

import pytest

from alignment.rules.periods import quarter_of
from alignment.rules.roles import Role
from meetings.rules.feedback_talk import BEGINNINGS, comes_back_on, is_due, question

QUARTER = quarter_of(date(2026, 11, 1), first_month=1)
LONG_AGO = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("today", "since", "talked_on", "ask_on", "due"),
    [
        (date(2026, 10, 14), LONG_AGO, None, None, False),  # the second week
        (date(2026, 10, 15), LONG_AGO, None, None, True),  # the third
        (date(2026, 12, 31), LONG_AGO, None, None, True),
        (date(2026, 11, 1), date(2026, 10, 3), None, None, False),  # 29 days together
        (date(2026, 11, 2), date(2026, 10, 3), None, None, True),
        (date(2026, 11, 2), LONG_AGO, date(2026, 10, 20), None, False),
        (date(2026, 11, 2), LONG_AGO, date(2026, 11, 2), date(2026, 11, 1), False),
        (date(2026, 11, 2), LONG_AGO, None, date(2026, 11, 3), False),
        (date(2026, 11, 3), LONG_AGO, None, date(2026, 11, 3), True),
    ],
)
def test_when_it_is_put(
    today: date, since: date, talked_on: date | None, ask_on: date | None, *, due: bool
) -> None:
    asks = is_due(today=today, quarter=QUARTER, together_since=since, talked_on=talked_on, ask_on=ask_on)
    assert asks is due


def test_not_yet_comes_back_in_two_weeks() -> None:
    assert comes_back_on(date(2026, 10, 20)) == date(2026, 11, 3)


def test_each_of_the_two_is_asked_their_own_question_with_three_sentences_to_begin() -> None:
    assert question(Role.CEO, "Joe") == "Have you told Joe where they stand, in plain words?"
    assert question(Role.LEADER, "Tom") == "Have you asked Tom where you stand?"
    assert [len(BEGINNINGS[role]) for role in (Role.CEO, Role.LEADER)] == [3, 3]
