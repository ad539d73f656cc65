"""A text in every field of every model is looked for in what an admin can take away: only facts may be found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alignment.exports.manifest import FACTS, WHOLE, Contents
from alignment.exports.schema import columns, exported_models
from alignment.exports.writer import write_export
from alignment.models import Company, Team, User
from deals.models import RevenueEntry
from tests.canaries import TEXTS, canaries, found_in, is_text, plant_canaries
from tests.factories import NOW, make_admin, make_user

pytestmark = pytest.mark.django_db
DECLARED = {
    f"{model.label}.{field.name}" for model in exported_models() for field in model.facts if is_text(field)
}
EXPORTED = {
    f"{model.label}.{field.name}" for model in exported_models() for field in model.fields if is_text(field)
}


@pytest.fixture
def company() -> Company:
    return plant_canaries()


def exported(company: Company, file: Path, contents: Contents) -> bytes:
    write_export(company, file, contents=contents, now=NOW)
    return file.read_bytes()


def test_every_text_has_a_canary_but_the_code_of_a_currency() -> None:
    short = {
        f"{model.label}.{field.name}"
        for model in exported_models()
        for field in columns(model.model)
        if isinstance(field, TEXTS) and not is_text(field)
    }
    assert {name for name in short if not name.endswith("currency")} == set()


def test_an_admin_s_export_holds_the_facts_and_no_other_text(company: Company, tmp_path: Path) -> None:
    assert found_in(exported(company, tmp_path / "facts.zip", FACTS)) == DECLARED


def test_a_whole_export_holds_all_but_what_stays_here(company: Company, tmp_path: Path) -> None:
    assert found_in(exported(company, tmp_path / "whole.zip", WHOLE)) == EXPORTED
    assert "alignment.User.password" not in EXPORTED and "alignment.User.password" in canaries()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "route", ["alignment:audit_export", "deals:goals_export", "deals:setup_revenue_export"]
)
def test_no_file_of_a_setup_page_holds_another_text(
    company: Company, route: str, kind: str, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    for model in (Company, Team, User):
        model.objects.update(timezone="UTC")
    Company.objects.update(second_factor_required=False)
    Team.objects.update(revenue_kind="won")
    RevenueEntry.objects.update(kind="won")
    admin = make_user()
    make_admin(company=company, user=admin)
    client = Client()
    client.force_login(admin)
    answer = client.post(reverse(route, args=(company.slug,)), {"kind": kind})
    assert answer.status_code == 200
    found = found_in(answer.getvalue())
    assert found - {"deals.Deal.name"} <= DECLARED  # an entry of revenue names the deal that was won
    assert found
