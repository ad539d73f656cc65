"""What is prepared for a first meeting, when it is offered and when it opens."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules.first_meeting import (
    LONGEST_LINE,
    PARTS,
    can_open,
    lines_of,
    occasion,
    quarter_to_agree,
    wrong_with,
)


def test_lines_are_what_is_not_blank() -> None:
    assert lines_of(" Mid-size  plants \n\n Renewals\n") == ["Mid-size plants", "Renewals"]
    assert lines_of("") == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", ""),
        ("a\nb\nc", ""),
        ("a\n\nb\nc\n", ""),
        ("a\nb\nc\nd", "These are 4 lines. Write at most 3."),
        ("x" * LONGEST_LINE, ""),
        ("x" * (LONGEST_LINE + 1), f"A line has at most {LONGEST_LINE} characters."),
    ],
)
def test_three_short_lines_at_most(text: str, wrong: str) -> None:
    assert wrong_with(text) == wrong


def test_every_line_fits_into_a_sentence_of_the_agreement() -> None:
    assert max(len(part.as_sentence("x" * LONGEST_LINE)) for part in PARTS) <= 200


@pytest.mark.parametrize(
    ("today", "label"),
    [
        (date(2026, 10, 1), "Q4 2026"),
        (date(2026, 12, 17), "Q4 2026"),
        (date(2026, 12, 18), "Q1 2027"),
        (date(2026, 12, 31), "Q1 2027"),
    ],
)
def test_the_agreement_is_of_this_quarter_until_it_is_nearly_over(today: date, label: str) -> None:
    assert quarter_to_agree(today, first_month=1).label == label


@pytest.mark.parametrize(
    ("since", "met_before", "begins"),
    [
        (date(2026, 11, 1), False, "You are new"),
        (date(2025, 11, 1), False, "You have never"),
        (date(2025, 11, 1), True, "A new fiscal year"),
    ],
)
def test_why_it_is_offered(since: date, *, met_before: bool, begins: str) -> None:
    text = occasion(today=date(2026, 11, 23), together_since=since, met_before=met_before)
    assert text.startswith(begins)


@pytest.mark.parametrize(
    ("submitted", "is_meeting", "opens"),
    [
        ([], False, False),
        ([True], False, False),
        ([True, False], False, False),
        ([True, True], False, True),
        ([], True, True),
    ],
)
def test_it_opens_once_both_are_done_or_together(
    submitted: list[bool], *, is_meeting: bool, opens: bool
) -> None:
    assert can_open(submitted, is_meeting=is_meeting) is opens
