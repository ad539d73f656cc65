"""Tables that are changed many at once: the same on the way back and forth, with what was in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from alignment.models import Team
from deals.models import RevenueEntry
from tests.migrations import LANDED, migrate, newest

DAY, AT = date(2026, 3, 2), datetime(2026, 3, 2, 8, tzinfo=UTC)


#: Of every table its columns in any order, its constraints and its indexes, as the database says them.
SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master"
POSTGRESQL = """
    SELECT 'column', table_name::text, column_name::text,
        concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, collation_name)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename::text, indexname::text, indexdef
    FROM pg_indexes WHERE schemaname = 'public'
"""


def tables() -> dict[tuple[str, str, str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
        rows = cursor.fetchall()
    return {
        (kind, name, of): sorted(part.strip("() ") for part in (sql or "").split(", "))
        for kind, name, of, sql in rows
    }


def has_table(schema: dict[tuple[str, str, str], list[str]], name: str) -> bool:
    return any(name in key for key in schema)


@pytest.mark.django_db(transaction=True)
def test_tables_are_the_same_after_the_way_back_and_forth_and_rows_stay() -> None:
    now = tables()
    then = migrate(*LANDED)
    try:
        before = tables()
        company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
        team = then.get_model("alignment.Team").objects.create(
            company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=DAY
        )
        usual = {"team": team, "created_at": AT}
        entry = then.get_model("deals.RevenueEntry").objects.create(day=DAY, amount="12.34", **usual)
    finally:
        migrate(*newest())
    assert tables() == now
    assert has_table(now, "deals_rep")
    assert not has_table(before, "deals_rep")
    row = RevenueEntry.objects.get(pk=entry.pk)
    assert (row.day, row.amount, row.token) == (DAY, Decimal("12.34"), entry.token)
    assert (row.kind, row.original_currency, row.original_amount, row.run) == ("won", "", None, None)
    east = Team.objects.get(pk=team.pk)
    assert (east.revenue_kind, east.call_period, east.own_policies) == ("won", "quarter", [])
