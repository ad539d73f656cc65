"""Small child rows read in the parent's own query, as one JSON column, on both databases.

A page that shows a meeting with its seats, words, notes and past outcomes would need a query for
each; with this it needs one for all, whatever their number.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler


class JsonRows(Subquery):
    """The rows of a queryset as a JSON list of lists, in the order of `fields`; decode with `rows`."""

    output_field = TextField()

    def __init__(self, queryset: QuerySet[Any], *fields: str) -> None:
        columns = {f"c{number}": F(field) for number, field in enumerate(fields)}
        super().__init__(queryset.annotate(**columns).values(*columns), output_field=TextField())
        self.columns = ", ".join(f"_rows.{column}" for column in columns)

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
            template=f"(SELECT coalesce(json_agg(json_build_array({self.columns})), '[]')::text FROM (%(subquery)s) _rows)",
            **extra,
        )


def rows(column: str | None) -> list[list[Any]]:
    """What JsonRows read: numbers with a fraction as Decimal, times and days still as text."""
    read: list[list[Any]] = _DECODER.decode(column) if column else []
    return read


_DECODER = json.JSONDecoder(parse_float=Decimal)


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
