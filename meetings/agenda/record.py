"""Agendas as JSON and back, for records, and the texts in them. What is loaded equals what was frozen.

Older records stay readable: a field is added with a default, one that is renamed says what it was called before
(`formerly`), and none is removed.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from alignment.rules.formatting import day
from meetings.agenda.agenda import Agenda
from meetings.agenda.section import Row
from meetings.agenda.values import Person, Update, stored_names
from meetings.rules.amounts import amounts

Reader = Callable[[Any], Any]
TYPED_FIELDS = (
    "account",
    "owner",
    "rep",
    "what_is_wrong",
    "action",
    "plan",
    "measure",
    "detail",
    "resolution",
    "outcome",
)
"""Fields of an agenda's rows that hold typed text; a row has some of them."""


def freeze(agenda: Agenda) -> dict[str, Any]:
    """The agenda as plain JSON. Amounts and times are text, so that nothing is rounded."""
    frozen: dict[str, Any] = _plain(agenda)
    return frozen


def load_record(frozen: Mapping[str, Any]) -> Agenda:
    """The agenda as it was frozen. Fields added to the product since then take their defaults."""
    agenda: Agenda = _reader(Agenda)(frozen)
    return agenda


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, bool, type(None))):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


@cache
def _reader(kind: Any) -> Reader:
    """The function that reads a value of this annotated type back."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = _reader(next(part for part in get_args(kind) if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        inner = _reader(get_args(kind)[0])
        return lambda value: tuple(inner(item) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = {
            key: (field.name, _reader(hints[field.name]))
            for field in fields(kind)
            for key in stored_names(field)
        }
        return lambda value: kind(
            **{name: read(value[key]) for key, (name, read) in readers.items() if key in value}
        )
    simple: dict[Any, Reader] = {Decimal: Decimal, date: date.fromisoformat, datetime: datetime.fromisoformat}
    return simple.get(kind, lambda value: value)


class Utterance(NamedTuple):
    """One text of an agenda: who wrote it, or whose it is, and when, as far as that is known, and about what."""

    text: str
    who: str = ""
    at: datetime | date | None = None
    about: str = ""


def utterances(agenda: Agenda) -> Iterator[Utterance]:
    """Every text that its reader could search for, in the order of the agenda."""
    yield Utterance(amounts(agenda.headline, currency=agenda.currency, locale="en"))
    for section in agenda.sections:
        yield from _updates(section.words, section.title)
    for row in agenda.items:
        yield from _of_row(row)
    for commitment in agenda.commitments:
        about = f"commitment, due {day(commitment.due)}"
        yield Utterance(commitment.text, commitment.owner.name, commitment.made_at, about)
    for decided in agenda.decisions:
        yield Utterance(decided.text, "", decided.at, "decision")


def _of_row(row: Row) -> Iterator[Utterance]:
    """Its title and facts, with who raised or owns it, then the words of each side."""
    owner = getattr(row, "owner", None) or getattr(row, "rep", "")
    who = str(getattr(row, "raised_by", "") or (owner.name if isinstance(owner, Person) else owner or ""))
    at = getattr(row, "raised_at", None)
    yield Utterance(row.title, who, at)
    for name in TYPED_FIELDS:
        value = getattr(row, name, "")
        if value and isinstance(value, str):
            is_said = name not in ("resolution", "outcome")
            yield Utterance(value, who if is_said else "", at if is_said else None, row.title)
    yield from _updates(row.words, row.title)


def _updates(words: Iterable[Update], about: str) -> Iterator[Utterance]:
    return (Utterance(update.text, update.name, update.at, about) for update in words)
