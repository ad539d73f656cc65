"""The grid of goals: typed in the reader's way, saved whole or not at all, nobody overwritten unseen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from alignment.models import Entry, Goal, GoalChange
from tests.factories import NOW, make_revenue, make_team

pytestmark = pytest.mark.django_db
GRID = "/setup/demo/goals/"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def sent(page, **typed):
    """What a browser sends of the page: every field as it stands, and what is typed over it."""
    grid = page.context["grid"]
    fields = {"year": grid.number, "first": grid.first, "why": ""}
    for row in grid.rows:
        fields[f"seen-{row.team.pk}"] = row.base
        fields |= {f"stored-{row.team.pk}": row.stored} if row.stored else {}
        fields |= {cell.key: cell.text for quarter in row.quarters for cell in quarter.cells}
    return fields | {cell(*name.split("_")): text for name, text in typed.items()}


def cell(team, month):
    from alignment.models import Team

    return f"{Team.objects.get(slug=team).pk}-{month}"


def goals():
    return {(goal.team.slug, goal.month): goal.amount for goal in Goal.objects.select_related("team")}


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


@pytest.fixture
def page(admin):
    return admin.get(GRID, {"year": 2027})


@pytest.mark.parametrize(("typed", "why"), [(" Bo\0ard ", "Board"), ("\0", ""), ("\u200b", "")])
def test_a_reason_is_kept_without_what_no_database_keeps(cast, admin, page, typed, why):
    admin.post(GRID, sent(page, north_202701="250k") | {"why": typed})
    assert GoalChange.objects.get(team=cast.north).why == why


def test_goals_are_typed_in_cells(cast, admin, page):
    answer = admin.post(GRID, sent(page, north_202701="250k", south_202703="1,234.50") | {"why": "Board"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{GRID}?year=2027")
    assert goals() == {("north", date(2027, 1, 1)): 250_000, ("south", date(2027, 3, 1)): Decimal("1234.50")}
    change = GoalChange.objects.get(team=cast.north)
    assert (change.old, change.new, change.by, change.at, change.why) == (
        None,
        250_000,
        cast.admin,
        NOW,
        "Board",
    )


def test_amounts_are_read_and_written_in_the_readers_way(cast, admin):
    cast.admin.locale = "de-DE"
    cast.admin.save()
    Goal.objects.create(team=cast.north, month=date(2027, 2, 1), amount=Decimal("1234.50"))
    page = admin.get(GRID, {"year": 2027})
    assert 'value="1.234,50"' in page.content.decode()
    admin.post(GRID, sent(page, north_202701="250.000"))
    assert goals()["north", date(2027, 1, 1)] == 250_000
    assert GoalChange.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12k5", "South, March 2027: “12k5” is not an amount."),
        ("-5", "South, March 2027: “-5” is below zero, and a goal is zero or more."),
        ("5 EUR", "South, March 2027: “5 EUR” is in EUR, but the company uses USD."),
        ("99999999999999999", "too large"),
        ("=1+1", "is not an amount"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_changed(cast, admin, page, text, why):
    answer = admin.post(GRID, sent(page, south_202703=text, north_202701="5"))
    body = answer.content.decode()
    assert (answer.status_code, why in body, f'value="{text}"' in body) == (422, True, True)
    assert 'aria-invalid="true"' in body
    assert goals() == {}


def test_an_emptied_cell_takes_the_goal_away_and_keeps_its_history(cast, admin, page):
    admin.post(GRID, sent(page, north_202701="5"))
    admin.post(GRID, sent(admin.get(GRID, {"year": 2027}), north_202701=""))
    assert goals() == {}
    shown = admin.get(f"{GRID}of/north/", {"month": "2027-01"}).content.decode()
    assert "no goal" in shown
    assert "$5" in shown


def test_two_who_set_the_same_goal_see_both(cast, admin, page):
    first = sent(page, north_202701="5")
    admin.post(GRID, sent(page, north_202701="7"))
    answer = admin.post(GRID, first | {cell("south", "202702"): "9"})
    body, shown = answer.content.decode(), answer.context["conflict"]
    assert answer.status_code == 409
    assert "Ada Admin changed this today 09:00" in body
    assert "Ada Admin set it to $7 (today 09:00)." in body
    assert [(field.label, field.mine_shown, field.theirs_shown) for field in shown.fields] == [
        ("North, January 2027", "5", "$7")
    ]
    assert not shown.can_keep_both
    assert goals() == {("north", date(2027, 1, 1)): 7}


@pytest.mark.parametrize(("keep", "north"), [("mine", 5), ("theirs", 7)])
def test_after_a_conflict_one_chooses_what_stays(cast, admin, page, keep, north):
    mine = sent(page, north_202701="5", south_202702="9")
    admin.post(GRID, sent(page, north_202701="7"))
    assert admin.post(GRID, sent(admin.post(GRID, mine)) | {"keep": keep}).status_code == 302
    assert goals() == {("north", date(2027, 1, 1)): north, ("south", date(2027, 2, 1)): 9}


def test_saved_again_without_a_choice_both_are_shown_again(cast, admin, page):
    mine = sent(page, north_202701="5")
    admin.post(GRID, sent(page, north_202701="7"))
    assert admin.post(GRID, sent(admin.post(GRID, mine))).status_code == 409
    assert goals() == {("north", date(2027, 1, 1)): 7}


def test_who_set_it_a_third_time_is_shown_too(cast, admin, page):
    mine = sent(page, north_202701="5")
    admin.post(GRID, sent(page, north_202701="7"))
    chosen = sent(admin.post(GRID, mine)) | {"keep": "mine"}
    admin.post(GRID, sent(admin.get(GRID, {"year": 2027}), north_202701="8"))
    assert admin.post(GRID, chosen).status_code == 409
    assert goals() == {("north", date(2027, 1, 1)): 8}


def test_a_wrong_cell_does_not_hide_what_another_set_meanwhile(cast, admin, page):
    mine = sent(page, north_202701="5", south_202701="x")
    admin.post(GRID, sent(page, north_202701="7"))
    again = sent(admin.post(GRID, mine), south_202701="")
    assert admin.post(GRID, again).status_code == 409


def test_different_cells_of_two_are_both_kept(cast, admin, page):
    admin.post(GRID, sent(page, north_202701="5"))
    assert admin.post(GRID, sent(page, south_202701="7")).status_code == 302
    assert len(goals()) == 2


def test_the_grid_follows_the_fiscal_year(cast, admin):
    Goal.objects.create(team=cast.north, month=date(2026, 12, 1), amount=3)
    cast.company.fiscal_year_start = 10
    cast.company.save()
    grid = admin.get(GRID, {"year": 2027}).context["grid"]
    assert (grid.year.label, grid.months[0], grid.rows[0].quarters[0].total) == (
        "FY2027",
        date(2026, 10, 1),
        "3",
    )


def test_a_page_shown_before_the_fiscal_start_changed_still_means_its_months(cast, admin, page):
    cast.company.fiscal_year_start = 10
    cast.company.save()
    admin.post(GRID, sent(page, north_202712="5"))
    assert goals() == {("north", date(2027, 12, 1)): 5}


def test_the_year_before_stands_beside_when_asked(cast, admin):
    Goal.objects.create(team=cast.north, month=date(2026, 1, 1), amount=11)
    make_revenue(team=cast.north, day=date(2026, 1, 9), amount=13)
    row = admin.get(GRID, {"year": 2027, "beside": "last"}).context["grid"].rows[0]
    assert [line.quarters[0][1][0] for line in row.last_year] == ["11", "13"]
    assert admin.get(GRID, {"year": 2027}).context["grid"].rows[0].last_year == ()


@pytest.mark.parametrize("year", ["", "x", "99999", "-1", "0000", "٢٠٢٧", "2027;"])
def test_an_unknown_year_is_the_present_one(cast, admin, year):
    assert admin.get(GRID, {"year": year}).context["grid"].number == 2026


def test_each_save_is_one_line_in_the_audit(cast, admin, page):
    admin.post(GRID, sent(page, north_202701="5", south_202702="7") | {"why": "Board"})
    entry = Entry.objects.get(what="goals.changed")
    assert entry.about == "2 goals of 2 teams, January 2027 to February 2027"
    assert (entry.by, entry.old, entry.new, entry.why, entry.company) == (
        cast.admin,
        "$0",
        "$12",
        "Board",
        cast.company,
    )


def test_saving_what_is_there_changes_nothing(cast, admin, page):
    Goal.objects.set(cast.north, date(2027, 1, 1), Decimal(5), by=None, now=NOW)
    admin.post(GRID, sent(admin.get(GRID, {"year": 2027})))
    assert (GoalChange.objects.count(), Entry.objects.count()) == (1, 0)


def test_a_team_of_another_company_cannot_be_reached(cast, admin, page):
    there = {f"seen-{cast.away.pk}": "|" * 11, f"{cast.away.pk}-202701": "5", f"seen-{10**17}": "|" * 11}
    assert admin.post(GRID, sent(page) | there).status_code == 302
    assert goals() == {}


@pytest.mark.parametrize("first", ["", "x", "202713", "999999", "2027"])
def test_a_form_that_is_none_changes_nothing(cast, admin, page, first):
    assert admin.post(GRID, sent(page, north_202701="5") | {"first": first}).status_code == 302
    assert goals() == {}


@pytest.mark.parametrize(
    ("who", "status"), [("ceo", 403), ("leader", 403), ("observer", 403), ("outsider", 404)]
)
def test_only_admins_set_goals(cast, as_, who, status):
    client = as_(getattr(cast, who))
    assert [client.get(GRID).status_code, client.post(GRID).status_code] == [status, status]


def test_htmx_gets_the_form_with_new_sums(cast, admin, page):
    answer = admin.post(GRID, sent(page, north_202701="5"), headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert (answer.status_code, "<html" in body, "1 goal saved." in body) == (200, False, True)
    assert answer.context["grid"].rows[0].year == "5"


def test_a_team_that_ended_before_the_year_is_not_in_it(cast, admin):
    make_team(company=cast.company, name="Gone", ends_on=date(2026, 6, 30))
    assert [row.team.name for row in admin.get(GRID, {"year": 2027}).context["grid"].rows] == [
        "North",
        "South",
    ]


@pytest.mark.parametrize("number", [1, 50])
def test_many_teams_take_as_many_queries_as_one(cast, admin, django_assert_max_num_queries, number):
    for _ in range(number):
        team = make_team(company=cast.company)
        Goal.objects.create(team=team, month=date(2027, 1, 1), amount=1)
    with django_assert_max_num_queries(7):
        admin.get(GRID, {"year": 2027, "beside": "last"})


def test_saving_many_takes_few_queries(cast, admin, django_assert_max_num_queries):
    for _ in range(40):
        make_team(company=cast.company)
    page = admin.get(GRID, {"year": 2027})
    typed = {name: "5" for name in sent(page) if name.endswith("-202701")}
    with django_assert_max_num_queries(18):
        admin.post(GRID, sent(page) | typed)
    assert Goal.objects.count() == 42
