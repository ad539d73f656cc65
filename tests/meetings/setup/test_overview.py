"""The overview of a company's setup: the checklist to the first meeting, and what an admin looks at after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Company, Goal, GoalEdit, Team, User
from alignment.rules.periods import months_in, year_of
from alignment.rules.roles import Role
from alignment.sweep.run import sweep
from meetings.models import Flag, Meeting
from meetings.setup.overview import CompanyState, FlagState, SeatState, TeamState, join_names, overview_of
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_admin,
    make_company,
    make_meeting,
    make_notice,
    make_revenue,
    make_seat,
    make_team,
    make_user,
)

As = Callable[[User], Client]
YEAR = year_of(date(2026, 11, 23), first_month=1)
MONTHS = frozenset(months_in(YEAR))
TWO = (
    SeatState("ceo", "Tom", has_joined=True, has_calendar_invite=True),
    SeatState("leader", "Joe", has_joined=True, has_calendar_invite=True),
)


def team(**fields: Any) -> TeamState:
    usual = {
        "name": "North",
        "slug": "north",
        "starts_on": date(2025, 1, 6),
        "ends_on": None,
        "seats": TWO,
        "goals": MONTHS,
        "next_start": NOW,
        "has_met": False,
        "has_revenue": True,
    }
    return TeamState(**usual | fields)


def company_state(**fields: Any) -> CompanyState:
    usual = {
        "slug": "demo",
        "about": "Demo",
        "year": YEAR,
        "teams": [team()],
        "people": 3,
        "never_signed_in": [],
        "failed_messages": 0,
        "flags": [],
    }
    return CompanyState(**usual | fields)


@pytest.mark.parametrize(
    ("fields", "next_one", "said"),
    [
        ({"people": 1, "teams": []}, "People", "You are the only person so far."),
        ({"teams": []}, "Team", "No teams yet."),
        ({"teams": [team(seats=())]}, "Team", "North has no CEO and no sales leader yet."),
        ({"teams": [team(seats=TWO[:1])]}, "Team", "North has no sales leader yet."),
        (
            {"teams": [team(goals=MONTHS - {date(2026, 5, 1)})]},
            "Goals",
            "Goals missing for 2026: North (1 month).",
        ),
        ({"teams": [team(goals=frozenset())]}, "Goals", "Goals missing for 2026: North (12 months)."),
        ({"teams": [team(goals=frozenset(), starts_on=date(2026, 11, 9))]}, "Goals", "North (2 months)."),
        ({"teams": [team(has_revenue=False)]}, "Revenue so far", "No revenue yet: North. Add what was won"),
        ({"teams": [team(next_start=None)]}, "First meeting", "within a minute or two"),
        (
            {
                "teams": [
                    team(
                        seats=(TWO[0], SeatState("leader", "Joe", has_joined=True, has_calendar_invite=False))
                    )
                ]
            },
            "First meeting",
            "within a minute or two",
        ),
        (
            {
                "teams": [
                    team(
                        seats=(
                            TWO[0],
                            SeatState("leader", "Joe", has_joined=False, has_calendar_invite=False),
                        )
                    )
                ]
            },
            "First meeting",
            "Joe of North must join first",
        ),
    ],
)
def test_the_checklist_names_what_is_next(fields: dict[str, Any], next_one: str, said: str) -> None:
    overview = overview_of(company_state(**fields))
    assert overview.next_step is not None and overview.next_step.label == next_one
    assert said in overview.next_step.text and not overview.is_running


@pytest.mark.parametrize(
    ("fields", "tone", "said"),
    [
        ({"flags": [FlagState("North", "north", "Two meetings missed in a row")]}, "bad", "1 escalation."),
        ({"teams": [team(has_met=True, seats=TWO[:1])]}, "bad", "1 team has no CEO or no sales leader."),
        ({"teams": [team(has_met=True, goals=frozenset())]}, "warn", "1 team is missing goals for 2026."),
        ({"never_signed_in": ["Joe"]}, "warn", "1 person has never signed in."),
        ({"failed_messages": 2}, "bad", "2 messages have failed."),
    ],
)
def test_a_company_that_meets_sees_first_what_to_look_at(
    fields: dict[str, Any], tone: str, said: str
) -> None:
    overview = overview_of(company_state(**fields))
    assert (overview.facts[0].tone, overview.facts[0].text) == (tone, said)
    assert overview.to_look_at == 1 and len(overview.facts) == 5 and overview.facts[0].link


def test_all_is_well_says_so() -> None:
    assert not overview_of(company_state()).to_look_at


def test_of_many_names_some_stand_there() -> None:
    assert join_names(f"T{number}" for number in range(7)) == "T0, T1, T2, T3, T4 and 2 more"


# From nothing to the first meeting


@pytest.fixture
def begun(db: None) -> tuple[Company, User]:
    company, admin = make_company(name="Brandt", slug="brandt"), make_user(last_login=NOW, name="Ada")
    make_admin(company=company, user=admin)
    return company, admin


def page(client: Client, slug: str = "brandt") -> str:
    answer = client.get(f"/setup/{slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_step_is_done_once_it_is_in_the_data(
    begun: tuple[Company, User], as_: As, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    company, admin = begun
    client, ceo, leader = as_(admin), make_user(name="Tom"), make_user(name="Joe")
    assert "You are the only person so far." in page(client)
    north = make_team(company=company, name="North", slug="north", ceo=ceo, starts_on=date(2026, 11, 23))
    assert "2 people" in page(client) and "North has no sales leader yet." in page(client)
    make_seat(team=north, user=leader, role=Role.LEADER)
    assert "North (2 months)." in page(client)
    for month in (11, 12):
        Goal.objects.set(north, date(2026, month, 1), Decimal(9), by=admin, now=NOW)
    assert "No revenue yet: North." in page(client)
    make_revenue(team=north, day=date(2026, 11, 2), amount=40_000)
    assert "within a minute or two" in page(client)
    sweep(NOW)
    assert "Needs attention" in page(client) and "2 people have never signed in." in page(client)


def test_a_team_that_ended_asks_for_nothing(begun: tuple[Company, User], as_: As) -> None:
    make_team(company=begun[0], name="Old", ends_on=date(2026, 1, 1))
    assert "No teams yet." in page(as_(begun[1]))


def test_what_came_of_a_meeting_shows_facts_instead_of_steps(cast: Cast, as_: As) -> None:
    missed = make_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    missed.mark_missed(now=NOW - timedelta(days=6))
    Flag.objects.create(team=cast.north, meeting=missed, step=1, raised_at=NOW)
    make_notice(to=cast.leader, company=cast.company, failed_at=NOW)
    make_notice(to=cast.outsider, company=cast.away.company, failed_at=NOW)
    shown = page(as_(cast.admin), "demo")
    for fact in (
        "1 escalation.",
        "North: the last meeting was missed",
        "1 message has failed.",
        "2 teams are missing goals",
    ):
        assert fact in shown


def test_it_asks_the_same_of_the_database_with_one_team_and_with_fifty(cast: Cast, as_: As) -> None:
    client, counts = as_(cast.admin), []
    for number in (1, 50):
        for index in range(number):
            more = make_team(company=cast.company, ceo=make_user(), leader=make_user())
            Goal.objects.set_many(
                [GoalEdit(more.pk, date(2026, 11, 1), None, Decimal(index + 1))], by=None, now=NOW
            )
            make_meeting(team=more, starts_at=NOW)
            make_notice(to=cast.leader, company=cast.company, failed_at=NOW)
        with CaptureQueriesContext(connection) as caught:
            page(client, "demo")
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 10


# Who gets there


def test_an_admin_of_one_company_goes_straight_there(cast: Cast, as_: As) -> None:
    assert as_(cast.admin).get("/setup/").headers["Location"] == "/setup/demo/"


def test_an_admin_of_several_chooses(cast: Cast, as_: As) -> None:
    make_admin(company=cast.away.company, user=cast.admin)
    shown = as_(cast.admin).get("/setup/").content.decode()
    assert "Demo" in shown and "/setup/other/" in shown


def test_everybody_else_is_told_who_does_this(cast: Cast, as_: As) -> None:
    for user in (cast.leader, cast.outsider):
        answer = as_(user).get("/setup/")
        assert answer.status_code == 403 and "Only an admin of the company" in answer.content.decode()


def test_the_way_there_stands_in_the_navigation_of_those_who_may(cast: Cast, as_: As) -> None:
    assert 'href="/setup/"' in as_(cast.admin).get("/").content.decode()
    assert 'href="/setup/"' not in as_(cast.ceo).get("/").content.decode()


def test_the_setup_says_no_words_of_a_meeting(cast: Cast, as_: As) -> None:
    Meeting.objects.filter(team=cast.north).update(excused_why="canary")
    assert Team.objects.filter(company=cast.company).exists() and "canary" not in page(
        as_(cast.admin), "demo"
    )
