"""Many new rows of a model at once, where seconds count because the transaction holds SQLite's write lock."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model


def insert_rows(rows: Sequence[Model]) -> None:
    """Like `bulk_create` of rows of one model, without their numbers: one short statement, executed once a row. Django
    writes a statement with a place for each value of all rows, which takes three times as long.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]  # itself: the usual one is looked up at each of its uses
    meta, quote = rows[0]._meta, connection.ops.quote_name  # noqa: SLF001 - Django's public name for it
    fields = [field for field in meta.local_concrete_fields if not field.primary_key and not field.generated]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({places})", values)
