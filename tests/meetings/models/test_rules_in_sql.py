"""A rule that is asked of values and of the database says the same of both."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db.models import OuterRef

from alignment.models import User
from alignment.rules.roles import Side
from deals.models import Risk
from deals.rules.risks import is_stale, meetings_unchanged
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.models import Initiative, Issue, Meeting, PrivateNote
from meetings.models.initiatives import plan_reader
from meetings.rules.questions import is_unanswered, side_asked
from meetings.rules.rep_plans import NOBODY, can_read
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_commitment,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
    make_user,
)

DAY = timedelta(days=1)


def test_a_risk_is_stale_in_the_database_on_the_agenda_and_by_the_rule(cast: Cast, meeting: Meeting) -> None:
    """North meets every fortnight, South has met once; a missed meeting passes nothing."""
    held = [make_held_meeting(team=cast.north, starts_at=NOW - days * DAY) for days in (56, 42, 28, 14)]
    make_meeting(team=cast.north, starts_at=NOW - 7 * DAY, state="missed", missed_at=NOW - 6 * DAY)
    make_held_meeting(team=cast.south)
    for close in (None, NOW):
        for days in (1, 13, 15, 27, 29, 41, 43, 50, 60):
            make_risk(team=cast.north, changed_at=NOW - days * DAY, closed_at=close)
    make_risk(team=cast.south, changed_at=NOW - 60 * DAY)
    at_a_close = make_risk(team=cast.north, changed_at=held[1].closed_at)

    closes = {cast.north.pk: [each.closed_at for each in held], cast.south.pk: [NOW - 7 * DAY]}
    by_rule = {
        risk.pk
        for risk in Risk.objects.all()
        if is_stale(
            meetings_unchanged(risk.changed_at, closes[risk.team_id]), is_closed=risk.closed_at is not None
        )
    }
    in_database = Risk.objects.stale(Meeting.objects.filter(team=OuterRef("team")).closes())
    agenda = build(pages().get(pk=meeting.pk), cast.ceo, NOW)
    assert (
        {risk.pk for risk in in_database} == by_rule == {row.id for row in agenda.risks.rows if row.is_stale}
    )
    assert len(by_rule) == 3 and at_a_close.pk not in by_rule


def test_a_question_is_unanswered_in_the_database_on_the_agenda_and_by_the_rule(
    cast: Cast, meeting: Meeting
) -> None:
    before = make_held_meeting(team=cast.north)
    commented: dict[int, set[str]] = {}
    ends: tuple[dict[str, Any], ...] = ({}, {"discussed_at": NOW}, {"solved_at": NOW, "resolution": "Done"})
    for kind, raised_by, end in product(("issue", "question"), Side.values, ends):
        for said in ((), ("ceo",), ("leader",), ("facilitator",), ("ceo", "leader")):
            issue = make_issue(team=cast.north, kind=kind, side=raised_by, **end)
            commented[issue.pk] = set(said)
            for number, side in enumerate(said):
                at = (before, meeting)[(issue.pk + number) % 2]
                make_update(meeting=at, author=cast.ceo, side=side, issue=issue, section="issues")
    cleared = make_issue(team=cast.north, kind="question", side="leader")
    commented[cleared.pk] = set()
    make_update(meeting=meeting, author=cast.ceo, side="ceo", issue=cleared, section="issues", text="")

    for side in (Side.CEO, Side.LEADER):
        by_rule = {
            issue.pk
            for issue in Issue.objects.all()
            if side_asked(issue.side) == side
            and is_unanswered(
                kind=issue.kind,
                raised_by=issue.side,
                is_discussed=issue.discussed_at is not None,
                is_solved=issue.solved_at is not None,
                commented=commented[issue.pk],
            )
        }
        agenda = build(pages().get(pk=meeting.pk), cast.ceo, NOW)
        on_agenda = {
            row.id
            for row in agenda.issues.rows
            if row.is_unanswered and row.asks_leader == (side == Side.LEADER)
        }
        assert {issue.pk for issue in Issue.objects.unanswered_by(side)} == by_rule == on_agenda
        assert by_rule


def test_an_answer_settles_a_question_in_the_database_and_on_the_agenda(cast: Cast, meeting: Meeting) -> None:
    moments = (None, NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1))
    for kind, raised_by, deferred_at, reopened_at in product(
        ("issue", "question"), Side.values, moments, (None, *moments[1::2])
    ):
        for said in ("", "ceo", "leader", "facilitator"):
            issue = make_issue(
                team=cast.north, kind=kind, side=raised_by, deferred_at=deferred_at, reopened_at=reopened_at
            )
            if said:
                make_update(meeting=meeting, author=cast.ceo, side=said, issue=issue, section="issues")
    agenda = build(pages().get(pk=meeting.pk), cast.ceo, NOW)
    settled = {row.id for row in agenda.issues.rows if row.answered}
    assert {issue.pk for issue in Issue.objects.answered()} == settled
    assert len(settled) == 12


def test_a_plan_waits_for_the_ceo_in_the_database_and_by_itself(cast: Cast) -> None:
    for word, finished_at in product(Initiative.Approval.values, (None, NOW)):
        why = "Too dear" if word == Initiative.Approval.NOT_YET else ""
        make_initiative(team=cast.north, approval=word, approval_why=why, finished_at=finished_at)
    by_itself = {plan.pk for plan in Initiative.objects.all() if plan.waits_for_ceo}
    assert {plan.pk for plan in Initiative.objects.waiting_for_ceo()} == by_itself
    assert len(by_itself) == 3


def test_a_reps_plan_and_what_came_of_it_is_read_by_the_same_people_by_both(cast: Cast) -> None:
    stranger = make_user()
    people: list[User] = [cast.ceo, cast.leader, cast.delegate, cast.observer, cast.admin, stranger]
    for kind in ("rep", "other"):
        for ceo, leader in product((cast.ceo, stranger, None), (cast.leader, cast.ceo, stranger, None)):
            plan = make_initiative(team=cast.north, kind=kind, pair_ceo=ceo, pair_leader=leader)
            make_issue(team=cast.north, initiative=plan)
            make_commitment(team=cast.north, owner=cast.leader, initiative=plan)
    for user in people:
        seated = cast.north.seat_of(user) is not None
        readable = {
            plan.pk
            for plan in Initiative.objects.all()
            if seated
            and (not plan.is_for_principals or can_read(plan_reader(cast.north, user), plan.readers))
        }
        assert {plan.pk for plan in Initiative.objects.visible_to(user)} == readable, user
        assert set(Issue.objects.visible_to(user).values_list("initiative", flat=True)) == readable


@pytest.mark.parametrize(
    ("reader", "readers", "expected"),
    [
        (7, (7, 8), True),
        (9, (7, 8), False),
        (NOBODY, (7, 8), False),
        (NOBODY, (NOBODY,), False),
    ],
)
def test_who_can_read_what_was_begun_by_whom(reader: int, readers: tuple[int, ...], expected: bool) -> None:
    assert can_read(reader, readers) is expected


def test_a_private_note_is_visible_to_its_writer_alone(cast: Cast, meeting: Meeting) -> None:
    note = PrivateNote.objects.create(meeting=meeting, author=cast.leader, text="Tired", changed_at=NOW)
    assert list(PrivateNote.objects.visible_to(cast.leader)) == [note]
    for other in (cast.ceo, cast.delegate, cast.admin):
        assert not PrivateNote.objects.visible_to(other).exists()
