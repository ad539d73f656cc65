"""The parts of a team's setup: each saved on its own, and two admins at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Entry, Team, User
from tests.cast import Cast
from tests.factories import NOW, TODAY

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


# The parts of a team


@pytest.mark.parametrize(
    ("part", "sent", "field", "becomes"),
    [
        ("name", {"name": "North Sea"}, "name", "North Sea"),
        (
            "minutes",
            {
                "minutes_revenue": 9,
                "minutes_deals": 5,
                "minutes_risks": 6,
                "minutes_initiatives": 5,
                "minutes_issues": 7,
            },
            "minutes_revenue",
            9,
        ),
        ("bands", {"mid_deal_from": "10k", "big_deal_from": "50k"}, "big_deal_from", 50_000),
        (
            "deadlines",
            {"preparation_hours": 48, "missed_after_hours": 24, "closes_after_hours": 12},
            "preparation_hours",
            48,
        ),
        ("deadlines", {"due_rule": "working_day", "due_time": "12:00"}, "due_time", time(12)),
        ("reminders", {"reminder_hours": "4, 96"}, "reminder_hours", [96, 4]),
        ("escalation", {"admins_told_after": 1, "red_after": 4}, "red_after", 4),
    ],
)
def test_each_part_is_saved_on_its_own(
    cast: Cast, as_: As, part: str, sent: dict[str, Any], field: str, becomes: Any
) -> None:
    answer = as_(cast.admin).post(f"{HERE}north/", {"part": part, **sent})
    cast.north.refresh_from_db()
    assert answer.url == f"{HERE}north/#{part}"
    assert getattr(cast.north, field) == becomes
    assert Entry.objects.get().what == "team.changed"


def test_a_new_team_prepares_by_the_last_working_day_before(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    page = client.get(f"{HERE}new/").content.decode()
    assert (
        "Preparation due: On the last working day before the meeting, Time on the working day: 17:00" in page
    )
    client.post(f"{HERE}new/", told(cast))
    east = Team.objects.get(name="East")
    assert (east.due_rule, east.due_time) == ("working_day", time(17))
    assert "New teams prepare by" not in client.get(f"{HERE}east/").content.decode()


def test_a_team_that_keeps_its_hours_is_told_what_is_usual_now_and_may_take_it(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    page = client.get(f"{HERE}north/").content.decode()
    assert "New teams prepare by 17:00 on the last working day before the meeting." in page
    assert "This team keeps 24 hours before the start." in page
    sent = {"part": "deadlines", "due_rule": "working_day", "due_time": "16:30"}
    assert client.post(f"{HERE}north/", sent).status_code == 302
    cast.north.refresh_from_db()
    assert (cast.north.due_rule, cast.north.due_time) == ("working_day", time(16, 30))
    entry = Entry.objects.get()
    assert entry.old == "Preparation due: Hours before the start"
    assert entry.new == (
        "Preparation due: On the last working day before the meeting, Time on the working day: 16:30"
    )
    assert "New teams prepare by" not in client.get(f"{HERE}north/").content.decode()


def test_the_deadlines_go_back_to_what_is_usual(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/", {"part": "deadlines", "usual": "1"})
    cast.north.refresh_from_db()
    assert (cast.north.due_rule, cast.north.due_time) == ("working_day", time(17))


def test_a_change_is_kept_with_what_was_before(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/", {"part": "reminders", "reminder_hours": "48"})
    entry = Entry.objects.get()
    assert entry.old == "Hours before the deadline: 72, 24, 2 hours before"
    assert entry.new == "Hours before the deadline: 48 hours before"


def test_saving_what_is_there_already_changes_nothing(cast: Cast, as_: As) -> None:
    as_(cast.admin).post(f"{HERE}north/", {"part": "name", "name": "North"})
    assert not Entry.objects.exists()


def test_a_part_goes_back_to_what_is_usual(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(f"{HERE}north/", {"part": "escalation", "admins_told_after": 3, "red_after": 4})
    assert "Reset to defaults" in client.get(f"{HERE}north/").content.decode()
    client.post(f"{HERE}north/", {"part": "escalation", "usual": "1"})
    cast.north.refresh_from_db()
    assert (cast.north.admins_told_after, cast.north.red_after) == (2, 3)


@pytest.mark.parametrize(
    ("part", "sent", "said"),
    [
        ("name", {"name": "South"}, "already has a team with that name"),
        ("minutes", {"minutes_revenue": 0}, "Enter a whole number from 1 to 120."),
        (
            "bands",
            {"mid_deal_from": 90_000, "big_deal_from": 80_000},
            "must not be lower than the amount for mid-size deals",
        ),
        ("deadlines", {"due_rule": "never"}, "Choose from the list."),
        ("deadlines", {"due_time": "late"}, "Enter the time as hours and minutes"),
        ("reminders", {"reminder_hours": "soon"}, "Enter whole hours from 1 to 336"),
        ("reminders", {"reminder_hours": "1 2 3 4 5 6 7"}, "Enter at most 6 reminders"),
        (
            "escalation",
            {"admins_told_after": 3, "red_after": 2},
            "must not be lower than the number for notifying admins",
        ),
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
    from alignment.people import seats
    from tests.factories import make_seat, make_user

    person = make_user(name=f"Person {number} of 50")
    make_seat(team=cast.north, user=person, role="observer")
    day = TODAY + timedelta(days=number + 1)
    seats.give(cast.north, person, "facilitator", by=cast.admin, now=NOW, day=day)


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


def test_a_time_that_was_left_alone_stays_as_another_admin_set_it_meanwhile(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    mine, theirs = shown(client, "deadlines"), shown(client, "deadlines")
    client.post(f"{HERE}north/", theirs | {"due_time": "15:00"})
    assert client.post(f"{HERE}north/", mine | {"due_rule": "working_day"}).status_code == 302
    cast.north.refresh_from_db()
    assert (cast.north.due_rule, cast.north.due_time) == ("working_day", time(15))


def test_what_two_wrote_is_not_put_together_where_it_contradicts(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    mine, theirs = shown(client, "bands"), shown(client, "bands")
    client.post(f"{HERE}north/", theirs | {"mid_deal_from": "75000"})
    late = client.post(f"{HERE}north/", mine | {"big_deal_from": "70000"})
    assert (
        late.status_code == 409
        and "must not be lower than the amount for mid-size deals" in late.content.decode()
    )
    form = late.context["form"]
    assert (form["mid_deal_from"].value(), form["big_deal_from"].value()) == ("75000", "70000")
    assert [(each.mine, each.theirs) for each in late.context["conflict"].fields] == [("70000", "80000")]
    cast.north.refresh_from_db()
    assert (cast.north.mid_deal_from, cast.north.big_deal_from) == (75_000, 80_000)


def test_two_who_change_the_same_are_told(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    mine, theirs = shown(client, "minutes"), shown(client, "minutes")
    client.post(f"{HERE}north/", theirs | {"minutes_risks": "9"})
    late = client.post(f"{HERE}north/", mine | {"minutes_risks": "8"})
    assert late.status_code == 409
    both = late.context["conflict"]
    assert [(each.label, each.mine, each.theirs) for each in both.fields] == [("Risks", "8", 9)]
    form = next(form for form in late.context["forms"] if form.part == "minutes")
    again = {"part": "minutes"} | {bound.html_name: bound.value() for bound in form}
    assert client.post(f"{HERE}north/", again).status_code == 409
    client.post(f"{HERE}north/", again | {"keep": "mine", "stored_version": both.version})
    cast.north.refresh_from_db()
    assert cast.north.minutes_risks == 8


def test_two_parts_changed_at_once_are_both_saved(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    minutes, bands = shown(client, "minutes"), shown(client, "bands")
    client.post(f"{HERE}north/", minutes | {"minutes_risks": "9"})
    assert client.post(f"{HERE}north/", bands | {"big_deal_from": "90000"}).status_code == 302
    cast.north.refresh_from_db()
    assert (cast.north.minutes_risks, cast.north.big_deal_from) == (9, 90_000)


def test_the_same_part_sent_twice_is_one_change(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    minutes = shown(client, "minutes") | {"minutes_risks": "9"}
    assert [client.post(f"{HERE}north/", minutes).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.count() == 1


def test_usual_again_does_not_write_over_what_was_just_set(cast: Cast, as_: As) -> None:
    client = as_(cast.admin)
    client.post(f"{HERE}north/", {"part": "minutes", "minutes_risks": "9"})
    page = shown(client, "minutes")
    usual = {"part": "minutes", "usual": "1", "version": page["version"], "base": page["base"]}
    client.post(f"{HERE}north/", {"part": "minutes", "minutes_risks": "12"})
    assert client.post(f"{HERE}north/", usual).status_code == 409
    cast.north.refresh_from_db()
    assert cast.north.minutes_risks == 12
