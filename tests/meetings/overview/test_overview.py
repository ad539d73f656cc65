"""The overview: the figures of every team of a company, for people without a seat."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Goal, OverviewReader
from meetings.pages.overview import COLUMNS, read_overview
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_company,
    make_deal,
    make_held_meeting,
    make_meeting,
    make_overview_reader,
    make_revenue,
    make_seat,
    make_team,
    make_user,
)

pytestmark = pytest.mark.time_machine(NOW)
DAY = timedelta(days=1)
PAGE, FILE = "/overview/", "/overview/overview.csv"


@pytest.fixture
def cfo(cast):
    return make_overview_reader(company=cast.company)


def set_goals(team, amount=Decimal(90_000)):
    Goal.objects.bulk_create(
        Goal(team=team, month=f"2026-{month}-01", amount=amount) for month in (10, 11, 12)
    )


def add_figures(team, *, revenue=60_000):
    """One of everything that the page counts."""
    set_goals(team), make_revenue(team=team, day=TODAY, amount=revenue), make_deal(team=team)
    make_call(meeting=make_held_meeting(team=team))
    make_meeting(team=team, starts_at=NOW - 14 * DAY, state="missed", missed_at=NOW - 13 * DAY)
    make_excused(team=team, starts_at=NOW - 21 * DAY)


def make_excused(*, team, starts_at):
    return make_meeting(
        team=team, starts_at=starts_at, state="excused", excused_why="Off", excused_at=starts_at
    )


def rows_of(user, sort=""):
    return [row for company in read_overview(user, NOW, sort=sort).companies for row in company.rows]


def test_it_shows_the_figures_of_every_team(cast, cfo):
    add_figures(cast.north)
    north, south = rows_of(cfo)
    assert (north.name, south.name) == ("North", "South")
    assert (north.standing.actual, north.standing.goal) == (60_000, 270_000)
    assert (north.call.commit, north.call.best_case) == (1_000_000, 1_200_000)
    assert (north.meetings, north.planned, north.open_deals) == ((1, 1, 1), 2, 1)
    assert south.standing.goal is None
    assert south.call is None
    assert south.meetings == (0, 0, 0)


def test_the_figures_are_those_of_its_ceos_home(cast, cfo, as_):
    add_figures(cast.north)
    home, overview = (as_(reader).get(page) for reader, page in ((cast.ceo, "/"), (cfo, PAGE)))
    (group,) = home.context["home"].groups
    row = next(row for row in group.rows if row.slug == "north")
    (shown, _) = overview.context["overview"].companies[0].rows
    assert (row.standing.actual, row.standing.goal, row.standing.gap) == (
        shown.standing.actual,
        shown.standing.goal,
        shown.standing.gap,
    )


def test_a_call_is_closed_until_its_meeting_starts(cast, cfo):
    make_call(meeting=make_meeting(team=cast.north, starts_at=NOW + DAY, submitted_at=NOW))
    assert rows_of(cfo)[0].call is None
    make_call(meeting=make_held_meeting(team=cast.north), commit=Decimal(7))
    assert rows_of(cfo)[0].call.commit == 7


def test_an_excused_meeting_opens_no_call(cast, cfo):
    make_call(meeting=make_excused(team=cast.north, starts_at=NOW - DAY))
    assert rows_of(cfo)[0].call is None


def test_a_team_that_ended_before_the_quarter_is_not_on_it(cast, cfo):
    type(cast.south).objects.filter(pk=cast.south.pk).update(ends_on="2026-09-30")
    assert [row.name for row in rows_of(cfo)] == ["North"]
    type(cast.south).objects.filter(pk=cast.south.pk).update(ends_on="2026-10-01")
    assert [row.name for row in rows_of(cfo)] == ["North", "South"]


def test_the_gap_is_in_whole_units_and_adds_up(cast, cfo):
    for team in (cast.north, cast.south):
        add_figures(team)
    rows = rows_of(cfo)
    assert [row.gap for row in rows] == [round(row.standing.gap) for row in rows]
    assert rows[0].gap != rows[0].standing.gap
    assert total_of(cfo).gap == sum(row.gap for row in rows)


# Who reads it


@pytest.mark.parametrize(
    "role", ["ceo", "leader", "delegate", "facilitator", "observer", "admin", "outsider"]
)
@pytest.mark.parametrize("path", [PAGE, FILE])
def test_nobody_else_has_one(cast, as_, role, path):
    make_overview_reader(company=cast.company)
    assert as_(getattr(cast, role)).get(path).status_code == 404


def test_it_is_of_the_readers_company_alone(cast, as_, cfo):
    assert {row.name for row in rows_of(cfo)} == {"North", "South"}
    assert b"Away" not in as_(cfo).get(PAGE).content


def test_who_reads_nothing_else_lands_there(as_, cfo):
    answer = as_(cfo).get("/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert '<a href="/meetings/">' not in answer.content.decode()


@pytest.mark.parametrize("role", ["ceo", "admin"])
def test_home_of_everybody_else_links_to_it(cast, as_, role):
    client = as_(getattr(cast, role))
    assert f'href="{PAGE}"' not in client.get("/").content.decode()
    make_overview_reader(company=cast.company, user=getattr(cast, role))
    answer = client.get("/")
    assert answer.status_code == 200
    assert f'href="{PAGE}"' in answer.content.decode()


def test_who_sat_on_a_team_once_finds_its_records(cast, as_, cfo):
    make_seat(team=cast.south, user=cfo, role="observer", until=TODAY - 9 * DAY)
    assert '<a href="/teams/south/">' in as_(cfo).get(PAGE).content.decode()


def test_one_that_ended_is_gone_at_once(as_, cfo):
    client = as_(cfo)
    assert client.get(PAGE).status_code == client.get(FILE).status_code == 200
    OverviewReader.objects.update(until=TODAY)
    assert [client.get(page).status_code for page in (PAGE, FILE, "/")] == [404, 404, 200]
    assert rows_of(cfo) == []


def test_one_that_ended_in_one_company_stays_in_another(cast, as_, cfo):
    make_overview_reader(company=cast.away.company, user=cfo)
    OverviewReader.objects.filter(company=cast.company).update(until=TODAY)
    assert {row.name for row in rows_of(cfo)} == {"Away"}


# Sums


def total_of(user):
    (company,) = read_overview(user, NOW).companies
    return company.total


def test_teams_of_a_company_are_added(cast, cfo):
    for team in (cast.north, cast.south):
        add_figures(team)
    total = total_of(cfo)
    assert (total.won, total.goal) == (120_000, 540_000)
    assert (total.commit, total.best_case) == (2_000_000, 2_400_000)
    assert (total.meetings, total.open_deals) == ((2, 2, 2), 2)


def test_two_currencies_are_never_added(cast, cfo, as_):
    other = make_company(currency="GBP", name="Brand & Sons")
    add_figures(make_team(company=other), revenue=61_111), add_figures(cast.north, revenue=61_111)
    make_overview_reader(company=other, user=cfo)
    first, second = read_overview(cfo, NOW).companies
    assert [(company.m.currency, company.total.won) for company in (first, second)] == [
        ("GBP", 61_111),
        (cast.company.currency, 61_111),
    ]
    for path in (PAGE, FILE):
        page = b"".join(as_(cfo).get(path)).decode()
        assert not any(sum_of_both in page for sum_of_both in ("122,222", "122K", "122222"))


def test_what_some_teams_do_not_have_is_not_added(cast, cfo):
    add_figures(cast.north)
    total = total_of(cfo)
    assert (total.goal, total.gap, total.commit, total.best_case) == (None, None, None, None)
    assert total.won == 60_000


def test_revenue_of_two_kinds_is_not_added(cast, cfo, as_):
    for team in (cast.north, cast.south):
        add_figures(team)
    type(cast.south).objects.filter(pk=cast.south.pk).update(revenue_kind="invoiced")
    total = total_of(cfo)
    assert (total.won, total.goal, total.commit) == (None, None, None)
    assert "is not added up" in as_(cfo).get(PAGE).content.decode()


def test_calls_of_two_periods_are_not_added(cast, cfo):
    for team in (cast.north, cast.south):
        add_figures(team)
    cast.south.calls.update(starts_on="2026-11-01", ends_on="2026-11-30")
    assert (total_of(cfo).commit, total_of(cfo).won) == (None, 120_000)


# In which order


@pytest.mark.parametrize("column", [column.key for column in COLUMNS])
def test_it_can_be_sorted_by_every_column_both_ways(cast, cfo, as_, column):
    add_figures(cast.north, revenue=1), add_figures(cast.south, revenue=2)
    make_deal(team=cast.south), make_held_meeting(team=cast.south, starts_at=NOW - 28 * DAY)
    set_aside = cast.south.calls.get()
    set_aside.commit, set_aside.best_case = Decimal(1_100_000), Decimal(1_300_000)
    set_aside.save()
    Goal.objects.filter(team=cast.south).update(amount=Decimal(99_000))
    values = [row.name for row in rows_of(cfo, column)]
    assert values == (["North", "South"] if column == "name" else ["South", "North"])
    assert [row.name for row in rows_of(cfo, f"-{column}")] == values[::-1]
    page = as_(cfo).get(f"{PAGE}?sort={column}").content.decode()
    assert page.count("aria-sort") == 1
    assert f'href="?sort=-{column}"' in page


def test_who_has_no_such_amount_comes_last_both_ways(cast, cfo):
    set_goals(cast.south)
    assert [row.name for row in rows_of(cfo, "goal")] == ["South", "North"]
    assert [row.name for row in rows_of(cfo, "-goal")] == ["South", "North"]


@pytest.mark.parametrize("sort", ["", "-", "mood", "--goal", "goal\x00", "a" * 5000])
def test_an_unknown_order_is_that_of_names(cfo, as_, sort):
    assert as_(cfo).get(PAGE, {"sort": sort}).status_code == 200
    assert [row.name for row in rows_of(cfo, sort)] == ["North", "South"]


# The file, and what it costs


def test_the_file_has_a_line_a_team(cast, cfo, as_):
    add_figures(cast.north)
    lines = list(csv.DictReader(as_(cfo).get(FILE).getvalue().decode("utf-8-sig").splitlines()))
    assert [line["Team"] for line in lines] == ["North", "South"]
    assert (lines[0]["Revenue"], lines[0]["Commit"], lines[0]["Meetings held"]) == ("60000", "1000000", "1")
    assert (lines[1]["Goal"], lines[1]["Commit"]) == ("", "")


def test_a_company_without_teams_says_so(as_, db):
    cfo = make_overview_reader(company=make_company())
    assert "No team is active this quarter." in as_(cfo).get(PAGE).content.decode()
    assert len(as_(cfo).get(FILE).getvalue().splitlines()) == 1


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        response = client.get(path)
        assert b"".join(response) if response.streaming else response.content
    return len(caught)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [PAGE, FILE])
def test_fifty_teams_cost_as_many_queries_as_one(as_, path):
    costs = []
    for number in (1, 50):
        company = make_company()
        for _ in range(number):
            add_figures(make_team(company=company, leader=make_user()))
        costs.append(queries(as_(make_overview_reader(company=company)), path))
    assert costs[0] == costs[1] <= 9
