"""The real input: 8,800 deals of 2017, and the revenue a meeting of that year shows, to the dollar."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from alignment.models import Team
from deals.models import Deal, DealChange, RevenueEntry
from meetings.agenda import build
from tests.factories import make_meeting, make_seat, make_user

DATA = Path(__file__).parents[4] / "shared" / "data" / "maven"
MANAGERS = {
    "Cara Losch",
    "Celia Rouche",
    "Dustin Brinkmann",
    "Melvin Marxen",
    "Rocco Neubert",
    "Summer Sewald",
}

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the shared data is not here"),
    pytest.mark.one_database,
    pytest.mark.xdist_group("practice_data"),
]


def give():
    call_command(
        "import_deals",
        DATA / "sales_pipeline.csv",
        company="maven",
        teams=DATA / "sales_teams.csv",
        verbosity=0,
    )


@pytest.fixture(scope="module")
def maven(django_db_setup, django_db_blocker):
    """The import of Maven's file, done once for this module and taken back at its end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        give()
        yield
        transaction.set_rollback(True)


def figures(team, now):
    ceo = make_user()
    make_seat(team=team, user=ceo, role="ceo")
    meeting = make_meeting(team=team, starts_at=now)
    return build(meeting, ceo, now).revenue.figures


@pytest.mark.django_db
def test_one_team_a_manager_with_every_deal(maven):
    assert set(Team.objects.filter(company__slug="maven").values_list("name", flat=True)) == MANAGERS
    assert Deal.objects.count() == 8800
    assert Deal.objects.filter(status="open", amount=None, close_date=None).count() == 2089
    assert not Deal.objects.filter(name__contains="GTXPro").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "period", "actual"),
    [
        (datetime(2017, 9, 30, 18, tzinfo=UTC), "quarter", 767_754),
        (datetime(2017, 12, 31, 18, tzinfo=UTC), "quarter", 670_788),
        (datetime(2017, 12, 31, 18, tzinfo=UTC), "month", 255_530),
    ],
)
def test_a_meeting_of_that_week_shows_its_revenue_to_the_dollar(maven, now, period, actual):
    team = Team.objects.get(slug="melvin-marxen")
    assert getattr(figures(team, now), period).actual == actual


@pytest.mark.django_db
def test_all_six_teams_together_over_the_year(maven):
    now = datetime(2017, 12, 31, 18, tzinfo=UTC)
    actuals = [figures(team, now).year.actual for team in Team.objects.filter(company__slug="maven")]
    assert sum(actuals) == 10_005_534


@pytest.mark.django_db
def test_what_is_won_after_the_meeting_is_not_known_in_it(maven):
    shown = figures(Team.objects.get(slug="melvin-marxen"), datetime(2017, 8, 14, 9, tzinfo=UTC))
    known = RevenueEntry.objects.filter(team__slug="melvin-marxen", day__range=("2017-07-01", "2017-08-14"))
    assert shown.quarter.actual == sum((entry.amount for entry in known), Decimal(0)) > 0


@pytest.mark.django_db
def test_the_same_file_a_second_time_changes_nothing(maven, capsys):
    before = list(RevenueEntry.objects.order_by("pk").values()), list(Deal.objects.order_by("pk").values())
    give()
    assert "0 new, 0 changed" in capsys.readouterr().out
    assert before == (
        list(RevenueEntry.objects.order_by("pk").values()),
        list(Deal.objects.order_by("pk").values()),
    )
    assert not DealChange.objects.exclude(field="seen").exists()
