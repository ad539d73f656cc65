"""An Agenda as JSON and back, for the record. What is read back equals what was frozen."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from meetings.agenda.chapters import Agenda

Reader = Callable[[Any], Any]


def freeze(agenda: Agenda) -> dict[str, Any]:
    """The agenda as plain JSON: amounts and times as text, so that nothing is rounded."""
    frozen: dict[str, Any] = _plain(agenda)
    return frozen


def thaw(frozen: Mapping[str, Any]) -> Agenda:
    """The agenda as it was. Fields added to the product since then take their defaults."""
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
        return [_plain(each) for each in value]
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


@cache
def _reader(kind: Any) -> Reader:
    """How a value of this annotated type is read back."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = _reader(next(each for each in get_args(kind) if each is not type(None)))
        return lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        inner = _reader(get_args(kind)[0])
        return lambda value: tuple(inner(each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = [(field.name, _reader(hints[field.name])) for field in fields(kind)]
        return lambda value: kind(**{name: read(value[name]) for name, read in readers if name in value})
    simple: dict[Any, Reader] = {Decimal: Decimal, date: date.fromisoformat, datetime: datetime.fromisoformat}
    return simple.get(kind, lambda value: value)
