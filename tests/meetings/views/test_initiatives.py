"""Initiatives: the leader's plan and measure, the CEO's word on it, and a rep's plan for the two alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from meetings.models import Initiative
from tests.factories import NOW, make_initiative

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def initiative(cast):
    return make_initiative(team=cast.north, title="Playbook")


def change(client, row, **fields):
    row.refresh_from_db()
    return client.post(f"/initiatives/{row.pk}/", {"version": row.version} | fields)


def test_a_new_one_begins_its_line_and_waits_for_the_ceo(cast, as_):
    told = {
        "team": "north",
        "title": "Playbook",
        "kind": "skills",
        "current": "4.5",
        "target": "-9",
        "unit": "deals",
    }
    as_(cast.leader).post("/initiatives/new/", told)
    made = Initiative.objects.get()
    assert (made.current, made.target, made.health, made.waits_for_ceo) == (
        Decimal("4.5"),
        Decimal(-9),
        "on_track",
        True,
    )
    assert [point.value for point in made.measured_by.points.all()] == [Decimal("4.5")]


def test_progress_is_saved_by_itself_and_is_a_point_on_the_line(cast, as_, initiative):
    told = {"part": "progress", "version": 1, "current": "7", "health": "behind", "title": "Hack"}
    response = as_(cast.leader).post(f"/initiatives/{initiative.pk}/", told, headers={"X-Autosave": "1"})
    assert response.status_code == 204
    initiative.refresh_from_db()
    assert (initiative.current, initiative.health, initiative.title) == (Decimal(7), "behind", "Playbook")
    assert [point.value for point in initiative.measured_by.points.all()] == [4, 7]


def test_the_same_value_sent_twice_at_once_is_one_point(cast, initiative):
    """Both requests read the initiative before either wrote."""
    first, second = Initiative.objects.get(), Initiative.objects.get()
    for row, later in ((first, 0), (second, 1)):
        row.revise(version=1, now=NOW + timedelta(milliseconds=later), current=Decimal(7))
    assert [point.value for point in initiative.measured_by.points.all()] == [4, 7]


def test_a_changed_plan_asks_for_the_ceos_word_again(cast, as_, initiative):
    as_(cast.ceo).post(f"/initiatives/{initiative.pk}/approval/", {"approval": "agreed"})
    change(as_(cast.leader), initiative, part="progress", current="7", health="behind")
    initiative.refresh_from_db()
    assert initiative.approval == "agreed"
    change(as_(cast.leader), initiative, part="plan", plan="Another plan")
    initiative.refresh_from_db()
    assert initiative.approval == "changed"


def test_not_yet_says_why(cast, as_, initiative):
    response = as_(cast.ceo).post(
        f"/initiatives/{initiative.pk}/approval/", {"approval": "not_yet", "why": ""}
    )
    assert response.status_code == 422
    as_(cast.ceo).post(f"/initiatives/{initiative.pk}/approval/", {"approval": "not_yet", "why": "Too slow"})
    initiative.refresh_from_db()
    assert (initiative.approval, initiative.approval_why, initiative.approval_by) == (
        "not_yet",
        "Too slow",
        cast.ceo,
    )


@pytest.mark.parametrize("decision", ["", "changed", "yes"])
def test_no_other_decision_counts(cast, as_, initiative, decision):
    assert (
        as_(cast.ceo).post(f"/initiatives/{initiative.pk}/approval/", {"approval": decision}).status_code
        == 422
    )


def test_a_plan_changed_while_the_ceo_read_is_not_agreed_to_unread(cast, as_, initiative):
    change(as_(cast.leader), initiative, plan="Another plan")
    response = as_(cast.ceo).post(
        f"/initiatives/{initiative.pk}/approval/", {"approval": "agreed", "version": 1}
    )
    assert response.status_code == 409
    initiative.refresh_from_db()
    assert initiative.approval == ""


@pytest.mark.parametrize(
    ("who", "status"),
    [("ceo", 302), ("leader", 403), ("delegate", 403), ("observer", 403), ("outsider", 404)],
)
def test_the_word_is_the_ceos_own(cast, as_, initiative, who, status):
    assert (
        as_(getattr(cast, who))
        .post(f"/initiatives/{initiative.pk}/approval/", {"approval": "agreed"})
        .status_code
        == status
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader", 302),
        ("delegate", 302),
        ("ceo", 403),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 404),
    ],
)
def test_the_leaders_side_keeps_them(cast, as_, initiative, who, status):
    client = as_(getattr(cast, who))
    assert change(client, initiative, health="stuck").status_code == status
    assert client.post(f"/initiatives/{initiative.pk}/finish/", {"outcome": "Done"}).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("ceo", 200), ("leader", 200), ("delegate", 404), ("facilitator", 404), ("observer", 404)],
)
def test_a_reps_plan_is_found_by_the_two_alone(cast, as_, who, status):
    plan = make_initiative(team=cast.north, kind="rep")
    client = as_(getattr(cast, who))
    assert client.get(f"/initiatives/{plan.pk}/").status_code == status
    assert len(client.get("/initiatives/").context["lines"]) == (status == 200)


def test_a_delegate_cannot_begin_a_reps_plan(cast, as_):
    response = as_(cast.delegate).post("/initiatives/new/", {"team": "north", "title": "Ben", "kind": "rep"})
    assert response.status_code == 422


def test_a_reps_plan_is_never_shown_to_others_afterwards(cast, as_):
    plan = make_initiative(team=cast.north, kind="rep")
    assert change(as_(cast.leader), plan, kind="skills").status_code == 422


def test_finished_with_what_came_of_it_and_gone_on_with(cast, as_, initiative):
    client = as_(cast.leader)
    client.post(f"/initiatives/{initiative.pk}/finish/", {"outcome": "Nine deals a month"})
    initiative.refresh_from_db()
    assert (initiative.finished_at, initiative.outcome) == (NOW, "Nine deals a month")
    assert (
        as_(cast.ceo).post(f"/initiatives/{initiative.pk}/approval/", {"approval": "agreed"}).status_code
        == 409
    )
    client.post(f"/initiatives/{initiative.pk}/reopen/")
    initiative.refresh_from_db()
    assert initiative.finished_at is None


def test_two_who_save_it_both_see_both(cast, as_, initiative):
    as_(cast.leader).post(f"/initiatives/{initiative.pk}/", {"version": 1, "plan": "Call first"})
    response = as_(cast.delegate).post(
        f"/initiatives/{initiative.pk}/", {"version": 1, "plan": "Write first"}
    )
    assert response.status_code == 409
    assert "Call first" in response.content.decode()
    assert "Write first" in response.content.decode()


def test_the_list_shows_what_waits_for_the_ceo(cast, as_, initiative):
    make_initiative(team=cast.north, approval="agreed")
    (line,) = as_(cast.ceo).get("/initiatives/?state=waiting").context["lines"]
    assert (line.initiative, line.needs_my_approval) == (initiative, True)
    assert not as_(cast.leader).get("/initiatives/?state=waiting").context["lines"][0].needs_my_approval


@pytest.mark.parametrize("number", [0, 1, 50])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_max_num_queries, number):
    for _ in range(number):
        make_initiative(team=cast.north).measured_by.points.create(at=NOW, value=3)
    client = as_(cast.ceo)
    with django_assert_max_num_queries(6):
        client.get("/initiatives/")


def test_an_initiative_is_found_by_what_it_is_measured_by(cast, as_, initiative):
    make_initiative(team=cast.north, title="Other", measure="Visits")
    (line,) = as_(cast.leader).get("/initiatives/?q=above").context["lines"]
    assert line.initiative == initiative
    initiative.revise(version=1, now=NOW, measure="Plants visited")
    assert len(as_(cast.leader).get("/initiatives/?q=visit").context["lines"]) == 2


def test_a_value_taken_away_is_not_the_current_one(cast, as_, initiative):
    initiative.revise(version=1, now=NOW, current=None)
    (line,) = as_(cast.leader).get("/initiatives/").context["lines"]
    assert (line.current, list(line.points)) == (None, [Decimal(4)])


def test_a_stale_save_of_the_measure_changes_nothing(cast, as_, initiative):
    client = as_(cast.leader)
    assert client.post(f"/initiatives/{initiative.pk}/", {"version": 1, "target": "12"}).status_code == 302
    stale = client.post(f"/initiatives/{initiative.pk}/", {"version": 1, "target": "15"})
    assert stale.status_code == 409
    initiative.refresh_from_db()
    assert initiative.target == Decimal(12)
