"""Setup of teams: the list, a new one with its dates, and every part of one that can be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Entry, Goal, Holiday, Team, User
from meetings.cadence import Cadence, Kind
from meetings.founding import next_dates
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_meeting, make_team, make_update

As = Callable[[User], Client]
HERE = "/setup/demo/teams/"


@pytest.fixture(autouse=True)
def _the_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def told(cast: Cast, **other: Any) -> dict[str, Any]:
    """What a new team's form says by itself, with a name and two people."""
    return {
        "name": "East", "ceo": cast.ceo.pk, "leader": cast.second_leader.pk, "rhythm": "weekly", "nth": "1", "weekday": "1",
        "local_time": "10:30", "timezone": "Europe/Paris", "starts_on": "2026-11-23",
    } | other  # fmt: skip


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
        ({"name": ""}, "Give the team a name."),
        ({"name": "north"}, "has that name already"),
        ({"ceo": ""}, "Choose who is the CEO."),
        ({"leader": "CEO"}, "The sales leader is somebody else."),
        ({"ceo": "OUTSIDER"}, "Choose one of the people listed."),
        ({"timezone": "Mars/Olympus"}, "is not a time zone we know"),
        ({"local_time": "25:99"}, "Write the time as hours and minutes"),
        ({"starts_on": "2026-11-22"}, "That day has passed."),
        ({"starts_on": "2030-01-01"}, "more than a year ahead"),
        ({"rhythm": "hourly"}, "Choose one of those listed."),
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
        kind=Kind.MONTHLY, weekday=4, nth=-1, time=time(14), zone=cast.north.zone, starts_on=TODAY, ends_on=None, minutes=30
    )  # fmt: skip
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
    assert "Give the team a name" not in page and 'value="10:30"' in page
    assert not Team.objects.filter(name="East").exists()


# The parts of a team


@pytest.mark.parametrize(
    ("part", "sent", "field", "becomes"),
    [
        ("name", {"name": "North Sea"}, "name", "North Sea"),
        ("minutes", {"minutes_revenue": 9, "minutes_deals": 5, "minutes_risks": 6, "minutes_initiatives": 5,
                     "minutes_issues": 7}, "minutes_revenue", 9),
        ("bands", {"mid_deal_from": "10k", "big_deal_from": "50k"}, "big_deal_from", 50_000),
        ("clock", {"preparation_hours": 48, "missed_after_hours": 24, "closes_after_hours": 12}, "preparation_hours", 48),
        ("reminders", {"reminder_hours": "4, 96"}, "reminder_hours", [96, 4]),
        ("escalation", {"admins_told_after": 1, "red_after": 4}, "red_after", 4),
    ],
)  # fmt: skip
def test_each_part_is_saved_on_its_own(
    cast: Cast, as_: As, part: str, sent: dict[str, Any], field: str, becomes: Any
) -> None:
    answer = as_(cast.admin).post(f"{HERE}north/", {"part": part, **sent})
    cast.north.refresh_from_db()
    assert answer.url == f"{HERE}north/#{part}"
    assert getattr(cast.north, field) == becomes
    assert Entry.objects.get().what == "team.changed"


def test_a_change_is_kept_with_what_was_before(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/", {"part": "reminders", "reminder_hours": "48"})
    entry = Entry.objects.get()
    assert entry.old == "Hours before the preparation is due: 72, 24, 2 hours before"
    assert entry.new == "Hours before the preparation is due: 48 hours before"


def test_saving_what_is_there_already_changes_nothing(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/", {"part": "name", "name": "North"})
    assert not Entry.objects.exists()


def test_a_part_goes_back_to_what_is_usual(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(f"{HERE}north/", {"part": "escalation", "admins_told_after": 3, "red_after": 4})
    assert "Back to what is usual" in client.get(f"{HERE}north/").content.decode()
    client.post(f"{HERE}north/", {"part": "escalation", "usual": "1"})
    cast.north.refresh_from_db()
    assert (cast.north.admins_told_after, cast.north.red_after) == (2, 3)


@pytest.mark.parametrize(
    ("part", "sent", "said"),
    [
        ("name", {"name": "South"}, "has that name already"),
        ("minutes", {"minutes_revenue": 0}, "Write a whole number from 1 to 120."),
        ("bands", {"mid_deal_from": 90_000, "big_deal_from": 80_000}, "A big deal is not smaller"),
        ("reminders", {"reminder_hours": "soon"}, "Write whole hours from 1 to 336"),
        ("reminders", {"reminder_hours": "1 2 3 4 5 6 7"}, "At most 6 reminders"),
        ("escalation", {"admins_told_after": 3, "red_after": 2}, "cannot come before the admins are told"),
    ],
)
def test_a_part_that_is_wrong_says_so_and_changes_nothing(
    cast: Cast, as_: As, part: str, sent: dict[str, Any], said: str
) -> None:
    answer = as_(cast.admin).post(f"{HERE}north/", {"part": part, **sent})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Entry.objects.exists()


def test_the_page_of_a_team_costs_the_same_with_50_seats_and_plans(
    cast: Cast, as_: As, django_assert_max_num_queries: Any
) -> None:
    client = as_(cast.admin)
    with django_assert_max_num_queries(15) as few:
        client.get(f"{HERE}north/")
    for number in range(50):
        seat_somebody(cast, number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "Person 49 of 50" in client.get(f"{HERE}north/").content.decode()


def seat_somebody(cast: Cast, number: int) -> None:
    from alignment import seating
    from tests.factories import make_seat, make_user

    person = make_user(name=f"Person {number} of 50")
    make_seat(team=cast.north, user=person, role="observer")
    day = TODAY + timedelta(days=number + 1)
    seating.give(cast.north, person, "facilitator", by=cast.admin, now=NOW, day=day)


# Two admins at once


def shown(client: Client, part: str) -> dict[str, Any]:
    """What a browser would send of a part as it stands."""
    forms = client.get(f"{HERE}north/").context["forms"]
    form = next(form for form in forms if form.part == part)
    return {"part": part} | {bound.html_name: bound.value() for bound in form}


def test_what_another_admin_changed_meanwhile_stays(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    mine, theirs = shown(client, "bands"), shown(client, "bands")
    client.post(f"{HERE}north/", theirs | {"mid_deal_from": "10000"})
    assert client.post(f"{HERE}north/", mine | {"big_deal_from": "90000"}).status_code == 302
    cast.north.refresh_from_db()
    assert (cast.north.mid_deal_from, cast.north.big_deal_from) == (10_000, 90_000)


def test_what_two_wrote_is_not_put_together_where_it_contradicts(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    mine, theirs = shown(client, "bands"), shown(client, "bands")
    client.post(f"{HERE}north/", theirs | {"mid_deal_from": "75000"})
    late = client.post(f"{HERE}north/", mine | {"big_deal_from": "70000"})
    assert late.status_code == 409 and "it is $75,000" in late.content.decode()
    cast.north.refresh_from_db()
    assert (cast.north.mid_deal_from, cast.north.big_deal_from) == (75_000, 80_000)


def test_two_who_change_the_same_are_told(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    mine, theirs = shown(client, "minutes"), shown(client, "minutes")
    client.post(f"{HERE}north/", theirs | {"minutes_risks": "9"})
    late = client.post(f"{HERE}north/", mine | {"minutes_risks": "8"})
    assert late.status_code == 409 and "it is 9 minutes. Save again" in late.content.decode()
    form = next(form for form in late.context["forms"] if form.part == "minutes")
    client.post(f"{HERE}north/", {"part": "minutes"} | {bound.html_name: bound.value() for bound in form})
    cast.north.refresh_from_db()
    assert cast.north.minutes_risks == 8


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
    from alignment import seating

    client = as_(cast.admin)
    assert client.post(f"{HERE}north/end/", {"last": "2026-11-01"}).status_code == 422
    seating.give(
        cast.north, cast.second_leader, "observer", by=cast.admin, now=NOW, day=TODAY + timedelta(days=3)
    )
    answer = client.post(f"{HERE}north/end/", {"last": "2026-12-31"})
    assert answer.status_code == 409 and "Cancel it first" in answer.content.decode()


def test_a_team_taken_up_again_meets_from_today(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/end/", {"last": "2026-11-23"})
    with time_machine.travel(NOW + timedelta(days=100), tick=False):
        as_(cast.admin).post(f"{HERE}north/take-up/", {"ceo": cast.ceo.pk, "leader": cast.second_leader.pk})
        cast.north.refresh_from_db()
        first = Meeting.objects.filter(team=cast.north, state="scheduled").earliest("starts_at")
    assert cast.north.ends_on is None
    assert sorted(cast.north.seats.current().values_list("role", flat=True)) == ["ceo", "leader"]
    assert first.starts_at > NOW + timedelta(days=100)


def test_a_team_ended_by_mistake_is_taken_up_the_same_day(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(f"{HERE}north/end/", {"last": "2026-11-23"})
    answer = client.post(f"{HERE}north/take-up/", {"ceo": cast.ceo.pk, "leader": cast.second_leader.pk})
    assert answer.status_code == 302
    assert cast.north.seats.current().count() == 2


def test_a_team_whose_end_is_taken_back_keeps_seats_and_dates(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(f"{HERE}north/end/", {"last": "2026-12-31"})
    client.post(f"{HERE}north/take-up/", {"ceo": cast.ceo.pk})
    assert cast.north.seats.current().count() == 5
    assert not cast.north.planned_seats.waiting().exists()
