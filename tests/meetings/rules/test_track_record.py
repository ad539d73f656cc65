from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.escalation import Policy
from meetings.rules.outcomes import Outcome, PastMeeting
from meetings.rules.track_record import (
    Completion,
    Dots,
    completion,
    compute_track_record,
    find_misses_in_a_row,
    missed_in_a_row,
    share_held,
    streak,
)
from tests.factories import NOW

LETTERS = {"h": Outcome.HELD, "m": Outcome.MISSED, "e": Outcome.EXCUSED}
TODAY = date(2026, 11, 23)
WEEK = timedelta(weeks=1)


def newest_first(letters: str) -> list[Outcome]:
    return [LETTERS[letter] for letter in letters]


@pytest.mark.parametrize(
    ("letters", "held", "missed"),
    [
        ("", 0, 0),
        ("h", 1, 0),
        ("hhmh", 2, 0),
        ("hehhm", 3, 0),
        ("eehm", 1, 0),
        ("mmh", 0, 2),
        ("memeh", 0, 2),
        ("eee", 0, 0),
    ],
)
def test_an_excused_meeting_neither_breaks_nor_counts_in_a_row(letters: str, held: int, missed: int) -> None:
    assert streak(newest_first(letters)) == held
    assert missed_in_a_row(newest_first(letters)) == missed


@pytest.mark.parametrize(
    ("letters", "share"),
    [("", None), ("ee", None), ("h", Fraction(1)), ("hme", Fraction(1, 2)), ("mmeh", Fraction(1, 3))],
)
def test_the_share_held_leaves_the_excused_out(letters: str, share: Fraction | None) -> None:
    assert share_held(newest_first(letters)) == share


def test_dots_are_the_last_thirteen_oldest_first() -> None:
    dots = Dots.of(newest_first("mh" + "h" * 10 + "ehhm"))
    assert len(dots) == 13
    assert next(iter(dots)) == Outcome.EXCUSED
    assert list(dots)[-1] == Outcome.MISSED
    assert dots.in_words == "11 held, 1 missed, 1 excused"


def test_dots_of_a_new_team_are_few_or_none() -> None:
    assert list(Dots.of(newest_first("hm"))) == [Outcome.MISSED, Outcome.HELD]
    assert Dots.of([]).in_words == ""


@given(st.lists(st.sampled_from(list(Outcome))))
def test_a_team_cannot_be_on_both_streaks(outcomes: list[Outcome]) -> None:
    assert 0 in (streak(outcomes), missed_in_a_row(outcomes))
    assert streak(outcomes) + missed_in_a_row(outcomes) <= len(outcomes)


def past(letters: str) -> list[PastMeeting]:
    """Newest first, a week apart: h held, e excused, m both's, c the CEO's, l the leader's miss."""
    told = {
        "h": ("held", ""),
        "e": ("excused", ""),
        "m": ("missed", "both"),
        "c": ("missed", "ceo_absent"),
        "l": ("missed", "leader_absent"),
        "?": ("missed", ""),
    }
    return [
        PastMeeting(number, Outcome(told[letter][0]), NOW - number * WEEK, told[letter][1])
        for number, letter in enumerate(letters, start=1)
    ]


@pytest.mark.parametrize(
    ("letters", "row", "step"),
    [
        ("", [], 0),
        ("h", [], 0),
        ("mh", [1], 1),
        ("memh", [3, 1], 2),
        ("mcl", [3, 2, 1], 3),
        ("mmmmh", [4, 3, 2, 1], 3),
    ],
)
def test_the_row_of_misses_begins_after_the_last_held_one(letters: str, row: list[int], step: int) -> None:
    found = find_misses_in_a_row(past(letters))
    assert [each.id for each in found] == row
    assert Policy(admins_told_after=2, red_after=3).step(len(found)) == step


@pytest.mark.parametrize(
    ("letters", "side", "streak", "share"),
    [
        ("hch", "", 1, 2 / 3),
        ("hch", "leader", 2, 1),
        ("hch", "ceo", 1, 2 / 3),
        ("hlh", "ceo", 2, 1),
        ("mhh", "leader", 0, 2 / 3),
        ("?hh", "leader", 0, 2 / 3),
        ("ee", "leader", 0, None),
    ],
)
def test_what_was_the_others_does_not_count_against_one(
    letters: str, side: str, streak: int, share: float | None
) -> None:
    found = compute_track_record(past(letters), now=NOW, side=side)
    assert found.streak == streak
    assert found.quarter == found.year == (None if share is None else pytest.approx(share))


def test_thirteen_and_fifty_two_weeks_and_ones_own_time() -> None:
    found = compute_track_record(past("h" * 10 + "m" * 10 + "h" * 60), now=NOW)
    assert (float(found.quarter or 0), float(found.year or 0)) == pytest.approx((10 / 12, 41 / 51))
    assert compute_track_record(past("hhmm"), now=NOW, since=NOW - 2 * WEEK).quarter == 1


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("due", "closed_on", "dropped", "expected"),
    [
        (ago(7), ago(7), False, (1, 1)),
        (ago(7), ago(6), False, (1, 0)),
        (ago(7), None, False, (1, 0)),
        (ago(90), ago(90), False, (1, 1)),
        (ago(91), ago(91), False, (0, 0)),
        (TODAY, None, False, (0, 0)),
        (TODAY, TODAY, False, (1, 1)),
        (ago(-1), ago(3), False, (0, 0)),
        (ago(7), ago(8), True, (0, 0)),
        (ago(7), ago(3), True, (1, 0)),
    ],
)
def test_what_fell_due_was_done_on_time_or_not(
    due: date, closed_on: date | None, dropped: bool, expected: tuple[int, int]
) -> None:
    found = completion([(due, closed_on, dropped)], today=TODAY)
    assert (found.due, found.on_time) == expected


@pytest.mark.parametrize(
    ("due", "on_time", "share", "healthy"),
    [(10, 9, Fraction(9, 10), True), (10, 8, Fraction(4, 5), False), (0, 0, None, True)],
)
def test_ninety_percent_on_time_is_healthy(
    due: int, on_time: int, share: Fraction | None, healthy: bool
) -> None:
    found = Completion(due, on_time)
    assert found.share == share
    assert found.is_healthy is healthy
