"""What the migrations of deals find twice they name, and stop."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from deals.models import Deal
from tests.factories import NOW, TODAY, make_company, make_deal, make_import_run, make_team

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


def test_a_change_of_team_gets_the_team_it_left_where_one_has_that_name():
    placing = import_module("deals.migrations.0050_the_team_a_deal_left")
    company = make_company()
    ours, theirs = make_team(company=company, name="East"), make_team(company=company, name="West")
    make_team(company=make_company(), name="Gone")
    deal = make_deal(team=ours)
    for old in ("West", "Gone"):
        deal.changes.create(field="team", old=old, new="East", day=TODAY, at=NOW)
    placing.place_changes(apps, None)
    assert list(deal.changes.order_by("pk").values_list("from_team", flat=True)) == [theirs.pk, None]


@pytest.mark.parametrize(
    ("state", "is_undone", "is_deleted", "undone"),
    [
        ("undone", True, False, [True, True]),
        ("undone", False, False, [False, False]),  # a person had changed it since, so it stayed
        ("undone", None, True, [True, True]),
        ("applied", None, True, [False, False]),
    ],
)
def test_changes_of_an_undone_import_are_marked(state, is_undone, is_deleted, undone):
    """By the rows of the run, or, once those are deleted, by a change and its way back."""
    marking = import_module("deals.migrations.0062_changes_that_were_undone")
    team = make_team(company=make_company())
    deal, other = make_deal(team=team), make_deal(team=team)
    deleted = {"deleted_at": NOW} if is_deleted else {}
    run = make_import_run(team=team, by=None, rows=0, state=state, applied_at=NOW, **deleted)
    if is_undone is not None:
        run.rows.create(
            number=1, verdict="changed", thing="deals", target=deal.pk, is_applied=True, is_undone=is_undone
        )
    moves = (("2026-12-10", "2027-01-29"), ("2027-01-29", "2026-12-10"))
    changes = [
        deal.changes.create(
            field="close_date", old=old, new=new, day=TODAY, at=NOW + timedelta(hours=n), run=run
        )
        for n, (old, new) in enumerate(moves)
    ]
    apart = [
        other.changes.create(field="amount", old="1", new="2", day=TODAY, at=NOW, run=run),
        deal.changes.create(field="amount", old="1", new="2", day=TODAY, at=NOW),
    ]
    marking.mark_undone(apps, None)
    for change in (*changes, *apart):
        change.refresh_from_db()
    assert [change.is_undone for change in (*changes, *apart)] == [*undone, False, False]
