"""A year spread over its months, last year grown: shown first, exact to the cent, closed meetings untouched."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from alignment.models import Goal
from alignment.rules.periods import year_numbered
from deals.goals.spread import last_year_grown, spread_year
from meetings.models import Record
from meetings.transitions import closing
from tests.factories import NOW, TODAY, make_company, make_meeting, make_revenue, make_team

pytestmark = pytest.mark.django_db
SPREAD, COPY, APPLY = (f"/setup/demo/goals/{each}/" for each in ("spread", "copy", "apply"))


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


def apply(client, page):
    return client.post(APPLY, {"year": 2027, "changes": page.context["proposal"].text})


def months(team):
    return [goal.amount for goal in Goal.objects.filter(team=team, month__year=2027)]


@pytest.mark.parametrize(
    ("how", "january", "february"),
    [
        ("even", "100000.03", "100000.03"),
        ("days", "96923.10", "92307.71"),
        ("shape", "300000.08", "900000.22"),
    ],
)
def test_a_year_is_spread_and_sums_exactly(cast, admin, how, january, february):
    cast.company.holidays.create(day=date(2027, 3, 1), name="Off")
    make_revenue(team=cast.north, day=date(2026, 1, 5), amount=10)
    make_revenue(team=cast.north, day=date(2026, 2, 5), amount=30)
    page = admin.post(SPREAD, {"year": 2027, "how": how, f"year-{cast.north.pk}": "1,200,000.30"})
    assert months(cast.north) == []
    apply(admin, page)
    assert sum(months(cast.north)) == Decimal("1200000.30")
    assert [str(amount) for amount in months(cast.north)[:2]] == [january, february]


def test_last_years_goals_are_the_shape_where_nothing_was_won(cast, admin):
    Goal.objects.create(team=cast.south, month=date(2026, 6, 1), amount=5)
    apply(admin, admin.post(SPREAD, {"year": 2027, "how": "shape", f"year-{cast.south.pk}": "900"}))
    assert [amount for amount in months(cast.south) if amount] == [900]


def test_a_year_without_any_shape_is_refused_at_its_team(cast, admin):
    page = admin.post(SPREAD, {"year": 2027, "how": "shape", f"year-{cast.north.pk}": "900"})
    assert (page.status_code, 'value="900"' in page.content.decode()) == (422, True)
    assert "North: last year has neither revenue nor goals" in page.content.decode()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"how": "even"}, "Enter the year’s amount for at least one team."),
        ({"how": "even", "year-{north}": "12k5"}, "North: “12k5” is not an amount."),
        ({"how": "even", "year-{north}": "-1"}, "is below zero"),
        ({"how": "oddly", "year-{north}": "5"}, "Select a valid choice"),
        ({"how": "even", "year-{away}": "5"}, "at least one team"),
    ],
)
def test_what_cannot_be_spread_is_said(cast, admin, told, why):
    named = {name.format(north=cast.north.pk, away=cast.away.pk): text for name, text in told.items()}
    page = admin.post(SPREAD, {"year": 2027} | named)
    assert (page.status_code, why in page.content.decode()) == (422, True)


def test_of_many_teams_some_are_looked_for(cast, admin):
    form = admin.get(SPREAD, {"year": 2027, "q": "sou"}).context["form"]
    assert [team.name for team in form.teams] == ["South"]


@pytest.mark.parametrize(
    ("percent", "step", "becomes"),
    [
        ("5", "1", "1050"),
        ("-2,5", "1", "975"),
        ("−10 %", "1", "900"),
        ("+5%", "100", "1100"),
        ("0", "1", "1000"),
    ],
)
def test_last_year_is_copied_with_a_percentage(cast, admin, percent, step, becomes):
    Goal.objects.create(team=cast.north, month=date(2026, 3, 1), amount=1000)
    Goal.objects.create(team=cast.south, month=date(2026, 3, 1), amount=1000)
    page = admin.post(COPY, {"year": 2027, "percent": percent, "step": step, "team": "north"})
    apply(admin, page)
    goal = Goal.objects.get(month=date(2027, 3, 1))
    assert (goal.team, str(goal.amount)) == (cast.north, f"{becomes}.00")


@pytest.mark.parametrize("percent", ["", "five", "1e5", "-101", "1001", "5 %%", "٥"])
def test_what_is_no_percentage_is_refused(cast, admin, percent):
    assert admin.post(COPY, {"year": 2027, "percent": percent, "step": "1"}).status_code == 422


def test_a_year_without_goals_cannot_be_copied(cast, admin):
    page = admin.post(COPY, {"year": 2027, "percent": "5", "step": "1", "team": "*"})
    assert (page.status_code, "there is nothing to copy" in page.content.decode()) == (422, True)


def test_a_closed_meeting_keeps_the_goals_of_its_day(cast, admin):
    for month in (10, 11, 12):
        Goal.objects.set(cast.north, TODAY.replace(month=month, day=1), Decimal(66_000), by=None, now=NOW)
    before = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    before.start(by=cast.ceo, now=before.starts_at)
    closing.close_meeting(before, by=cast.ceo, now=before.starts_at + timedelta(minutes=30), mail=False)
    frozen = Record.objects.values().get()
    page = admin.post(SPREAD, {"year": 2026, "how": "even", f"year-{cast.north.pk}": "12m"})
    assert apply(admin, page).status_code == 302
    assert Goal.objects.get(team=cast.north, month=date(2026, 11, 1)).amount == 1_000_000
    assert Record.objects.values().get() == frozen


@pytest.mark.parametrize("path", [SPREAD, COPY])
@pytest.mark.parametrize("number", [1, 50])
def test_many_teams_take_as_many_queries_as_one(cast, admin, django_assert_max_num_queries, path, number):
    from tests.factories import make_team

    for _ in range(number):
        team = make_team(company=cast.company)
        Goal.objects.create(team=team, month=date(2026, 1, 1), amount=1)
    told = {f"year-{pk}": "5" for pk in cast.company.teams.values_list("pk", flat=True)}
    with django_assert_max_num_queries(10):
        admin.post(path, {"year": 2027, "how": "even", "percent": "5", "step": "1", "team": "*"} | told)


def test_last_years_goals_in_yen_grow_by_whole_yen(cast):
    team = make_team(company=make_company(slug="tokyo", currency="JPY"))
    Goal.objects.create(team=team, month=date(2026, 1, 1), amount=1_000)
    goals = last_year_grown(
        [team], year_numbered(2027, first_month=1), percent=Decimal("0.15"), step=Decimal("0.01")
    )
    assert set(goals.values()) == {1_002}


def test_a_year_in_yen_is_spread_in_whole_yen(cast):
    team = make_team(company=make_company(slug="tokyo", currency="JPY"))
    goals, _ = spread_year(
        team.company, year_numbered(2027, first_month=1), {team.pk: Decimal(1_000)}, how="even"
    )
    assert sum(goals.values()) == 1_000
    assert all(amount == amount.to_integral_value() for amount in goals.values())
