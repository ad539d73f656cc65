"""Small child rows read in the parent's own query, as one JSON column, on both databases.

A page that shows a meeting with its seats, words, notes and past outcomes would need a query for
each; with this it needs one for all, whatever their number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

from django.db.models import QuerySet, Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler


class JsonRows(Subquery):
    """The rows of a queryset as a list of `into`, a NamedTuple whose fields are columns of the queryset.

    `paths` says where a field of another name is found: `JsonRows(moves, into=MoveRow, by="by__name")`. A value has
    the type its field is annotated with: times come in UTC, amounts in cents.
    """

    output_field = TextField()

    def __init__(self, queryset: QuerySet[Any], *, into: type[NamedTuple], **paths: str) -> None:
        self.into = into
        fields = [paths.get(name, name) for name in into._fields]
        super().__init__(queryset.values_list(*fields), output_field=TextField())
        self.columns = ", ".join(f'_rows."{field}"' for field in fields)

    def get_db_converters(self, connection: Any) -> list[Callable[..., Any]]:
        return [self._decode]

    def _decode(self, column: str | None, expression: Any, connection: Any) -> list[Any]:
        if column is None or column == "[]":
            return []
        read = rows(column)
        for position, decode in _decoders(self.into):
            for row in read:
                if row[position] is not None:
                    row[position] = decode(row[position])
        return [self.into._make(row) for row in read]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        return self.as_sql(
            compiler,
            connection,
            template=f"(SELECT json_group_array(json_array({self.columns})) FROM (%(subquery)s) _rows)",
            **extra,
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self.as_sql(
            compiler,
            connection,
            template=(
                f"(SELECT coalesce(json_agg(json_build_array({self.columns})), '[]')::text "
                "FROM (%(subquery)s) _rows)"
            ),
            **extra,
        )


def rows(column: str | None) -> list[list[Any]]:
    """What JsonRows read: numbers with a fraction as Decimal, times and days still as text."""
    read: list[list[Any]] = _DECODER.raw_decode(column)[0] if column else []
    return read


_DECODER = json.JSONDecoder(parse_float=Decimal)


@cache
def _decoders(into: type[NamedTuple]) -> list[tuple[int, Callable[[Any], Any]]]:
    """The places in a row whose values JSON does not know, and how each is read."""
    return list(_typed_positions(into))


def _typed_positions(into: type[NamedTuple]) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    for position, hint in enumerate(get_type_hints(into).values()):
        [kind] = [option for option in get_args(hint) or (hint,) if option is not NoneType]
        if kind in _TYPES:
            yield position, _TYPES[kind]


def as_time(value: str | None) -> datetime | None:
    """A time from a JsonRows column, in UTC."""
    if not value:
        return None
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def as_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def as_amount(value: Decimal | int | str | None) -> Decimal | None:
    """An amount from a JsonRows column, in cents."""
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


_TYPES: dict[type, Callable[[Any], Any]] = {datetime: as_time, date: as_day, Decimal: as_amount, bool: bool}
"""How the types are read that JSON does not have (SQLite says 0 and 1 for what is true or not)."""
