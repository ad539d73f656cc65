"""The day a moment falls on, in the zone of its row, asked in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, Func
from django.db.models.sql.compiler import SQLCompiler


class LocalDay(Func):
    """`LocalDay("starts_at", "team__timezone")`: Django's own functions know one zone for all rows."""

    output_field = DateField()
    arity = 2

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "django_datetime_cast_date(%(expressions)s, 'UTC')"  # Django's; the connection is in UTC
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)::date", arg_joiner=" AT TIME ZONE ", **extra
        )
