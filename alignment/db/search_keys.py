"""A stored key beside names and texts, by which both databases compare, order and search them alike."""

from __future__ import annotations

from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db import connection, models
from django.db.models import Count, Q

from alignment.rules import folding


class SearchKeyField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs alone
    """The key (alignment.rules.folding) of other fields of the row. Written whenever the row is saved.

    `QuerySet.update` knows nothing of it: whoever writes a name so gives it `with_keys(row, name=…)`.
    """

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        options.setdefault("default", "")
        options.setdefault("editable", False)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, _, options = super().deconstruct()
        return name, path, list(self.sources), options

    def db_parameters(self, connection: Any) -> Any:
        """By code points on both: PostgreSQL would sort by the language of its database."""
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django's signature
        value = self.key_of(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    def key_of(self, row: models.Model, **changed: str) -> str:
        return folding.search_key(*(changed.get(name, getattr(row, name)) for name in self.sources))


def search_key_fields(model: type[models.Model]) -> list[SearchKeyField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SearchKeyField)]  # noqa: SLF001


def with_keys(row: models.Model, **fields: Any) -> dict[str, Any]:
    """`fields` to be written by `QuerySet.update`, and the keys of the row that follow from them."""
    keys = (field for field in search_key_fields(type(row)) if not fields.keys().isdisjoint(field.sources))
    return fields | {field.name: field.key_of(row, **fields) for field in keys}


def contains(text: str, *keys: str) -> Q:
    """Rows with the text in one of these stored keys, whatever its case, accents and blanks."""
    searched = folding.unaccented(text)
    return reduce(or_, (Q(**{f"{name}__contains": searched}) for name in keys))


def write_keys(model: type[models.Model]) -> None:
    """Make the keys of all rows anew, for migrations: whatever wrote the rows before knew none."""
    keys = search_key_fields(model)
    quote, meta = connection.ops.quote_name, model._meta  # noqa: SLF001
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in keys)
    table, pk = quote(meta.db_table), quote(str(meta.pk.column))
    rows = model._base_manager.order_by("pk").iterator(chunk_size=2000)  # noqa: SLF001
    with connection.cursor() as cursor:
        while some := list(islice(rows, 2000)):
            values = [(*(field.key_of(row) for field in keys), row.pk) for row in some]
            cursor.executemany(f"UPDATE {table} SET {columns} WHERE {pk} = %s", values)


def refuse_duplicates(model: type[models.Model], *group: str, what: str) -> None:
    """Stop a migration whose constraint some rows would break, and name them."""
    rows = model._base_manager.order_by()  # noqa: SLF001
    twice = rows.values(*group).annotate(number=Count("pk")).filter(number__gt=1).values_list(*group)[:20]
    duplicates = [
        rows.filter(**dict(zip(group, same, strict=True))).values_list("name", "pk") for same in twice
    ]
    if duplicates:
        names = "; ".join(" and ".join(f"“{name}” ({pk})" for name, pk in same) for same in duplicates)
        raise ValueError(f"{what} Nothing was changed. Found: {names}")
