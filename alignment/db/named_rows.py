"""Rows of a query as named tuples: columns are found by name, never by their position."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row", bound=NamedTuple)


def named_rows(queryset: QuerySet[Any], *, into: type[Row], **paths: str) -> Iterator[Row]:
    """The rows of a queryset, each as an `into`, whose fields are columns of the queryset.

    `paths` says where a field of another name is found: `named_rows(seats, into=SeatRow, name="user__name")`.
    """
    columns = [paths.get(name, name) for name in into._fields]
    return (into._make(row) for row in queryset.values_list(*columns))
