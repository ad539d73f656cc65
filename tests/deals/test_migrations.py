"""What the migrations of deals find twice they name, and stop."""

from importlib import import_module

import pytest
from django.apps import apps

from deals.models import Deal
from tests.factories import make_company, make_deal, make_team

migration = import_module("deals.migrations.0003_deals_name_their_company")
pytestmark = pytest.mark.django_db


def test_imported_deals_name_the_company_of_their_team():
    team = make_team(company=make_company())
    imported, typed = make_deal(team=team, external_id="7"), make_deal(team=team)
    migration.name_company(apps, None)
    assert Deal.objects.get(pk=imported.pk).company == team.company
    assert Deal.objects.get(pk=typed.pk).company is None


def test_a_deal_in_two_teams_is_named_and_nothing_is_changed():
    company = make_company(slug="ours")
    deals = [make_deal(team=make_team(company=company), external_id="7") for _ in range(2)]
    with pytest.raises(migration.FoundTwiceError, match="ours: 7"):
        migration.name_company(apps, None)
    assert set(Deal.objects.filter(pk__in=[deal.pk for deal in deals]).values_list("company", flat=True)) == {
        None
    }


def test_the_same_id_in_two_companies_is_two_deals():
    for _ in range(2):
        make_deal(team=make_team(company=make_company()), external_id="7")
    migration.name_company(apps, None)
    assert Deal.objects.exclude(company=None).count() == 2
