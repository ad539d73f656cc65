"""Home costs the same for one team and for many, and reads each in the quarter of its zone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal
from meetings.home import home
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_company,
    make_held_meeting,
    make_initiative,
    make_meeting,
    make_revenue,
    make_risk,
    make_seat,
    make_team,
    make_user,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def set_goals(team, amount=Decimal(90_000), months=(10, 11, 12)):
    Goal.objects.bulk_create(Goal(team=team, month=f"2026-{month:02}-01", amount=amount) for month in months)


def row_of(user, team, now=NOW):
    rows = {row.slug: row for group in home(user, now).groups for row in group.rows}
    return rows[team.slug]


def busy_ceo(count):
    company = make_company()
    ceo = make_user()
    for _ in range(count):
        team = make_team(company=company, ceo=ceo, leader=make_user())
        make_meeting(team=team), make_held_meeting(team=team), set_goals(team)
        (
            make_commitment(team=team, owner=ceo),
            make_initiative(team=team),
            make_revenue(team=team, day=TODAY, amount=9),
        )
    return ceo


def queries(client, path="/"):
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.django_db
def test_the_page_costs_thirteen_queries_for_one_team_and_for_fifty(as_):
    assert [queries(as_(busy_ceo(count))) for count in (1, 2, 50)] == [13, 13, 13]


@pytest.mark.django_db
def test_a_seat_taken_over_lately_costs_no_query_more(as_):
    ceo = busy_ceo(2)
    before = queries(as_(ceo))
    team = make_team(company=make_company(), ceo=ceo, leader=make_user())
    team.seats.filter(user=ceo).update(since=TODAY - 9 * DAY)
    make_seat(team=team, user=make_user(), role="ceo", since=TODAY - 90 * DAY, until=TODAY - 10 * DAY)
    assert home(ceo, NOW).action_items[0].text.startswith("Your first 90 days")
    assert queries(as_(ceo)) == before


def test_the_leaders_page_costs_the_agenda_and_six_queries(cast, as_):
    """The agenda of the leader's own next meeting costs ten; see the tests of the agenda."""
    make_meeting(team=cast.north)
    make_held_meeting(team=cast.north, starts_at=NOW - 2 * DAY)
    few = queries(as_(cast.leader))
    for back in range(1, 20):
        make_held_meeting(team=cast.north, starts_at=NOW - back * 7 * DAY)
        make_commitment(team=cast.north, owner=cast.leader), make_risk(team=cast.north)
    assert queries(as_(cast.leader)) == few <= 16


@pytest.mark.django_db
def test_companies_in_other_quarters_cost_one_query_each(as_):
    ceo = busy_ceo(2)
    before = queries(as_(ceo))
    make_team(company=make_company(fiscal_year_start=2), ceo=ceo)
    assert queries(as_(ceo)) == before + 1


@pytest.mark.django_db
def test_a_team_is_read_in_the_quarter_of_its_own_zone(cast):
    """New Year's Eve in Paris is already the new quarter in Auckland."""
    far = make_company(timezone="Pacific/Auckland")
    team = make_team(company=far, ceo=cast.ceo)
    Goal.objects.create(team=team, month="2027-01-01", amount=1)
    shown = row_of(cast.ceo, team, datetime(2026, 12, 31, 20, tzinfo=UTC)).standing
    assert [month.isoformat() for month in shown.missing] == ["2027-02-01", "2027-03-01"]


@pytest.mark.parametrize(
    ("ahead", "submitted", "sentence"),
    [
        (724_000, True, "Every team is on pace or ahead."),
        (724_000, False, "North needs attention: the preparation is overdue."),
        (
            -60_000,
            False,
            "North needs attention: the preparation is overdue.",
        ),
        (-60_000, True, "North needs attention: the quarter is $60K behind its goal to date."),
        ("-0.10", True, "Every team is on pace or ahead."),
    ],
)
def test_every_reason_on_home_is_a_fact(cast, ahead, submitted, sentence):
    submitted_at = NOW if submitted else None
    make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=1), submitted_at=submitted_at)
    for team, more in ((cast.north, ahead), (cast.south, 0)):
        set_goals(team)
        due = row_of(cast.ceo, team).standing.due
        make_revenue(team=team, day=TODAY, amount=due + Decimal(more))
    assert home(cast.ceo, NOW).lede.endswith(sentence)


def test_a_team_a_little_behind_is_on_pace(cast):
    make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=1), submitted_at=NOW)
    for team in (cast.north, cast.south):
        set_goals(team)
        due = row_of(cast.ceo, team).standing.due
        make_revenue(team=team, day=TODAY, amount=due - 100)
    assert home(cast.ceo, NOW).lede.endswith("Every team is on pace or ahead.")
