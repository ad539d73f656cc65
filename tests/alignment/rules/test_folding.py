"""How names and texts are compared, searched and ordered."""

from __future__ import annotations

import re

import pytest

from alignment.rules.folding import fold, positions, search_key, unaccented
from tests.words import WRITTEN_AND_SEARCHED


@pytest.mark.parametrize(("written", "searched"), WRITTEN_AND_SEARCHED)
def test_what_is_written_is_found_by_what_is_typed(written: str, searched: str) -> None:
    assert unaccented(searched) in search_key(written)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Österreich", "ÖSTERREICH", True),
        ("O\u0308sterreich", "österreich", True),
        ("Straße", "STRASSE", True),
        ("Acme\u200b  Co ", "acme co", True),
        ("Ａｃｍｅ", "acme", True),
        ("Müller", "Muller", False),
        ("Acme Co", "AcmeCo", False),
    ],
)
def test_two_names_are_the_same(one: str, other: str, *, same: bool) -> None:
    assert (fold(one) == fold(other)) is same
    assert (search_key(one) == search_key(other)) is same


def test_small_letters_and_accents_do_not_sort_last() -> None:
    names = ["zoo", "Österreich", "Zebra", "apple", "Osterode", "Oz", "Äpfel"]
    assert sorted(names, key=search_key) == ["Äpfel", "apple", "Osterode", "Österreich", "Oz", "Zebra", "zoo"]


@pytest.mark.parametrize(
    ("text", "searched", "found"),
    [
        ("Die Straße nach Über", "strass", "Straß"),
        ("nach U\u0308ber", "uber", "U\u0308ber"),
        ("Jose\u0301.", "jose", "Jose\u0301"),
        ("ﬁrst", "f", "ﬁ"),
        ("none", "x", None),
    ],
)
def test_a_match_is_shown_as_it_is_written(text: str, searched: str, found: str | None) -> None:
    assert [text[start:end] for start, end in positions(text, re.compile(searched))] == (
        [found] if found else []
    )
