"""Full-text search over the records of a team: every word must be there, at the beginning of a word, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from alignment.models import Team, User
from meetings.models import Record

MOST = 50
LONGEST = 200
AROUND = 90
"""Letters shown before and after the first word found in a line."""
MOST_LINES = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A record in which every word stands; `pieces` are the lines around the first."""

    meeting: int
    starts_at: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    words: tuple[str, ...]
    rows: tuple[Hit, ...]
    are_all: bool


def search(team: Team, user: User, query: str) -> Hits:
    """The latest record of each meeting in which all words of the query stand, newest first; what only the two may
    read is found by the two alone, and by who follows them only where they were one of the two."""
    words = words_of(query)
    if not words:
        return Hits(words, (), are_all=True)
    records = _latest(team, user.pk if team.is_pair(user) else 0).order_by("-meeting__planned_start")
    found = (
        _on_postgresql(records, words) if connection.vendor == "postgresql" else _in_python(records, words)
    )
    rows = [
        Hit(meeting, starts_at, snippet(text, words))
        for meeting, starts_at, text in found.values_list("meeting", "meeting__starts_at", "words")[
            : MOST + 1
        ]
    ]
    return Hits(words, tuple(rows[:MOST]), are_all=len(rows) <= MOST)


def words_of(query: str) -> tuple[str, ...]:
    """The words searched for, in small letters, each once."""
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(query[:LONGEST])))


def matches(text: str, words: Iterable[str]) -> bool:
    """Whether for each of the words one of the text begins with it."""
    present = {word.lower() for word in _WORD.findall(text)}
    return all(any(each.startswith(word) for each in present) for word in words)


def snippet(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The lines in which the words first stand, at most three, each cut around what was found."""
    lines = text.splitlines()
    firsts = (
        next((number for number, line in enumerate(lines) if _pattern((word,)).search(line)), None)
        for word in words
    )
    shown = sorted({number for number in firsts if number is not None})[:MOST_LINES]
    pieces = [
        piece
        for number in shown
        for piece in (*_marked(lines[number], _pattern(words)), Piece(" · ", found=False))
    ]
    return tuple(pieces[:-1])


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + ")", re.IGNORECASE)


def _marked(line: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    """The line around its first word found, cut into what was found and the rest."""
    first = pattern.search(line)
    start = max(0, first.start() - AROUND) if first else 0
    end = min(len(line), (first.end() if first else 0) + AROUND)
    at, before = start, "… " if start else ""
    for match in pattern.finditer(line, start, end):
        yield Piece(before + line[at : match.start()], found=False)
        yield Piece(match[0], found=True)
        at, before = match.end(), ""
    yield Piece(line[at:end] + (" …" if end < len(line) else ""), found=False)


def _latest(team: Team, reader: int) -> QuerySet[Any]:
    """`reader` is one of the two, or 0 for everyone else."""
    later = Record.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    theirs = Coalesce(
        KeyTextTransform(Record.reader(reader), "pair_texts"), F("text"), output_field=TextField()
    )
    return Record.objects.filter(~Exists(later), meeting__team=team).annotate(words=theirs)


def _on_postgresql(records: QuerySet[Any], words: Iterable[str]) -> QuerySet[Any]:
    """The dictionary is “simple”: words as they are written, in whatever language."""
    wanted = (SearchQuery(f"'{word}':*", search_type="raw", config="simple") for word in words)
    found: QuerySet[Any] = records.annotate(vector=SearchVector("words", config="simple"))
    return found.filter(vector=reduce(and_, wanted))


def _in_python(records: QuerySet[Any], words: Iterable[str]) -> QuerySet[Any]:
    """SQLite knows small and capital letters of English alone, so the words are compared here."""
    texts = records.values_list("pk", "words")
    return records.filter(pk__in=[pk for pk, text in texts if matches(text, words)])
