"""The CEO's approval of an initiative: rows of agreements, compared on reading with the plan and with the seat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alignment.models import Agreement, Team, User, VersionConflict
from meetings.models import Initiative
from meetings.models.approvals import approval_state
from meetings.needs import needs_you
from tests.cast import Cast
from tests.factories import NOW, make_initiative, make_seat, make_user

LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def stored(plan: Initiative) -> Initiative:
    return Initiative.objects.get(pk=plan.pk)


def decide(plan: Initiative, approval: str, by: User, why: str = "") -> None:
    stored(plan).decide(approval, by=by, now=LATER, why=why)


def rows() -> list[tuple[int, str, str]]:
    return list(Agreement.objects.order_by("number").values_list("number", "state", "why"))


def seat_anew(team: Team, role: str) -> User:
    team.seats.filter(role=role).update(until=NOW.date())
    new = make_user()
    make_seat(team=team, user=new, role=role)
    team.forget_seats()
    return new


CASES = [
    # decision, what happened since, state, whether it waits for the CEO
    ("", "", "", True),
    ("agreed", "", "agreed", False),
    ("not_yet", "", "not_yet", False),
    ("", "plan", "", True),
    ("agreed", "plan", "changed", True),
    ("not_yet", "plan", "changed", True),
    ("agreed", "progress", "agreed", False),
    ("", "ceo", "", True),
    ("agreed", "ceo", "former", True),
    ("not_yet", "ceo", "not_yet", False),
    ("agreed", "leader", "agreed", False),
    ("agreed", "vacant", "agreed", False),
    ("agreed", "forgotten", "former", True),
    ("agreed", "plan ceo", "changed", True),
    ("agreed", "rep ceo", "agreed", False),
    ("agreed", "finished ceo", "former", False),
    ("agreed", "finished plan", "changed", False),
]


@pytest.mark.parametrize(("decision", "since", "state", "waits"), CASES)
def test_how_it_stands_by_itself_and_in_the_database(
    cast: Cast, decision: str, since: str, state: str, waits: bool
) -> None:
    plan = make_initiative(team=cast.north, kind="rep" if "rep" in since else "other")
    if decision:
        decide(plan, decision, cast.ceo, "Too slow" if decision == "not_yet" else "")
    for happened in since.split():
        happen(plan, cast, happened)
    plan = stored(plan)
    assert (plan.approval, plan.waits_for_ceo) == (state, waits)
    [read] = Initiative.objects.with_decision().annotate(state=approval_state())
    assert (read.approval, read.state) == (state, state)  # type: ignore[attr-defined]
    assert Initiative.objects.waiting_for_ceo().exists() == waits
    ceo = cast.north.holder("ceo")
    asks = [need.kind for need in needs_you(ceo, NOW).requests] if ceo else []
    is_read = ceo is not None and Initiative.objects.visible_to(ceo).exists()
    assert asks == (["approve"] if waits and is_read else [])


def happen(plan: Initiative, cast: Cast, happened: str) -> None:
    changes: dict[str, dict[str, Any]] = {"plan": {"plan": "Another"}, "progress": {"health": "stuck"}}
    if happened in changes:
        now = stored(plan)
        now.revise(version=now.version, now=LATER, **changes[happened])
    elif happened in ("ceo", "leader"):
        seat_anew(cast.north, happened)
    elif happened == "vacant":
        cast.north.seats.filter(role="ceo").update(until=NOW.date())
    elif happened == "forgotten":
        Agreement.objects.update(ceo=None)
    elif happened == "finished":
        stored(plan).finish(by=cast.leader, now=LATER, outcome="Nine")
    cast.north.forget_seats()


def test_each_decision_is_a_row_and_the_last_one_stands(cast: Cast) -> None:
    plan = make_initiative(team=cast.north, title="Playbook", plan="Call first")
    for approval, why in (("agreed", ""), ("not_yet", "Too slow"), ("agreed", "Better")):
        decide(plan, approval, cast.ceo, why)
    assert rows() == [(1, "replaced", ""), (2, "declined", "Too slow"), (3, "agreed", "Better")]
    last = stored(plan).decision
    assert last is not None
    assert (last.ceo, last.ceo_at, last.leader, last.facts) == (
        cast.ceo,
        LATER,
        cast.leader,
        {"plan_number": 1},
    )
    assert (last.content["title"], last.content["plan"], last.content["target"]) == (
        "Playbook",
        "Call first",
        "9.00",
    )


def test_what_was_decided_on_stays_as_it_was(cast: Cast) -> None:
    plan = make_initiative(team=cast.north, plan="Call first")
    decide(plan, "agreed", cast.ceo)
    changed = stored(plan)
    changed.revise(version=changed.version, now=LATER, plan="Write first", title="Letters")
    decision = stored(plan).decision
    assert decision is not None
    assert decision.content["plan"] == "Call first"
    assert (stored(plan).plan_number, stored(plan).approval_by, stored(plan).approval_at) == (
        2,
        cast.ceo,
        LATER,
    )


def test_the_same_decision_twice_is_one(cast: Cast) -> None:
    plan = make_initiative(team=cast.north)
    first, second = stored(plan), stored(plan)
    for read in (first, second):
        read.decide("agreed", by=cast.ceo, now=LATER)
    assert [number for number, _, _ in rows()] == [1]
    plan.version = 1
    with pytest.raises(VersionConflict):
        plan.decide("not_yet", by=cast.ceo, now=LATER, why="Too slow")
    assert [number for number, _, _ in rows()] == [1]


def test_who_follows_as_the_ceo_decides_anew(cast: Cast) -> None:
    plan = make_initiative(team=cast.north)
    decide(plan, "agreed", cast.ceo)
    new = seat_anew(cast.north, "ceo")
    [need] = needs_you(new, NOW).requests
    assert need.detail.startswith("Approved before you took the seat.")
    decide(plan, "agreed", new)
    assert [(number, state) for number, state, _ in rows()] == [(1, "replaced"), (2, "agreed")]
    assert (stored(plan).approval, stored(plan).approval_by) == ("agreed", new)
    stored(plan).undo_decision()
    assert (stored(plan).approval, rows()) == ("former", [(1, "agreed", "")])


def test_a_finished_one_is_never_decided(cast: Cast) -> None:
    plan = make_initiative(team=cast.north, finished_at=NOW)
    with pytest.raises(VersionConflict):
        decide(plan, "agreed", cast.ceo)
    assert rows() == []


@pytest.mark.parametrize("kind", ["rep", "other"])
def test_a_decision_is_read_with_its_initiative_alone(cast: Cast, kind: str) -> None:
    plan = make_initiative(team=cast.north, kind=kind, plan="Coach Dana")
    decide(plan, "agreed", cast.ceo)
    for user in (cast.ceo, cast.leader, cast.delegate, cast.observer, cast.admin, cast.outsider):
        assert not Agreement.objects.visible_to(user).exists()


@pytest.mark.parametrize("act", ["agree", "decline", "withdraw", "accept"])
def test_it_is_not_answered_on_the_pages_of_other_agreements(cast: Cast, as_: Any, act: str) -> None:
    plan = make_initiative(team=cast.north)
    decide(plan, "agreed", cast.ceo)
    seat_anew(cast.north, "leader")
    assert as_(cast.ceo).post(f"/agreements/{Agreement.objects.get().pk}/{act}/").status_code == 404


def test_the_leader_who_follows_is_not_asked_to_agree(cast: Cast) -> None:
    decide(make_initiative(team=cast.north), "agreed", cast.ceo)
    assert needs_you(seat_anew(cast.north, "leader"), NOW).requests == ()


def test_reading_many_costs_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    for approval in ("", "agreed", "not_yet", "changed", "former") * 3:
        make_initiative(
            team=cast.north, approval=approval, approval_why="Why" if approval == "not_yet" else ""
        )
    with django_assert_num_queries(1):
        plans = Initiative.objects.with_decision()
        assert [(plan.approval, plan.approval_why, plan.approval_at) for plan in plans]
