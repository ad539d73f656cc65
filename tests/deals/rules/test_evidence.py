"""Of which committed deals it is asked why they will close."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from deals.rules.evidence import FACTS, LABELS, EvidenceKind, current_commit, is_fresh, is_needed, last_slip

Q3, Q4, NEXT = date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)
TODAY = date(2026, 11, 23)
BEFORE, THEN, AFTER = (datetime(2026, 11, day, tzinfo=UTC) for day in (2, 3, 4))


class Row(NamedTuple):
    period_end: date
    left_at: datetime | None = None


@pytest.mark.parametrize(
    ("answers", "is_big", "slip", "requested_at", "needed"),
    [
        ([], False, None, None, False),
        ([], True, None, None, True),
        ([THEN], True, None, None, False),
        ([], False, Q3, None, True),
        ([THEN], False, Q3, None, False),
        ([], False, None, THEN, True),
        ([BEFORE], True, Q3, THEN, True),
        ([BEFORE, AFTER], True, Q3, THEN, False),
        ([THEN], False, None, THEN, False),
    ],
)
def test_big_slipped_and_requested_deals_are_asked_about_until_there_is_an_answer(
    answers: list[datetime], is_big: bool, slip: date | None, requested_at: datetime | None, needed: bool
) -> None:
    assert is_needed(answers, is_big=is_big, slip=slip, requested_at=requested_at) is needed


@pytest.mark.parametrize(
    ("ends", "slip"),
    [([], None), ([Q4], None), ([Q3, Q4], Q3), ([date(2026, 6, 30), Q3], Q3), ([TODAY], None)],
)
def test_the_last_slip_is_the_last_period_that_is_over(ends: list[date], slip: date | None) -> None:
    assert last_slip(ends, today=TODAY) == slip


def test_what_was_said_up_to_the_slip_holds_no_more() -> None:
    assert [is_fresh(day, Q3) for day in (Q3, date(2026, 10, 1))] == [False, True]
    assert is_fresh(Q3, None)


@pytest.mark.parametrize(
    ("rows", "current"),
    [
        ([], None),
        ([Row(Q3), Row(Q4), Row(NEXT)], Row(Q4)),
        ([Row(Q3), Row(Q4, left_at=THEN), Row(NEXT)], Row(NEXT)),
        ([Row(Q3), Row(Q4, left_at=THEN)], Row(Q4, left_at=THEN)),
        ([Row(date(2026, 6, 30)), Row(Q3)], Row(Q3)),
    ],
)
def test_answers_belong_to_the_commit_that_ends_next(rows: list[Row], current: Row | None) -> None:
    assert current_commit(rows, today=TODAY) == current


def test_five_facts_have_words_and_none_yet_is_no_fact() -> None:
    assert len(FACTS) == 5
    assert EvidenceKind.NONE_YET not in FACTS
    assert set(LABELS) == set(EvidenceKind)
