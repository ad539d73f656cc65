"""Each step of the sweep, broken for one team or person: everybody else is served in the same pass.

A new step needs a case here: how something comes to be due in it for two, and how one sees that it was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Heartbeat, Notice, SweepFailure, Team, User
from alignment.people import seats
from alignment.sweep import run
from alignment.sweep.run import sweep
from alignment.sweep.steps import STEPS, Counts, Step
from meetings.models import CalendarInvite, Flag, Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_feedback_talk,
    make_follow_up,
    make_import_run,
    make_issue,
    make_measure,
    make_meeting,
    make_member,
    make_rep,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(hours=2)
"""Monday, 11:00 in Paris: after the hours at which people are reminded."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """Something that is due in a step: the ids of its units, and whether it was done."""

    units: frozenset[int]
    is_done: Callable[[], bool]


def seat_change(cast: Cast, team: Team) -> Due:
    person = make_member(company=cast.company)
    planned = seats.give(team, person, "observer", by=cast.admin, now=NOW - 5 * DAY, day=TODAY)
    return Due(frozenset({planned.pk}), team.seats.filter(user=person).exists)


def planning(cast: Cast, team: Team) -> Due:
    return Due(frozenset({team.pk}), team.meetings.exists)


def missed_meeting(cast: Cast, team: Team) -> Due:
    meeting = make_meeting(team=team, starts_at=AT - 2 * DAY)
    return Due(frozenset({meeting.pk}), team.meetings.filter(pk=meeting.pk, state="missed").exists)


def open_meeting(cast: Cast, team: Team) -> Due:
    began = AT - DAY
    meeting = make_meeting(team=team, starts_at=began, state="in_progress", started_at=began)
    return Due(frozenset({meeting.pk}), team.meetings.filter(pk=meeting.pk, state="held").exists)


def escalation(cast: Cast, team: Team) -> Due:
    make_meeting(team=team, starts_at=AT - 2 * DAY, state="missed", missed_at=AT - HOUR)
    return Due(frozenset({team.pk}), Flag.objects.filter(team=team).exists)


def invitation(cast: Cast, team: Team) -> Due:
    return Due(frozenset({team.pk}), CalendarInvite.objects.filter(seat__team=team).exists)


def reminded(kind: str, **fields: Any) -> Callable[[Cast, Team], Due]:
    """A meeting for which this kind of reminder is due."""

    def due(cast: Cast, team: Team) -> Due:
        meeting = make_meeting(team=team, **{"starts_at": AT + DAY} | fields)
        notices = Notice.objects.filter(kind=kind, payload__meeting=meeting.pk)
        return Due(frozenset({meeting.pk}), notices.exists)

    return due


def absent(cast: Cast, team: Team) -> Due:
    began = AT - 10 * MINUTE
    fields = {"starts_at": began, "state": "in_progress", "started_at": began, "started_by": cast.ceo}
    return reminded("absent", **fields)(cast, team)


def commitment(kind: str, days: int) -> Callable[[Cast, Team], Due]:
    def due(cast: Cast, team: Team) -> Due:
        owner = cast.leader if team == cast.north else cast.second_leader
        make_commitment(team=team, owner=owner, due=TODAY + days * DAY)
        return Due(frozenset({owner.pk}), Notice.objects.filter(kind=kind, to=owner).exists)

    return due


def week(cast: Cast, team: Team) -> Due:
    ceo = cast.ceo if team == cast.north else ceo_of_two_teams(cast)
    return Due(frozenset({ceo.pk}), Notice.objects.filter(kind="week", to=ceo).exists)


def ceo_of_two_teams(cast: Cast) -> User:
    ceo = make_user(timezone="Europe/Paris")
    for _ in range(2):
        make_team(company=cast.company, ceo=ceo)
    return ceo


def question(cast: Cast, team: Team) -> Due:
    asked = make_issue(team=team, kind="question", side="ceo", created_at=AT - HOUR)
    notices = Notice.objects.filter(kind="question", key__contains=f"issue-{asked.pk}:")
    return Due(frozenset({asked.pk}), notices.exists)


def morning(cast: Cast, team: Team) -> Due:
    ceo = cast.ceo if team == cast.north else make_user(timezone="Europe/Paris")
    if ceo != cast.ceo:
        team = make_team(company=cast.company, ceo=ceo)
    make_meeting(team=team, starts_at=AT + 3 * HOUR)
    return Due(frozenset({ceo.pk}), Notice.objects.filter(kind="morning", to=ceo).exists)


def old_import(cast: Cast, team: Team) -> Due:
    run = make_import_run(team=team, by=cast.leader, expires_at=AT - DAY)
    return Due(frozenset({run.pk}), lambda: not run.rows.exists())


def key_client(cast: Cast, team: Team) -> Due:
    rep = make_rep(team=team, email=f"rep-of-{team.slug}@demo.test")
    client = make_follow_up(team=team, owner=rep, due_on=TODAY)
    return Due(frozenset({client.pk}), Notice.objects.filter(kind="key_client", link__thing=client.pk).exists)


def measured(cast: Cast, team: Team) -> Due:
    rep = make_rep(team=team, email=f"counts-for-{team.slug}@demo.test")
    measure = make_measure(team=team, rep=rep)
    return Due(frozenset({measure.pk}), Notice.objects.filter(kind="measure", link__thing=measure.pk).exists)


def old_feedback_talk(cast: Cast, team: Team) -> Due:
    over = {"starts_on": TODAY - 120 * DAY, "ends_on": TODAY - 30 * DAY}
    row = make_feedback_talk(team=team, user=cast.ceo, **over)
    return Due(frozenset({row.pk}), lambda: not type(row).objects.filter(pk=row.pk).exists())


def waiting_upload(cast: Cast, team: Team) -> Due:
    run = make_import_run(team=team, by=None, state="understood", is_sent=True)
    notices = Notice.objects.filter(kind="waiting_upload", payload__run=run.pk)
    return Due(frozenset({run.pk}), notices.exists)


MISSED = {"starts_at": AT - 2 * DAY, "state": "missed", "missed_at": AT - HOUR}
CASES: dict[str, Callable[[Cast, Team], Due]] = {
    "seat changes": seat_change,
    "old imports": old_import,
    "meeting planning": planning,
    "missed meetings": missed_meeting,
    "open meetings": open_meeting,
    "escalation": escalation,
    "calendar invitations": invitation,
    "preparation reminders": reminded("preparation"),
    "prepared reminders": reminded("prepared", submitted_at=AT - HOUR),
    "starting reminders": reminded("starting", starts_at=AT + 10 * MINUTE),
    "absent reminders": absent,
    "missed reminders": reminded("missed", **MISSED),
    "commitments due reminders": commitment("commitments_due", 1),
    "overdue reminders": commitment("overdue", -1),
    "week reminders": week,
    "question reminders": question,
    "morning reminders": morning,
    "waiting upload reminders": waiting_upload,
    "key clients": key_client,
    "measures": measured,
    "feedback talks": old_feedback_talk,
}
each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


def breaking(step: Step[Any], broken: frozenset[int]) -> Step[Any]:
    """The step, failing for these units after it has done its work for them."""

    def do(unit: Any, now: Any) -> Counts:
        done = step.do(unit, now)
        if step.id_of(unit) in broken:
            raise RuntimeError("its row is bad")
        return done

    def do_many(units: Sequence[Any], now: Any) -> Counts:
        done = step.do_many(units, now) if step.do_many else {}
        if broken.intersection(map(step.id_of, units)):
            raise RuntimeError("a row is bad")
        return done

    return replace(step, do=do, do_many=do_many if step.do_many else None)


@each_step
def test_a_step_broken_for_one_serves_all_others_and_is_tried_again(
    cast: Cast, step: Step[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = (CASES[step.name](cast, team) for team in (cast.north, cast.south))
    with monkeypatch.context() as patched:
        steps = [breaking(each, broken.units) if each is step else each for each in STEPS]
        patched.setattr(run, "STEPS", steps)
        result = sweep(AT)
    assert result.failures == {step.name: sorted(broken.units)}
    assert other.is_done() and not broken.is_done()
    assert Heartbeat.objects.get(name="sweep").failures == {step.name: 1}
    assert sweep(AT + MINUTE).failures == {}
    assert broken.is_done()
    assert not SweepFailure.objects.exists()


@each_step
def test_a_unit_that_cannot_be_looked_at_does_not_keep_the_step_from_the_others(
    cast: Cast, step: Step[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = (CASES[step.name](cast, team) for team in (cast.north, cast.south))

    def is_due(unit: Any, now: Any) -> bool:
        if step.id_of(unit) in broken.units:
            raise KeyError("its row is bad")
        return step.is_due(unit, now)

    steps = [replace(each, is_due=is_due) if each is step else each for each in STEPS]
    monkeypatch.setattr(run, "STEPS", steps)
    assert sweep(AT).failures == {step.name: sorted(broken.units)}
    assert other.is_done() and not broken.is_done()


# Rows broken by hand


def test_a_zone_that_is_none_fails_for_its_team_alone(cast: Cast) -> None:
    changes = [seat_change(cast, team) for team in (cast.north, cast.south)]
    Team.objects.filter(pk=cast.north.pk).update(timezone="Mars/Olympus")
    failures = sweep(AT).failures
    assert failures == {
        "seat changes": list(changes[0].units),
        "meeting planning": [cast.north.pk],
        "calendar invitations": [cast.north.pk],
    }
    assert cast.south.meetings.exists() and CalendarInvite.objects.filter(seat__team=cast.south).exists()
    assert changes[1].is_done()


@pytest.mark.parametrize("hours", [["soon"], "soon", [10**12], {"hours": 1}])
def test_reminder_hours_that_are_none_fail_for_their_team_alone(cast: Cast, hours: Any) -> None:
    broken, other = (reminded("preparation")(cast, team) for team in (cast.north, cast.south))
    Team.objects.filter(pk=cast.north.pk).update(reminder_hours=hours)
    failures = sweep(AT).failures
    theirs = set(cast.north.meetings.values_list("pk", flat=True))
    assert list(failures) == ["preparation reminders"]
    assert broken.units <= set(failures["preparation reminders"]) <= theirs
    assert other.is_done() and not broken.is_done()


def test_a_meeting_that_cannot_be_closed_keeps_nobody_from_being_reminded(cast: Cast) -> None:
    stuck = open_meeting(cast, cast.north)
    Meeting.objects.filter(pk__in=stuck.units).update(seconds={"revenue": "many"})
    other, reminder = open_meeting(cast, cast.south), commitment("overdue", -1)(cast, cast.south)
    assert sweep(AT).failures == {"open meetings": sorted(stuck.units)}
    assert other.is_done() and reminder.is_done() and not stuck.is_done()


@pytest.mark.parametrize("teams", [1, 40])
def test_where_nothing_is_due_the_queries_are_the_same_for_any_number_of_teams(
    cast: Cast, teams: int
) -> None:
    for _ in range(teams):
        make_team(company=cast.company, ceo=cast.ceo, leader=cast.leader)
    sweep(AT)
    with CaptureQueriesContext(connection) as caught:
        assert sweep(AT + MINUTE).counts.total() == 0
    assert len(caught) <= 39
