"""Full-text search over the records of a team: each search term must begin a word, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from alignment.models import Team, User
from alignment.rules.folding import positions, unaccented
from meetings.agenda.record import Utterance, load_record, utterances
from meetings.models import Record
from meetings.models.initiatives import plan_reader

MEETINGS_A_PAGE = 10
MAX_PAGES = 100
MAX_QUERY_LENGTH = 200
CONTEXT = 160
"""Characters shown before and after the first match of a sentence that is very long."""
MAX_SENTENCES = 5
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


class Piece(NamedTuple):
    """Text before a match, and the match itself; none at the end of a line."""

    before: str
    match: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with a match, who wrote it, when, and about what; the latter as far as they are known."""

    pieces: tuple[Piece, ...]
    who: str = ""
    at: datetime | date | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A meeting whose record has all the terms, with the sentences in which they stand."""

    meeting: int
    starts_at: datetime
    sentences: tuple[Sentence, ...]
    more: int = 0
    """How many more sentences have one of the terms."""


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of them, the newest meeting first."""

    terms: tuple[str, ...]
    rows: tuple[Hit, ...]
    page: int = 1
    has_next: bool = False

    @property
    def previous(self) -> int:
        """The page before; 0 on the first."""
        return self.page - 1


def search(team: Team, user: User, query: str, *, page: int = 1) -> Hits:
    """The latest record of each meeting the user may read that has all terms of the query, newest first.

    What only the CEO and the sales leader may read is searched for those two alone, and only where they were
    it then. The records are read one after the other until the page is full.
    """
    terms, page = terms_of(query), min(max(page, 1), MAX_PAGES)
    if not terms:
        return Hits(terms, ())
    reader = plan_reader(team, user)
    records = _latest(team, user, reader).order_by("-meeting__starts_at")
    texts = records.values_list("pk", "words").iterator(chunk_size=MEETINGS_A_PAGE * 5)
    matching = (pk for pk, text in texts if matches(text, terms))
    first = (page - 1) * MEETINGS_A_PAGE
    pks = list(islice(matching, first, first + MEETINGS_A_PAGE + 1))
    rows = _read(pks[:MEETINGS_A_PAGE], records, terms, reader)
    return Hits(terms, rows, page, has_next=len(pks) > MEETINGS_A_PAGE)


def _read(pks: list[int], records: QuerySet[Any], terms: Sequence[str], reader: int) -> tuple[Hit, ...]:
    """The records of one page whole, because their texts alone do not say who wrote them."""
    read = records.filter(pk__in=pks).values_list("meeting", "meeting__starts_at", "words", "agenda")
    return tuple(_hit(*row, terms=terms, reader=reader) for row in read)


def _hit(
    meeting: int, starts_at: datetime, text: str, agenda: dict[str, Any], *, terms: Sequence[str], reader: int
) -> Hit:
    texts = utterances(load_record(agenda).readable_by(reader)) if agenda else ()
    sentences = list(find_sentences(texts, terms)) or list(find_sentences([Utterance(text)], terms))
    selected = _choose(sentences, terms)
    return Hit(meeting, starts_at, tuple(selected), more=len(sentences) - len(selected))


def find_sentences(texts: Iterable[Utterance], terms: Sequence[str]) -> Iterator[Sentence]:
    """Each sentence with one of the terms, once."""
    pattern, known = _pattern(terms), set()
    for utterance in texts:
        for sentence in _SENTENCE.split(utterance.text):
            if sentence not in known and pattern.search(unaccented(sentence)):
                known.add(sentence)
                pieces = tuple(_mark_matches(sentence, pattern))
                yield Sentence(pieces, utterance.who, utterance.at, utterance.about)


def _choose(sentences: Sequence[Sentence], terms: Sequence[str]) -> list[Sentence]:
    """So many that each term is among them: those with most different terms first, shown in their order."""

    def others(sentence: Sentence) -> int:
        folded = unaccented(" ".join(piece.match for piece in sentence.pieces))
        return -sum(bool(_pattern((term,)).search(folded)) for term in terms)

    best = sorted(range(len(sentences)), key=lambda number: (others(sentences[number]), number))
    return [sentences[number] for number in sorted(best[:MAX_SENTENCES])]


def terms_of(query: str) -> tuple[str, ...]:
    """The search terms folded, each once: “24/7” is two."""
    return tuple(dict.fromkeys(_WORD.findall(unaccented(query[:MAX_QUERY_LENGTH]))))


def matches(text: str, terms: Iterable[str]) -> bool:
    """Whether each term begins a word of the text. Compared here, not in the database: what it takes for a word,
    such as “-11” in a day or a whole web address, is not what people type."""
    folded = unaccented(text)
    return all(_pattern((term,)).search(folded) for term in terms)


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


def _latest(team: Team, user: User, reader: int) -> QuerySet[Any]:
    """`reader` is the CEO or the sales leader, or 0 for everyone else."""
    later = Record.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    readable_text = Coalesce(
        KeyTextTransform(Record.reader(reader), "pair_texts"), F("text"), output_field=TextField()
    )
    records = Record.objects.visible_to(user).filter(~Exists(later), meeting__team=team)
    return records.annotate(words=readable_text)
