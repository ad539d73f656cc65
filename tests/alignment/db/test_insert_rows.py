"""Rows inserted one statement at a time are those that `bulk_create` writes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from alignment.db.insert_rows import insert_rows
from deals.models import Deal
from tests.cast import Cast
from tests.factories import NOW


def deal_of(cast: Cast, name: str) -> Deal:
    return Deal(
        team=cast.north,
        company=cast.company,
        name=name,
        amount=Decimal("1200.50"),
        close_date=date(2026, 12, 1),
        created_at=NOW,
        changed_at=NOW,
        created_by=cast.leader,
        merge_moves={"risks": [1, 2]},
    )


def test_they_are_stored_as_bulk_create_stores_them(cast: Cast) -> None:
    insert_rows([deal_of(cast, "Ödland"), deal_of(cast, "A 100 % “quoted” name")])
    Deal.objects.bulk_create([deal_of(cast, "Ödland"), deal_of(cast, "A 100 % “quoted” name")])
    stored = list(Deal.objects.order_by("pk").values())
    own = [{name: value for name, value in row.items() if name not in ("id", "token")} for row in stored]
    assert own[:2] == own[2:]
    assert len({row["token"] for row in stored}) == 4 and own[0]["name_key"]


def test_nothing_is_no_statement(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        insert_rows([])
