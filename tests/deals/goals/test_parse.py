"""A table as goals: whichever way round it stands, with headings or without; what is wrong is named, nothing
guessed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from alignment.models import Entry, Goal, GoalChange, Team
from alignment.rules.periods import year_numbered
from deals.goals.parse import read
from deals.tables.csv_reader import TableError
from deals.tables.files import read_text
from deals.tables.questions import UNANSWERED, Answers
from tests.factories import NOW

TEAMS = [Team(pk=1, name="North", slug="north"), Team(pk=2, name="South & Co", slug="south")]
JAN, FEB, MAR = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
PASTE, APPLY = "/setup/demo/goals/paste/", "/setup/demo/goals/apply/"


def told(text, *, locale="en-US", first_month=1, teams=TEAMS, currency="USD", answers=UNANSWERED):
    year = year_numbered(2027, first_month=first_month)
    lines = read_text(text).lines
    return read(lines, teams, year=year, locale=locale, currency=currency, answers=answers).goals


TWO = {(1, JAN): 100, (1, FEB): 200, (2, JAN): 1250, (2, FEB): 5000}
MONTHS = "\t".join(str(number) for number in range(1, 13))


@pytest.mark.parametrize(
    "text",
    [
        "Team\tJan 2027\tFeb 2027\nNorth\t100\t200\nSouth & Co\t1,250\t5k",
        "Team\tJan\tFeb\tQ1\tTotal\nNorth\t100\t200\t300\t300\nSouth & Co\t1,250\t5k\t\t\nTotal\t1350\t5200",
        "\t2027-01\t2027-02\nnorth\t100\t200\nsouth\t$1,250\t5000",
        "Month\tNorth\tSouth & Co\nJanuary 2027\t100\t1,250\nFebruary 2027\t200\t5k\nTotal\t300\t6250",
        "Jan 2027\t100\t1,250\nFeb 2027\t200\t5k",
        "North\t100\t200\nSouth & Co\t1,250\t5k",
        "100\t200\n1,250\t5k",
        'Team,01/2027,02/2027\nNorth,100,200\nSouth & Co,"1,250",5k',
        "Team;Jan-27;Feb-27\nNorth;100;200\nSouth & Co;1,250;5k",
        "Team\t1/1/2027\t2/1/2027\nNORTH\t100\t200\nsouth  &  co\t1,250\t5k",
        "\n\nTeam\tJan\tFeb\n\nNorth\t100\t200\nSouth & Co\t1,250\t5k\n\n",
    ],
)
def test_a_table_is_read_whichever_way_it_stands(text):
    assert told(text) == TWO


@pytest.mark.parametrize(
    ("text", "locale", "first_month", "found"),
    [
        ("Team\tJan.\tMärz\nNorth\t1.250\t2,5m", "de-DE", 1, {(1, JAN): 1250, (1, MAR): 2_500_000}),
        ("Team\tjanvier 2027\tmars\nNorth\t1 250\t5", "fr-FR", 1, {(1, JAN): 1250, (1, MAR): 5}),
        ("Team\t01.01.2027\t1.3.2027\nNorth\t1\t2", "de-DE", 1, {(1, JAN): 1, (1, MAR): 2}),
        ("North\t45000\t46000.50", "en-US", 1, {(1, JAN): 45_000, (1, FEB): Decimal("46000.50")}),
        ("North\t2027.12\t12.20", "en-US", 1, {(1, JAN): Decimal("2027.12"), (1, FEB): Decimal("12.20")}),
        ("45000\n46000", "en-US", 1, {(1, JAN): 45_000, (2, JAN): 46_000}),
        ("North\t7\t8", "en-US", 10, {(1, date(2026, 10, 1)): 7, (1, date(2026, 11, 1)): 8}),
        ("Team\tOct\tJan\nNorth\t7\t8", "en-US", 10, {(1, date(2026, 10, 1)): 7, (1, JAN): 8}),
        (
            "Team\tDec 2026\tJan 2028\nNorth\t7\t8",
            "en-US",
            1,
            {(1, date(2026, 12, 1)): 7, (1, date(2028, 1, 1)): 8},
        ),
        ("Team\tJan\tFeb\nNorth\t\t0", "en-US", 1, {(1, FEB): 0}),
        ("Team\tJan\tFeb\nNorth\t–\t5", "en-US", 1, {(1, FEB): 5}),
    ],
)
def test_it_is_read_in_the_readers_way_and_year(text, locale, first_month, found):
    assert told(text, locale=locale, first_month=first_month) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "Team\tJan\tMar\nNorth\t1\t2\nSouth & Co\t3\t12k5",
            "South & Co, March 2027: “12k5” is not an amount.",
        ),
        ("Team\tJan\nNorth\t-5", "North, January 2027: “-5” is below zero, and a goal is zero or more."),
        ("Team\tJan\nNorth\t5 €", "North, January 2027: “5 €” is in €, but the company uses USD."),
        ("Team\tJan\nNorht\t5", "Row 2: there is no team “Norht”; did you mean “North”?"),
        ("Team\tJan\nNorth\t5\nNorth\t6", "North, January 2027 is in the table twice."),
        ("Team\tJan\tJanuary 2027\nNorth\t5\t6", "Row 1: “January 2027” is there twice."),
        ("Team\tJan\tLeader\nNorth\t5\tJoe", "Row 1, column 3: this is not a month."),
        ("Month\tNorth\tEast\nJan 2027\t5\t6", "Row 1, column 3: there is no team “East”."),
        ("Month\tNorth\nJan 2027\t5\nSmarch\t6", "Row 3: “Smarch” is not a month."),
        (
            "Team\tFoo\tBar\nNorth\t5\t6",
            "Row 1: “Foo” is not a month. Write months such as 2027-03 or Mar 2027.",
        ),
        ("1\t2\n3\t4\n5\t6", "The table has 3 rows without team names, but the company has 2 teams."),
        ("Jan 2027\t1\nFeb 2027\t2", "The table has 1 columns of amounts without team names"),
        ("North\t" + MONTHS + "\t13", "Row 1 has 13 amounts, but a year has 12 months."),
        ("North\t5\n1200\t6", "Row 2: there is no team “1200”."),
        ("Team\tJan\n\t5", "Row 2: its first cell is empty."),
        ("Team\tJan\nNorth\t", "The table has no goals."),
        ("   \n\t\t", "The table is empty."),
    ],
)
def test_what_is_wrong_is_named(text, why):
    with pytest.raises(TableError) as error:
        told(text)
    assert why in str(error.value)


def test_every_wrong_cell_is_named_up_to_twenty():
    rows = "\n".join(f"Team {number}\t5" for number in range(30))
    with pytest.raises(TableError) as error:
        told(f"Team\tJan\n{rows}")
    assert (len(error.value.sentences), error.value.sentences[-1]) == (21, "And 10 more.")


@pytest.fixture
def admin(cast, as_):
    with time_machine.travel(NOW, tick=False):
        yield as_(cast.admin)


def look(client, text, **more):
    return client.post(PASTE, {"text": text, "year": 2027} | more)


def apply(client, page, **more):
    context = page.context
    told = {"year": 2027, "changes": context["proposal"].text, "why": context["why"]}
    return client.post(APPLY, told | more)


def goals():
    return {
        (goal.team.slug, f"{goal.month:%Y-%m}"): goal.amount for goal in Goal.objects.select_related("team")
    }


@pytest.mark.parametrize(("typed", "why"), [(" Bo\0ard ", "Board"), ("\0", ""), ("\u200b", "")])
def test_a_reason_is_kept_without_what_no_database_keeps(cast, admin, typed, why):
    page = look(admin, "Team\tJan\nNorth\t100")
    apply(admin, page, why=typed)
    assert GoalChange.objects.get(team=cast.north).why == why


def test_what_would_change_is_shown_before_it_changes(cast, admin):
    Goal.objects.create(team=cast.north, month=JAN, amount=50)
    page = look(admin, "Team\tJan\tFeb\nNorth\t100\t200\nSouth\t7\t", why="Board")
    assert page.context["proposal"].counts == {"set for the first time": 2, "changed": 1}
    assert goals() == {("north", "2027-01"): 50}
    assert apply(admin, page).status_code == 302
    assert goals() == {("north", "2027-01"): 100, ("north", "2027-02"): 200, ("south", "2027-01"): 7}
    assert set(GoalChange.objects.values_list("why", flat=True)) == {"Board"}
    assert (
        Entry.objects.get(what="goals.changed").about == "3 goals of 2 teams, January 2027 to February 2027"
    )


def test_one_wrong_cell_changes_nothing_and_keeps_the_text(cast, admin):
    page = look(admin, "Team\tJan\nNorth\t5\nSouth\t12k5")
    body = page.content.decode()
    assert page.status_code == 422
    assert "South, January 2027: “12k5” is not an amount." in body
    assert "12k5</textarea>" in body
    assert goals() == {}


def test_what_another_set_meanwhile_is_shown_anew_and_theirs_stays(cast, admin):
    page = look(admin, "Team\tJan\tFeb\nNorth\t5\t6")
    Goal.objects.set(cast.north, JAN, Decimal(9), by=cast.admin, now=NOW)
    again = apply(admin, page)
    assert (again.status_code, again.context["lines"][0].old, again.context["lines"][0].is_conflict) == (
        409,
        "$9",
        True,
    )
    assert goals() == {("north", "2027-01"): 9}
    assert apply(admin, again).status_code == 302
    assert goals() == {("north", "2027-01"): 5, ("north", "2027-02"): 6}


def test_applied_twice_is_one_change(cast, admin):
    page = look(admin, "Team\tJan\nNorth\t5")
    for _ in range(2):
        apply(admin, page)
    assert (GoalChange.objects.count(), Entry.objects.count()) == (1, 1)


def test_what_is_there_already_is_said(cast, admin):
    Goal.objects.create(team=cast.north, month=JAN, amount=5)
    assert look(admin, "Team\tJan\nNorth\t5").status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        "",
        "x",
        "{away} 2027-01 - 5",
        "{north} 2027-13 - 5",
        "{north} 2027-01 - -5",
        "{north} 0000-01 - 5",
        "{north} 2027-01 - 1e9",
        "{north} 2027-01 - 99999999999999999",
        "{north} 2027-01 - 5\n\n",
    ],
)
def test_only_what_a_look_wrote_is_applied(cast, admin, changes):
    told = changes.format(north=cast.north.pk, away=cast.away.pk)
    answer = admin.post(APPLY, {"year": 2027, "changes": told})
    assert (answer.status_code, goals()) == (302, {})


def test_two_thousand_four_hundred_goals_are_one_look_and_one_act(cast, admin, django_assert_max_num_queries):
    from tests.factories import make_team

    for number in range(198):
        make_team(company=cast.company, name=f"T{number}")
    names = Team.objects.filter(company=cast.company).values_list("name", flat=True)
    page = look(admin, "\n".join(f"{name}\t{MONTHS}" for name in names))
    assert (page.context["proposal"].number, len(page.context["lines"])) == (2400, 300)
    with django_assert_max_num_queries(40):  # SQLite takes a thousand values at a time
        apply(admin, page)
    assert Goal.objects.count() == 2400


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Jan\tFeb\nNorth\t5\t6", "Row 1 begins with a month"),
        ("Team\tJan\tFeb\nNorth\t5\t6\t7", "Row 2, column 4: “7” is below no heading"),
        ("Team\tJan\t\nNorth\t5\t6", "Row 2, column 3: “6” is below no heading"),
        ("Team\tJan\nTotal Energies\t5", "there is no team “Total Energies”"),
        ("Team\tJan\nNorth\t15.000", "“15.000” can be 15000 or 15"),
        ("Team\tJan\nNorth\t€500", "“€500” is in €, but the company uses USD"),
        ("Team\tJan\nNorth\t100 200", "“100 200” looks like two amounts"),
        ("North,1,250", "“1,250” may be one amount or two cells"),
        ("Team,Jan,Feb,Mar\nNorth,1,250", "“1,250” may be one amount or two cells"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_or_refused(text, sentence):
    with pytest.raises(TableError) as refusal:
        told(text)
    assert sentence in str(refusal.value)


def test_other_cells_prove_how_amounts_are_written():
    assert set(told("Team\tJan\tFeb\nNorth\t15.000\t1.250.000").values()) == {15_000, 1_250_000}


def test_a_person_says_how_amounts_are_written():
    assert set(told("Team\tJan\nNorth\t15.000", answers=Answers(mark=",")).values()) == {15_000}


def test_yen_have_no_decimals():
    with pytest.raises(TableError, match="JPY has none"):
        told("Team\tJan\nNorth\t1234.50", currency="JPY")


def test_a_name_that_two_teams_have_is_asked_about():
    teams = [Team(pk=1, name="South", slug="south-2"), Team(pk=2, name="Süd", slug="South")]
    with pytest.raises(TableError, match="2 teams are called “South”"):
        told("Team\tJan\nSouth\t5", teams=teams)
    assert told("Team\tJan\nsouth-2\t5", teams=teams) == {(1, JAN): 5}
