"""Where two answers are apart, reckoned by hand."""

from __future__ import annotations

import pytest

from meetings.rules.check_in import KEYS
from meetings.rules.divergence import Both, Reason, find_divergences, is_growing, question_of_taps

APART, LOW, GROWING = Reason.APART, Reason.BOTH_LOW, Reason.GROWING
MY_GUESS, THEIR_GUESS = Reason.MY_GUESS, Reason.THEIR_GUESS
NEAR = dict.fromkeys(KEYS, 4)


def both(mine: int, theirs: int, *, guessed: str = "plan", my_guess: int = 4, their_guess: int = 4) -> Both:
    """Near each other on everything but the pipeline."""
    return Both(
        NEAR | {"pipeline": mine},
        NEAR | {"pipeline": theirs},
        guessed=guessed,
        my_guess=my_guess,
        their_guess=their_guess,
    )


@pytest.mark.parametrize(
    ("rounds", "reasons", "question"),
    [
        ([], None, ""),
        ([(4, 4)], None, ""),
        ([(4, 3)], None, ""),
        ([(2, 4)], (APART,), "You see the pipeline at 4, I at 2: what would make it a 3?"),
        ([(4, 2)], (APART,), "You see the pipeline at 2, I at 4: what would make it a 3?"),
        ([(5, 1)], (APART,), "You see the pipeline at 1, I at 5: what would make it a 2?"),
        ([(5, 3)], (APART,), "You see the pipeline at 3, I at 5: what would make it a 4?"),
        ([(2, 2)], (LOW,), "We both see the pipeline at 2: what would make it a 3?"),
        ([(1, 1)], (LOW,), "We both see the pipeline at 1: what would make it a 2?"),
        ([(1, 2)], (LOW,), "You see the pipeline at 2, I at 1: what would make it a 3?"),
        ([(3, 2)], None, ""),
        ([(1, 3)], (APART,), "You see the pipeline at 3, I at 1: what would make it a 2?"),
        ([(4, 2), (4, 4)], None, ""),  # what was apart once and is not any more
        ([(4, 4), (4, 3)], None, ""),  # two are too few to grow over three
        ([(4, 4), (3, 4), (3, 4)], (GROWING,), "You see the pipeline at 4, I at 3: what would make it a 4?"),
        ([(4, 4), (4, 4), (3, 4)], None, ""),  # one step of 1
        ([(3, 4), (3, 4), (3, 4)], None, ""),  # apart by 1, and not growing
        ([(5, 4), (3, 4), (3, 4)], (GROWING,), "You see the pipeline at 4, I at 3: what would make it a 4?"),
        ([(4, 4), (5, 4), (3, 4)], None, ""),  # once this way, once that way
        ([(4, 4), (3, 4), (2, 4)], (APART,), "You see the pipeline at 4, I at 2: what would make it a 3?"),
        ([(4, 4), (2, 4), (3, 4)], None, ""),  # nearer again
        (
            [(2, 4), (4, 4), (3, 4), (3, 4)],
            (GROWING,),
            "You see the pipeline at 4, I at 3: what would make it a 4?",
        ),
        ([(2, 2), (2, 2), (1, 2)], (LOW,), "You see the pipeline at 2, I at 1: what would make it a 3?"),
        (
            [(2, 2), (1, 2), (1, 2)],
            (LOW, GROWING),
            "You see the pipeline at 2, I at 1: what would make it a 3?",
        ),
    ],
)
def test_where_two_are_apart(
    rounds: list[tuple[int, int]], reasons: tuple[Reason, ...] | None, question: str
) -> None:
    found = find_divergences([both(*one) for one in rounds])
    assert [row.reasons for row in found] == ([] if reasons is None else [reasons])
    assert [row.question for row in found] == ([question] if question else [])


@pytest.mark.parametrize(
    ("my_guess", "their_guess", "reasons", "question"),
    [
        (3, 4, None, ""),
        (2, 3, (MY_GUESS,), "I expected you to see the pipeline at 2, and you see it at 4: what did I miss?"),
        (
            5,
            1,
            (THEIR_GUESS,),
            "You expected me to see the pipeline at 1, and I see it at 3: what should I have told you?",
        ),
        (
            2,
            5,
            (MY_GUESS, THEIR_GUESS),
            "I expected you to see the pipeline at 2, and you see it at 4: what did I miss?",
        ),
    ],
)
def test_a_guess_that_is_off_by_two(
    my_guess: int, their_guess: int, reasons: tuple[Reason, ...] | None, question: str
) -> None:
    one = both(3, 4, guessed="pipeline", my_guess=my_guess, their_guess=their_guess)
    found = find_divergences([one])
    assert [(row.reasons, row.question) for row in found] == ([(reasons, question)] if reasons else [])


def test_only_the_guess_of_the_last_check_in_counts() -> None:
    before = both(3, 4, guessed="pipeline", my_guess=1)
    assert find_divergences([before, both(3, 4)]) == ()


def test_the_widest_comes_first() -> None:
    mine = NEAR | {"plan": 2, "deals": 1, "support": 2}
    theirs = NEAR | {"plan": 4, "deals": 5, "support": 2}
    assert [row.key for row in find_divergences([Both(mine, theirs)])] == ["deals", "plan", "support"]


@pytest.mark.parametrize(
    ("differences", "grows"),
    [([0, 1], False), ([0, 1, 1], True), ([0, -1, -1], True), ([0, 0, 0], False), ([1, 1, 1], False)],
)
def test_three_are_needed_to_grow(differences: list[int], grows: bool) -> None:
    assert is_growing(differences) is grows


@pytest.mark.parametrize(
    ("mine", "theirs", "question"),
    [
        ("yes", "yes", ""),
        ("yes", "partly", ""),
        ("partly", "no", ""),
        ("partly", "partly", ""),
        ("no", "no", "We both think we did not talk about what matters: what should come first next time?"),
        ("yes", "no", "I think we talked about what matters, you do not: what should come first next time?"),
        ("no", "yes", "You think we talked about what matters, I do not: what should come first next time?"),
    ],
)
def test_the_taps_of_both(mine: str, theirs: str, question: str) -> None:
    assert question_of_taps(mine, theirs) == question
