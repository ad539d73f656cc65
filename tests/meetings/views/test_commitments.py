"""Commitments: who does what by when; done, dropped with a reason, opened again; late from the day after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from meetings.models import Commitment
from tests.factories import NOW, TODAY, make_commitment, make_initiative, make_issue, make_meeting, make_risk

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def commitment(cast):
    return make_commitment(team=cast.north, owner=cast.leader, text="Call Brandt")


def new(client, **fields):
    return client.post("/commitments/new/", {"team": "north", "text": "Call Brandt"} | fields)


def test_only_what_must_be_said_the_rest_is_usual(cast, as_, meeting):
    make_meeting(team=cast.north, starts_at=NOW + WEEK)
    new(as_(cast.leader), meeting=meeting.pk, section="revenue")
    made = Commitment.objects.get()
    assert (made.owner, made.due, made.section, made.meeting) == (
        cast.leader,
        TODAY + WEEK,
        "revenue",
        meeting,
    )


def test_without_a_next_meeting_it_is_due_in_a_week(cast, as_):
    new(as_(cast.ceo))
    assert Commitment.objects.get().due == TODAY + WEEK


def test_it_is_due_at_the_next_meeting_when_no_meeting_is_named(cast, as_):
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=3))
    new(as_(cast.ceo))
    assert Commitment.objects.get().due == TODAY + timedelta(days=3)


def test_a_delegate_commits_the_leader_unless_told_otherwise(cast, as_):
    new(as_(cast.delegate))
    assert Commitment.objects.get().owner == cast.leader


@pytest.mark.parametrize(
    ("kind", "section"), [("risk", "risks"), ("issue", "issues"), ("initiative", "initiatives")]
)
def test_it_remembers_what_it_came_from(cast, as_, kind, section):
    make = {"risk": make_risk, "issue": make_issue, "initiative": make_initiative}[kind]
    row = make(team=cast.north)
    new(as_(cast.ceo), about=f"{kind}-{row.pk}")
    made = Commitment.objects.get()
    assert (getattr(made, kind), made.section) == (row, section)


def test_what_comes_of_a_reps_plan_is_for_the_two(cast, as_):
    plan = make_initiative(team=cast.north, kind="rep")
    issue = make_issue(team=cast.north, initiative=plan)
    new(as_(cast.ceo), about=f"issue-{issue.pk}")
    made = Commitment.objects.get()
    assert (made.issue, made.initiative) == (issue, plan)
    assert as_(cast.leader).get(f"/commitments/{made.pk}/").status_code == 200
    assert as_(cast.delegate).get(f"/commitments/{made.pk}/").status_code == 404
    assert new(as_(cast.delegate), about=f"initiative-{plan.pk}").status_code == 404


def test_a_reps_plan_commits_only_one_of_the_two(cast, as_):
    plan = make_initiative(team=cast.north, kind="rep")
    assert new(as_(cast.ceo), about=f"initiative-{plan.pk}", owner=cast.delegate.pk).status_code == 422


def test_a_meeting_of_another_team_is_not_found(cast, as_):
    other = make_meeting(team=cast.south)
    for pk in (other.pk, 2**63, "x"):
        assert new(as_(cast.leader), meeting=pk).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 302),
        ("leader", 302),
        ("delegate", 302),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 403),
        ("outsider", 404),
    ],
)
def test_who_may_commit(cast, as_, who, status):
    assert new(as_(getattr(cast, who))).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 302),
        ("leader", 302),
        ("delegate", 403),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 404),
        ("outsider", 404),
    ],
)
@pytest.mark.parametrize("step", ["done", "drop", "reopen"])
def test_who_may_settle(cast, as_, commitment, who, status, step):
    assert (
        as_(getattr(cast, who)).post(f"/commitments/{commitment.pk}/{step}/", {"why": "Moot"}).status_code
        == status
    )


def test_whoever_owns_it_may_settle_it(cast, as_):
    own = make_commitment(team=cast.north, owner=cast.facilitator)
    assert as_(cast.facilitator).post(f"/commitments/{own.pk}/done/").status_code == 302


def test_done_twice_is_done_once(cast, as_, commitment):
    as_(cast.leader).post(f"/commitments/{commitment.pk}/done/")
    as_(cast.ceo).post(f"/commitments/{commitment.pk}/done/")
    commitment.refresh_from_db()
    assert (commitment.done_at, commitment.done_by) == (NOW, cast.leader)


def test_dropping_asks_why_and_keeps_what_was_typed(cast, as_, commitment):
    client = as_(cast.leader)
    assert client.post(f"/commitments/{commitment.pk}/drop/", {"why": ""}).status_code == 422
    long = client.post(f"/commitments/{commitment.pk}/drop/", {"why": "x" * 301})
    assert "x" * 301 in long.content.decode()
    client.post(f"/commitments/{commitment.pk}/drop/", {"why": "Brandt has signed already"})
    commitment.refresh_from_db()
    assert commitment.dropped_why == "Brandt has signed already"


def test_what_is_done_cannot_be_dropped_but_the_words_stay(cast, as_, commitment):
    as_(cast.leader).post(f"/commitments/{commitment.pk}/done/")
    response = as_(cast.ceo).post(f"/commitments/{commitment.pk}/drop/", {"why": "Moot"})
    assert response.status_code == 409
    assert "Moot" in response.content.decode()
    commitment.refresh_from_db()
    assert commitment.dropped_at is None


def test_opened_again_it_is_open(cast, as_, commitment):
    for step in ("done", "reopen"):
        as_(cast.leader).post(f"/commitments/{commitment.pk}/{step}/")
    commitment.refresh_from_db()
    assert commitment.is_open


def test_on_the_list_the_row_is_replaced_in_place(cast, as_, commitment):
    headers = {"HX-Request": "true", "HX-Target": f"commitment-line-{commitment.pk}"}
    body = as_(cast.leader).post(f"/commitments/{commitment.pk}/done/", headers=headers).content.decode()
    assert body.strip().startswith("<tr")
    assert "Reopen" in body
    assert "Done: Call Brandt" in body


def test_the_late_ones_come_first_and_are_told_how_late(cast, as_, commitment):
    make_commitment(team=cast.north, owner=cast.ceo, text="Late", due=TODAY - timedelta(days=2))
    make_commitment(team=cast.north, owner=cast.ceo, text="Today", due=TODAY)
    lines = as_(cast.leader).get("/commitments/").context["lines"]
    assert [(line.commitment.text, line.is_overdue) for line in lines] == [
        ("Late", True),
        ("Today", False),
        ("Call Brandt", False),
    ]
    assert lines[0].days_overdue == 2


def test_the_list_says_who_keeps_how_much_over_13_weeks(cast, as_):
    for days, done in ((3, True), (10, True), (17, False), (100, False)):
        due = TODAY - timedelta(days=days)
        make_commitment(
            team=cast.north,
            owner=cast.leader,
            due=due,
            done_at=NOW - timedelta(days=days + 1) if done else None,
        )
    (one,) = as_(cast.ceo).get("/commitments/").context["owner_rates"]
    assert (one.name, one.completion.due, one.completion.on_time) == ("Joe Keller", 3, 2)


def test_mine_are_mine(cast, as_, commitment):
    make_commitment(team=cast.north, owner=cast.ceo, text="Not mine")
    lines = as_(cast.leader).get("/commitments/?whose=mine").context["lines"]
    assert [line.commitment.text for line in lines] == ["Call Brandt"]


def test_a_changed_day_is_kept_with_a_version(cast, as_, commitment):
    as_(cast.leader).post(f"/commitments/{commitment.pk}/", {"version": 1, "due": "2026-12-24"})
    commitment.refresh_from_db()
    assert (commitment.due.isoformat(), commitment.text, commitment.version) == (
        "2026-12-24",
        "Call Brandt",
        2,
    )
    assert (
        as_(cast.leader).post(f"/commitments/{commitment.pk}/", {"version": 2, "due": ""}).status_code == 422
    )


@pytest.mark.parametrize("number", [0, 1, 50])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, as_, django_assert_max_num_queries, number):
    for _ in range(number):
        make_commitment(team=cast.north, owner=cast.leader, risk=None)
    client = as_(cast.ceo)
    with django_assert_max_num_queries(7):
        client.get("/commitments/")
