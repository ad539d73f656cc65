"""One list of reasons, by the side that caused it."""

import pytest

from deals.rules.reasons import LABELS, SIDES, ReasonFor, grouped_choices, kind_in_words, reason_in_words


def test_every_kind_has_words_and_one_side():
    assert sorted(kind for kinds in SIDES.values() for kind in kinds) == sorted(LABELS)


@pytest.mark.parametrize(
    ("kind", "words", "sentence"),
    [
        ("budget", "", "The buyer’s side: budget."),
        ("budget", "The board meets in May.", "The buyer’s side: budget. The board meets in May."),
        ("date", "", "The date was a guess."),
        ("people", "", "Our side: people."),
        ("", "They went quiet.", "They went quiet."),
        ("", "", ""),
    ],
)
def test_a_reason_in_words(kind, words, sentence):
    assert reason_in_words(kind, words) == sentence


def test_a_kind_that_is_not_in_the_list_has_no_words():
    assert kind_in_words("weather") == ""


@pytest.mark.parametrize(
    ("reason_for", "offered"),
    [
        (ReasonFor.PUSH, set(LABELS)),
        (ReasonFor.LOST, set(LABELS) - {"date"}),
        (ReasonFor.WON, {"budget", "priorities", "offer", "people"}),
    ],
)
def test_only_kinds_that_fit_are_offered(reason_for, offered):
    groups = grouped_choices(reason_for)
    assert {value for _, choices in groups for value, _ in choices} == offered
