"""Tables that are changed many at once: the same on the way back and forth, with what was in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from tests.migrations import LANDED, migrate, newest

DAY = date(2026, 3, 2)


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


def has_table(found: dict[tuple[str, str, str], list[str]], name: str) -> bool:
    return any(name in key for key in found)


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_the_same_after_the_way_back_and_forth() -> None:
    now = tables()
    try:
        migrate(*LANDED)
        before = tables()
        migrate(*newest())
        again = tables()
        migrate(*LANDED)
        before_again = tables()
    finally:
        migrate(*newest())
    assert again == now
    assert before_again == before
    assert has_table(now, "deals_rep")
    assert not has_table(before, "deals_rep")


@pytest.mark.django_db(transaction=True)
def test_rows_of_changed_tables_stay_and_get_the_defaults_of_new_columns() -> None:
    then = migrate(*LANDED)
    try:
        company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
        team = then.get_model("alignment.Team").objects.create(
            company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=DAY
        )
        usual = {"team": team, "created_at": "2026-03-02T08:00Z"}
        entry = then.get_model("deals.RevenueEntry").objects.create(day=DAY, amount="12.34", **usual)
    finally:
        now = migrate(*newest())
    row = now.get_model("deals.RevenueEntry").objects.get(pk=entry.pk)
    assert (row.day, row.amount, row.token) == (DAY, Decimal("12.34"), entry.token)
    assert (row.kind, row.original_currency, row.original_amount, row.run) == ("won", "", None, None)
    team = now.get_model("alignment.Team").objects.get(pk=team.pk)
    assert (team.revenue_kind, team.call_period, team.own_policies) == ("won", "quarter", [])
