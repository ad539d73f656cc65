"""Full-text search over the records of a team: each search term must begin a word, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from alignment.models import Team, User
from alignment.rules.folding import positions, unaccented
from meetings.models import Record
from meetings.models.initiatives import plan_reader

MAX_HITS = 50
MAX_QUERY_LENGTH = 200
CONTEXT = 90
"""Characters shown before and after the first match in a line."""
MAX_LINES = 3
_WORD = re.compile(r"\w+")


class Piece(NamedTuple):
    """Text before a match, and the match itself; none at the end of a line."""

    before: str
    match: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record with all the terms; `pieces` are the lines around the first matches."""

    meeting: int
    starts_at: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    terms: tuple[str, ...]
    rows: tuple[Hit, ...]
    are_all: bool


def search(team: Team, user: User, query: str) -> Hits:
    """The latest record of each meeting that has all terms of the query, newest first.

    What only the CEO and the sales leader may read is searched for those two alone, and only where they were
    it then.
    """
    terms = terms_of(query)
    if not terms:
        return Hits(terms, (), are_all=True)
    records = _latest(team, plan_reader(team, user)).order_by("-meeting__starts_at")
    texts = records.values_list("meeting", "meeting__starts_at", "words").iterator(chunk_size=MAX_HITS)
    matching = (record for record in texts if matches(record[-1], terms))
    rows = [
        Hit(meeting, starts_at, snippet(text, terms))
        for meeting, starts_at, text in islice(matching, MAX_HITS + 1)
    ]
    return Hits(terms, tuple(rows[:MAX_HITS]), are_all=len(rows) <= MAX_HITS)


def terms_of(query: str) -> tuple[str, ...]:
    """The search terms folded, each once: “24/7” is two."""
    return tuple(dict.fromkeys(_WORD.findall(unaccented(query[:MAX_QUERY_LENGTH]))))


def matches(text: str, terms: Iterable[str]) -> bool:
    """Whether each term begins a word of the text. Compared here, not in the database: what it takes for a word,
    such as “-11” in a day or a whole web address, is not what people type."""
    folded = unaccented(text)
    return all(_pattern((term,)).search(folded) for term in terms)


def snippet(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """The lines with the first match of each term, at most three, each cut around its matches."""
    lines = text.splitlines()
    firsts = (
        next(
            (number for number, line in enumerate(lines) if _pattern((term,)).search(unaccented(line))), None
        )
        for term in terms
    )
    numbers = sorted({number for number in firsts if number is not None})[:MAX_LINES]
    pieces = [
        piece
        for number in numbers
        for piece in (*_mark_matches(lines[number], _pattern(terms)), Piece(" · "))
    ]
    return tuple(pieces[:-1])


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """For unaccented text."""
    return re.compile(r"\b(?:" + "|".join(map(re.escape, terms)) + ")")


def _mark_matches(line: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    """The line around its first match, cut into matches and the rest."""
    matches_in_line = list(positions(line, pattern))
    first, last = matches_in_line[0] if matches_in_line else (0, 0)
    start, end = max(0, first - CONTEXT), min(len(line), last + CONTEXT)
    at, before = start, "… " if start else ""
    for first, last in matches_in_line:
        if last <= end:
            yield Piece(before + line[at:first], line[first:last])
            at, before = last, ""
    yield Piece(line[at:end] + (" …" if end < len(line) else ""))


def _latest(team: Team, reader: int) -> QuerySet[Any]:
    """`reader` is the CEO or the sales leader, or 0 for everyone else."""
    later = Record.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    readable_text = Coalesce(
        KeyTextTransform(Record.reader(reader), "pair_texts"), F("text"), output_field=TextField()
    )
    return Record.objects.filter(~Exists(later), meeting__team=team).annotate(words=readable_text)
