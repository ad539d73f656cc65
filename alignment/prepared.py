"""Queries whose SQL is made once. For the few pages where putting the query together costs more than running it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_FIRST = {
    int: 2_147_400_000,
    datetime: datetime(1901, 1, 1, 3, 7, 11, tzinfo=UTC),
    date: date(1902, 1, 1),
    Decimal: Decimal("2147300000.00"),
}
Given = int | date | datetime | Decimal


class Prepared:
    """A queryset of plain columns as a function of its values, each an int, an amount, a date or an aware datetime.

    `make` is called once a database with stand-ins and must use each as it is: compute with it beforehand, not inside.
    Rows come as the database gives them: see alignment.rows for reading times, days and amounts.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        self.make, self.kinds = make, kinds
        self.made: dict[str, tuple[str, tuple[Any, ...], tuple[tuple[int, str], ...]]] = {}

    def rows(self, **values: Given) -> list[tuple[Any, ...]]:
        """One query."""
        sql, filled = self._filled(values)
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _filled(self, values: dict[str, Given]) -> tuple[str, list[Any]]:
        sql, params, places = self.made.get(connection.vendor) or self._compile()
        filled = list(params)
        for place, name in places:
            filled[place] = _adapted(values[name])
        return sql, filled

    def _written(self, queryset: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
        sql, params = queryset.query.get_compiler(connection.alias).as_sql()
        return sql, tuple(params)

    def _compile(self) -> tuple[str, tuple[Any, ...], tuple[tuple[int, str], ...]]:
        stand_ins = {name: _stand_in(kind, number) for number, (name, kind) in enumerate(self.kinds.items())}
        sql, params = self._written(self.make(**stand_ins))
        known = {str(_adapted(value)): name for name, value in stand_ins.items()}
        places = tuple(
            (place, known[str(value)]) for place, value in enumerate(params) if str(value) in known
        )
        missing = self.kinds.keys() - {name for _, name in places}
        if missing:
            raise TypeError(f"{self.make.__name__} does not use {', '.join(missing)} as given.")
        self.made[connection.vendor] = (sql, params, places)
        return self.made[connection.vendor]


def _stand_in(kind: type, number: int) -> Any:
    first: Any = _FIRST[kind]
    return first + (number if kind in (int, Decimal) else timedelta(days=number))


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Decimal):
        return connection.ops.adapt_decimalfield_value(value, max_digits=18, decimal_places=2)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
