"""The migration that makes needs of the three texts of a deal, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from deals.models import CapacityNeed
from tests.migrations import LANDED, migrate, newest

AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_texts_become_needs_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    then = migrate(*LANDED)
    try:
        company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
        usual = {"company": company, "timezone": "Asia/Kolkata", "starts_on": AT.date()}
        north = then.get_model("alignment.Team").objects.create(name="North", slug="north", **usual)
        for name, what, day, who in (
            ("Whole", "Two weeks", date(2026, 4, 1), "Support"),
            ("Nothing", "None needed", None, ""),
            ("Contrary", "None needed", date(2026, 4, 1), "Service"),
            ("Who alone", "", None, "Operations"),
            ("Silent", "", None, ""),
        ):
            texts = {"capacity_what": what, "capacity_by": day, "capacity_who": who}
            then.get_model("deals.Deal").objects.create(
                name=name, team=north, created_at=AT, changed_at=AT, **texts
            )
    finally:
        migrate(*newest())
    needs = CapacityNeed.objects.order_by("deal__pk").values_list("deal__name", "what", "needed_by", "who")
    assert list(needs) == [
        ("Whole", "Two weeks", date(2026, 4, 1), "Support"),
        ("Nothing", "None needed", None, ""),
        ("Contrary", "None needed", None, ""),
        ("Who alone", "What is needed was not entered", None, "Operations"),
    ]
    assert "(2026-04-01, Service)" in capsys.readouterr().out

    whole = CapacityNeed.objects.get(deal__name="Whole")
    CapacityNeed.objects.create(deal=whole.deal, team=whole.team, what="A crane", created_at=AT)
    then = migrate(*LANDED)
    try:
        stored = then.get_model("deals.Deal").objects.order_by("pk")
        texts = list(stored.values_list("capacity_what", "capacity_by", "capacity_who"))
    finally:
        migrate(*newest())
    assert texts == [
        ("Two weeks", date(2026, 4, 1), "Support"),
        ("None needed", None, ""),
        ("None needed", None, ""),
        ("", None, "Operations"),
        ("", None, ""),
    ]
    assert "Deals have room for one need each; left out: needs" in capsys.readouterr().out
