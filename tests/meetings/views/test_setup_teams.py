"""Setup of teams: the list, a new one with its dates, its end and a new beginning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Entry, Goal, Holiday, Team, User
from meetings.models import Meeting
from meetings.registry.data_checks import find_violations
from meetings.rules.cadence import Cadence, Kind
from meetings.teams.lifecycle import next_dates
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_meeting, make_member, make_team, make_update

As = Callable[[User], Client]
HERE = "/setup/demo/teams/"


@pytest.fixture(autouse=True)
def _the_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def told(cast: Cast, **other: Any) -> dict[str, Any]:
    """What a new team's form says by itself, with a name and two people."""
    return {
        "name": "East",
        "ceo": cast.ceo.pk,
        "leader": cast.second_leader.pk,
        "rhythm": "weekly",
        "nth": "1",
        "weekday": "1",
        "local_time": "10:30",
        "timezone": "Europe/Paris",
        "starts_on": "2026-11-23",
    } | other


# The list


def test_the_list_says_who_meets_when_and_what_is_missing(cast: Cast, as_: As) -> None:
    Goal.objects.create(team=cast.north, month=date(2026, 11, 1), amount=1)
    make_team(company=cast.company, name="West", ceo=cast.ceo, rhythm="fortnightly", weekday=1)
    page = as_(cast.admin).get(HERE).content.decode()
    assert "Every second Tuesday at 09:00, Paris" in page
    assert "No sales leader" in page and "No goals" in page


def test_the_list_is_searched_and_narrowed(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    Team.objects.filter(pk=cast.south.pk).update(ends_on=TODAY - timedelta(days=1))
    assert [line.name for line in client.get(HERE).context["lines"]] == ["North"]
    assert [line.name for line in client.get(f"{HERE}?state=ended").context["lines"]] == ["South"]
    assert [line.name for line in client.get(f"{HERE}?state=all&q=duarte").context["lines"]] == ["South"]


def test_the_list_costs_the_same_for_200_teams(
    cast: Cast, as_: As, django_assert_max_num_queries: Any
) -> None:
    client = as_(cast.admin)
    with django_assert_max_num_queries(15) as few:
        client.get(HERE)
    for number in range(200):
        make_team(company=cast.company, ceo=cast.ceo, name=f"Team number {number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert client.get(HERE).status_code == 200


def test_teams_of_another_company_are_unknown(cast: Cast, as_: As) -> None:
    assert as_(cast.admin).get(f"{HERE}away/").status_code == 404
    assert as_(cast.admin).get("/setup/other/teams/").status_code == 404
    assert as_(cast.leader).get(HERE).status_code == 403


# A new team


def test_a_new_team_has_its_seats_and_its_meetings_at_once(cast: Cast, as_: As) -> None:
    answer = as_(cast.admin).post(f"{HERE}new/", told(cast))
    team = Team.objects.get(slug="east")
    assert answer.url == f"{HERE}east/"
    assert {seat.role: seat.user for seat in team.current_seats} == {
        "ceo": cast.ceo,
        "leader": cast.second_leader,
    }
    first = Meeting.objects.filter(team=team).earliest("starts_at").starts_at
    assert first.astimezone(team.zone).isoformat() == "2026-11-24T10:30:00+01:00"
    assert [entry.what for entry in Entry.objects.order_by("pk")] == ["team.made", "seat.given", "seat.given"]


def test_the_first_meeting_of_a_new_team_is_on_today_of_its_leader(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}new/", told(cast, leader=cast.observer.pk))
    assert "Tuesday 24 November" in as_(cast.observer).get("/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter a team name."),
        ({"name": "north"}, "already has a team with that name"),
        ({"ceo": ""}, "Choose the CEO."),
        ({"leader": "CEO"}, "Choose someone else as sales leader."),
        ({"ceo": "OUTSIDER"}, "Choose someone from the list."),
        ({"timezone": "Mars/Olympus"}, "is not a known time zone"),
        ({"local_time": "25:99"}, "Enter the time as hours and minutes"),
        ({"starts_on": "2026-11-22"}, "This date is in the past."),
        ({"starts_on": "2030-01-01"}, "more than a year ahead"),
        ({"rhythm": "hourly"}, "Choose from the list."),
    ],
)
def test_what_is_wrong_is_said_at_the_place_and_makes_nothing(
    cast: Cast, as_: As, wrong: dict[str, str], said: str
) -> None:
    stands_for = {"CEO": str(cast.ceo.pk), "OUTSIDER": str(cast.outsider.pk)}
    sent = told(cast) | {name: stands_for.get(value, value) for name, value in wrong.items()}
    answer = as_(cast.admin).post(f"{HERE}new/", sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Team.objects.filter(name="East").exists()


def test_two_teams_of_a_name_in_two_companies_have_two_addresses(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}new/", told(cast, name="Away"))
    as_(cast.admin).post(f"{HERE}new/", told(cast, name="New"))
    assert {team.slug for team in cast.company.teams.filter(name__in=("Away", "New"))} == {"away-2", "new-2"}


def test_with_what_a_new_team_begins_is_said(cast: Cast, as_: As) -> None:
    page = as_(cast.admin).get(f"{HERE}new/").content.decode()
    assert (
        "Revenue vs goal: 7 minutes" in page
        and "72, 24, 2 hours before" in page
        and "Big from: $80,000" in page
    )


# The preview


def test_the_next_eight_dates_name_the_holidays_they_fall_on(cast: Cast) -> None:
    cadence = Cadence(
        kind=Kind.MONTHLY,
        weekday=4,
        nth=-1,
        time=time(14),
        zone=cast.north.zone,
        starts_on=TODAY,
        ends_on=None,
        minutes=30,
    )
    found = next_dates(cadence, after=NOW, holidays={date(2026, 12, 25): "Christmas"})
    assert [each.start.date().isoformat() for each in found[:3]] == ["2026-11-27", "2026-12-25", "2027-01-29"]
    assert (len(found), found[1].holiday) == (8, "Christmas")


def test_the_dates_follow_what_is_typed(cast: Cast, as_: As) -> None:
    Holiday.objects.create(company=cast.company, day=date(2026, 12, 8), name="Day of the patron")
    page = as_(cast.admin).get(f"{HERE}new/dates/", told(cast, rhythm="fortnightly")).content.decode()
    assert "Every second Tuesday at 10:30, Paris" in page and "Tuesday 8 December, 10:30" in page
    assert "Day of the patron" in page and "Tuesday 1 December" not in page


def test_without_javascript_a_button_shows_the_dates_and_keeps_what_was_typed(cast: Cast, as_: As) -> None:
    answer = as_(cast.admin).post(f"{HERE}new/", told(cast, name="", weekday="3", show="1"))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Thursday 26 November, 10:30" in page
    assert "Enter a team name" not in page and 'value="10:30"' in page
    assert not Team.objects.filter(name="East").exists()


# End and begin again


def test_a_team_that_ends_keeps_all_but_meetings_nobody_touched(cast: Cast, as_: As) -> None:
    week = timedelta(weeks=1)
    held = make_meeting(
        team=cast.north, starts_at=NOW - week, state="held", started_at=NOW - week, closed_at=NOW - week
    )
    bare, touched = (make_meeting(team=cast.north, starts_at=NOW + week * number) for number in (1, 2))
    make_update(meeting=touched, author=cast.leader)
    as_(cast.admin).post(f"{HERE}north/end/", {"last": "2026-11-23"})
    assert not cast.north.seats.current().exists()
    assert not Meeting.objects.filter(pk=bare.pk).exists()
    assert [Meeting.objects.get(pk=each.pk).state for each in (held, touched)] == ["held", "excused"]


def test_a_team_that_ends_later_goes_on_until_then(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/end/", {"last": "2026-12-31"})
    assert cast.north.seats.current().count() == 5
    assert cast.north.planned_seats.waiting().count() == 5
    assert "ends on Thursday 31 December" in as_(cast.admin).get(f"{HERE}north/").content.decode()


def test_a_team_does_not_end_in_the_past_nor_before_a_planned_change(cast: Cast, as_: As) -> None:
    from alignment.people import seats

    client = as_(cast.admin)
    assert client.post(f"{HERE}north/end/", {"last": "2026-11-01"}).status_code == 422
    seats.give(
        cast.north, cast.second_leader, "observer", by=cast.admin, now=NOW, day=TODAY + timedelta(days=3)
    )
    answer = client.post(f"{HERE}north/end/", {"last": "2026-12-31"})
    assert answer.status_code == 409 and "Cancel it first" in answer.content.decode()


def test_a_team_taken_up_again_meets_from_today(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/end/", {"last": "2026-11-23"})
    with time_machine.travel(NOW + timedelta(days=100), tick=False):
        as_(cast.admin).post(f"{HERE}north/restart/", {"ceo": cast.ceo.pk, "leader": cast.second_leader.pk})
        cast.north.refresh_from_db()
        first = Meeting.objects.filter(team=cast.north, state="scheduled").earliest("starts_at")
    assert cast.north.ends_on is None
    assert sorted(cast.north.seats.current().values_list("role", flat=True)) == ["ceo", "leader"]
    assert first.starts_at > NOW + timedelta(days=100)


@pytest.mark.parametrize("ceo", ["ceo", "observer"])
@pytest.mark.parametrize("leader", ["leader", "second_leader"])
def test_a_team_ended_by_mistake_is_taken_up_the_same_day(cast: Cast, as_: As, ceo: str, leader: str) -> None:
    client = as_(cast.admin)
    for person in (cast.leader, cast.observer):
        make_member(company=cast.company, user=person)
    client.post(f"{HERE}north/end/", {"last": "2026-11-23"})
    people = {"ceo": getattr(cast, ceo).pk, "leader": getattr(cast, leader).pk}
    answer = client.post(f"{HERE}north/restart/", people)
    assert answer.status_code == 302
    assert cast.north.seats.current().count() == 2
    assert not [sentence for sentence in find_violations(NOW) if "at once" in sentence]


def test_a_team_whose_end_is_taken_back_keeps_seats_and_dates(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(f"{HERE}north/end/", {"last": "2026-12-31"})
    client.post(f"{HERE}north/restart/", {"ceo": cast.ceo.pk})
    assert cast.north.seats.current().count() == 5
    assert not cast.north.planned_seats.waiting().exists()
