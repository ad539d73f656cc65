"""What waits for whom, in which words, and for nobody else."""

from datetime import date, timedelta

import pytest
import time_machine

from meetings.models import Commitment
from meetings.needs import needs_you
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_update,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def kinds(user):
    return [(need.kind, need.title) for need in needs_you(user, NOW).requests]


def test_a_plan_says_its_aim_and_that_it_changed(cast):
    make_initiative(
        team=cast.north,
        title="Playbook",
        approval="changed",
        unit="deals",
        due=date(2026, 12, 31),
        plan="Two reps first.",
    )
    [need] = needs_you(cast.ceo, NOW).requests
    assert need.detail == (
        "The plan changed since the last decision. Deals above $20k a month: from 2 deals to 9 deals by 31 Dec. "
        "Two reps first."
    )


def test_a_question_says_who_wants_to_know(cast):
    make_issue(
        team=cast.north,
        kind="question",
        side="leader",
        created_by=cast.leader,
        title="May we?",
        detail="It is 60 days.",
    )
    assert needs_you(cast.ceo, NOW).requests[0].detail == "Joe Keller asks: It is 60 days."


def test_a_long_text_is_shortened_at_a_word(cast):
    make_issue(team=cast.north, kind="question", side="leader", detail="word " * 100)
    assert needs_you(cast.ceo, NOW).requests[0].detail.endswith("word …")


def test_changes_requested_and_questions_wait_for_the_leader(cast):
    make_initiative(
        team=cast.north, title="Playbook", approval="not_yet", approval_why="Name a rep", approval_by=cast.ceo
    )
    make_issue(team=cast.north, kind="question", side="ceo", title="Why?")
    assert kinds(cast.leader) == [("answer", "Why?"), ("revise", "Playbook")]
    assert needs_you(cast.leader, NOW).requests[1].detail == "Tom Marsh requested changes: Name a rep"
    assert kinds(cast.ceo) == []


def test_an_answered_question_waits_no_more(cast, meeting):
    issue = make_issue(team=cast.north, kind="question", side="ceo", title="Why?")
    make_update(meeting=meeting, author=cast.leader, section="issues", issue=issue)
    assert kinds(cast.leader) == []


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({}, True),
        ({"accepted_at": NOW}, False),
        ({"created_by": "leader"}, False),
        ({"created_at": NOW - 9 * DAY}, False),
        ({"meeting": "in_progress"}, False),
        ({"meeting": "scheduled"}, True),
    ],
)
def test_a_commitment_from_somebody_else_is_accepted_or_met_at_the_next_meeting(cast, fields, waits):
    make_held_meeting(team=cast.north)
    state = fields.pop("meeting", None)
    if state:
        started = NOW if state == "in_progress" else None
        fields = {"meeting": make_meeting(team=cast.north, state=state, started_at=started)}
    by = getattr(cast, fields.pop("created_by", "ceo"))
    make_commitment(team=cast.north, owner=cast.leader, text="Call Orbis", created_by=by, **fields)
    needs = needs_you(cast.leader, NOW)
    assert [need.kind for need in (*needs.requests, *needs.commitments)] == ["accept" if waits else "do"]


def test_the_number_counts_requests_and_what_is_overdue(cast):
    make_initiative(team=cast.north)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY - DAY)
    make_commitment(team=cast.north, owner=cast.ceo, due=TODAY)
    assert needs_you(cast.ceo, NOW).number == 2


def test_what_only_the_principals_may_read_waits_for_them_alone(cast):
    make_issue(
        team=cast.north,
        kind="question",
        side="ceo",
        title="Dana?",
        initiative=make_initiative(team=cast.north, kind="rep"),
    )
    assert kinds(cast.leader) == [("answer", "Dana?")]
    assert kinds(cast.delegate) == []


@pytest.mark.parametrize("reader", ["observer", "admin", "outsider"])
def test_nothing_waits_for_those_who_only_read(cast, reader):
    make_initiative(team=cast.north), make_issue(team=cast.north, kind="question", side="leader")
    needs = needs_you(getattr(cast, reader), NOW)
    assert (needs.requests, needs.commitments) == ((), ())


def test_each_leads_to_the_one_that_follows(cast):
    first, second = make_initiative(team=cast.north), make_initiative(team=cast.south)
    keys = [(need.key, need.next_key) for need in needs_you(cast.ceo, NOW).requests]
    assert keys == [(f"initiative-{first.pk}", f"initiative-{second.pk}"), (f"initiative-{second.pk}", "")]


def test_they_are_two_queries(cast, django_assert_num_queries):
    for team in (cast.north, cast.south):
        make_meeting(team=team), make_initiative(team=team), make_commitment(team=team, owner=cast.ceo)
        make_issue(team=team, kind="question", side="leader")
    with django_assert_num_queries(2):
        assert len(needs_you(cast.ceo, NOW).requests) == 4


def test_accepting_is_stored_once(cast):
    commitment = make_commitment(team=cast.north, owner=cast.leader, created_by=cast.ceo)
    for at in (NOW, NOW + HOUR):
        commitment.accept(now=at)
    stored = Commitment.objects.get(pk=commitment.pk)
    assert (stored.accepted_at, stored.version) == (NOW, 2)
