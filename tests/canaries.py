"""A company with one row of every model, in which every text says which field it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any
from uuid import uuid4

from django.db import connection, models

from alignment.exports.schema import Field, Model, all_models, columns, every, in_order, label_of
from alignment.models import Company
from tests.factories import NOW

TEXTS = (models.CharField, models.TextField, models.JSONField)
LENGTH = len("zq123")
VALUES: dict[type[Field], Any] = {
    models.DateTimeField: NOW,
    models.DateField: date(2026, 11, 23),
    models.TimeField: time(9),
    models.BooleanField: True,
    models.BinaryField: b"",
    models.GenericIPAddressField: "127.0.0.1",
}


def is_text(field: Field) -> bool:
    """Whether there is room for a canary in it: only the code of a currency is too short."""
    return isinstance(field, TEXTS) and (not field.max_length or field.max_length >= LENGTH)


def canaries() -> dict[str, str]:
    """The text that stands in each field (“room.Model.field”) of each model of the installation."""
    names = [
        f"{label_of(model)}.{field.name}"
        for model in all_models()
        for field in columns(model)
        if is_text(field)
    ]
    return {name: f"zq{number:03}" for number, name in enumerate(sorted(names), start=100)}


def plant_canaries() -> Company:
    """The company to which the row of every model belongs."""
    planted: dict[Model, models.Model] = {}
    texts = canaries()
    with without_check_constraints():
        for model in in_order(all_models()):
            values = {
                field.attname: planted_value(field, texts.get(f"{label_of(model)}.{field.name}"), planted)
                for field in columns(model)
                if not isinstance(field, models.AutoField)
            }
            (planted[model],) = every(model).bulk_create([model(**values)])
    company = planted[Company]
    assert isinstance(company, Company)
    return company


def planted_value(field: Field, text: str | None, planted: dict[Model, models.Model]) -> Any:
    if field.is_relation:
        target = field.related_model
        return planted[target].pk if isinstance(target, type) and target in planted else None
    if text is not None:
        return [text] if isinstance(field, models.JSONField) else text
    if isinstance(field, models.CharField):
        return "EUR"[: field.max_length]
    if isinstance(field, models.UUIDField):
        return uuid4()
    kind = next((kind for kind in VALUES if isinstance(field, kind)), None)
    return 1 if kind is None else VALUES[kind]


@contextmanager
def without_check_constraints() -> Iterator[None]:
    """What the fields say makes no sense together; the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            try:
                yield
            finally:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield


def found_in(content: bytes) -> set[str]:
    """The fields whose canaries are in a file, also inside the files of a ZIP or a spreadsheet."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set().union(*(found_in(archive.read(name)) for name in archive.namelist()))
    return {name for name, text in canaries().items() if text.encode() in content}
