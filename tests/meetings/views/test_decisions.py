"""Decisions: one sentence in a meeting, by the two, until the meeting is over."""

from __future__ import annotations

import pytest

from meetings.models import Decision
from tests.factories import NOW, make_decision, make_held_meeting, make_initiative, make_meeting, make_risk

pytestmark = pytest.mark.django_db


def new(client, meeting, **fields):
    told = {"team": "north", "meeting": meeting.pk, "section": "risks", "text": "We say no."}
    return client.post("/decisions/new/", told | fields)


def test_a_decision_stands_in_the_record_of_its_meeting(cast, as_, meeting):
    risk = make_risk(team=cast.north)
    new(as_(cast.ceo), meeting, about=f"risk-{risk.pk}")
    made = Decision.objects.get()
    assert (made.meeting, made.section, made.risk, made.text, made.created_by) == (
        meeting,
        "risks",
        risk,
        "We say no.",
        cast.ceo,
    )


def test_a_decision_without_a_meeting_is_not_found(cast, as_):
    assert as_(cast.ceo).post("/decisions/new/", {"team": "north", "text": "We say no."}).status_code == 404


def test_a_meeting_that_is_over_takes_no_more_decisions(cast, as_):
    over = make_held_meeting(team=cast.north)
    response = as_(cast.ceo).post("/decisions/new/", {"meeting": over.pk, "text": "We say no."}, follow=True)
    assert not Decision.objects.exists()
    assert "This meeting has ended" in str(*response.context["messages"])


def test_the_record_of_a_meeting_that_is_over_stands(cast, as_):
    decision = make_decision(meeting=make_held_meeting(team=cast.north), text="Yes")
    as_(cast.ceo).post(f"/decisions/{decision.pk}/", {"version": 1, "text": "No"})
    as_(cast.ceo).post(f"/decisions/{decision.pk}/delete/")
    decision.refresh_from_db()
    assert decision.text == "Yes"


def test_a_double_click_decides_once(cast, as_, meeting):
    for _ in range(2):
        new(as_(cast.ceo), meeting, token="8e4ac0a3-4ac5-4a40-95a5-0ab0fd0d0d4d")
    assert Decision.objects.count() == 1


def test_it_can_be_changed_and_taken_back_while_the_meeting_is_ahead(cast, as_, meeting):
    decision = make_decision(meeting=meeting)
    as_(cast.leader).post(f"/decisions/{decision.pk}/", {"version": 1, "text": "We say yes."})
    decision.refresh_from_db()
    assert decision.text == "We say yes."
    as_(cast.leader).post(f"/decisions/{decision.pk}/delete/")
    assert not Decision.objects.exists()
    assert as_(cast.leader).post(f"/decisions/{decision.pk}/delete/").status_code == 404


def test_two_who_change_it_both_see_both(cast, as_, meeting):
    decision = make_decision(meeting=meeting)
    as_(cast.leader).post(f"/decisions/{decision.pk}/", {"version": 1, "text": "Yes"})
    response = as_(cast.ceo).post(f"/decisions/{decision.pk}/", {"version": 1, "text": "No"})
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 302),
        ("leader", 302),
        ("delegate", 403),
        ("facilitator", 403),
        ("observer", 403),
        ("admin", 403),
        ("outsider", 404),
    ],
)
def test_who_may_decide(cast, as_, meeting, who, status):
    assert new(as_(getattr(cast, who)), meeting).status_code == status


def test_what_is_decided_on_a_reps_plan_is_for_the_two(cast, as_, meeting):
    plan = make_initiative(team=cast.north, kind="rep")
    new(as_(cast.ceo), meeting, about=f"initiative-{plan.pk}")
    made = Decision.objects.get()
    assert as_(cast.leader).get(f"/decisions/{made.pk}/").status_code == 200
    assert as_(cast.facilitator).get(f"/decisions/{made.pk}/").status_code == 404


def test_at_most_500_characters(cast, as_, meeting):
    response = new(as_(cast.ceo), meeting, text="x" * 501)
    assert response.status_code == 422
    assert "At most 500 characters; this text has 501." in response.content.decode()


def test_another_teams_meeting_is_not_found(cast, as_):
    assert new(as_(cast.ceo), make_meeting(team=cast.south, starts_at=NOW)).status_code == 404
