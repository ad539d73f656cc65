"""Objects from a query whose SQL is made once: as alignment.prepared, where a page needs the models themselves."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.sql.compiler import SQLCompiler

from alignment.prepared import Given, Prepared

Row = TypeVar("Row")


@dataclass(slots=True)
class _Answer:
    """What Django's row iterables ask of a queryset and of its query."""

    db: str
    compiler: SQLCompiler
    _known_related_objects: dict[Any, Any]
    _fields: None = None

    @property
    def query(self) -> _Answer:
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        return self.compiler


class PreparedModels(Prepared, Generic[Row]):
    """A queryset of models (or of tuples, by values_list) as a function of its values; each as Django would give it."""

    def __init__(self, make: Callable[..., models.QuerySet[Any, Row]], **kinds: type) -> None:
        super().__init__(make, **kinds)
        self.compilers: dict[str, tuple[Any, SQLCompiler]] = {}

    def objects(self, **values: Given) -> list[Row]:
        """One query; as `list(make(**values))`."""
        sql, filled = self._filled(values)
        iterable, written = self.compilers[connection.vendor]
        compiler = copy(written)
        compiler.connection = connection  # this thread's
        compiler.as_sql = lambda *_, **__: (sql, tuple(filled))  # type: ignore[method-assign]
        return list(iterable(_Answer(connection.alias, compiler, {})))

    def _written(self, queryset: models.QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
        compiler = queryset.query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        self.compilers[connection.vendor] = (queryset._iterable_class, compiler)  # noqa: SLF001 - rows to objects
        return sql, tuple(params)
