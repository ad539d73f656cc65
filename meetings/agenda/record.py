"""Agendas as JSON and back, for records. What is loaded equals what was frozen.

Older records stay readable: a field is added with a default, one that is renamed says what it was called before
(`formerly`), and none is removed.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from meetings.agenda.agenda import Agenda
from meetings.agenda.values import stored_names

Reader = Callable[[Any], Any]


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
