"""Heads-ups, feedback talks and first meetings of somebody who is erased: theirs go, and those of others do not name
them."""

from __future__ import annotations

import json

import pytest
from django.core import serializers

from alignment.erasure.erase import forget, preview_erasure
from alignment.models import User
from meetings.models import FeedbackTalk, FirstMeeting, FirstMeetingAnswer, HeadsUp, Issue
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_feedback_talk, make_first_meeting, make_heads_up

WORD = "zqwordofjoe"
MODELS = (HeadsUp, FeedbackTalk, FirstMeeting, FirstMeetingAnswer)


def leave_seat(cast: Cast, user: User) -> None:
    cast.north.seats.filter(user=user).update(until=TODAY)


def stored() -> str:
    """Every column of every row there is."""
    return json.dumps([serializers.serialize("python", model.objects.all()) for model in MODELS], default=str)


@pytest.mark.parametrize("role", ["ceo", "leader"])
def test_of_either_of_the_two_everything_goes(role: str, cast: Cast) -> None:
    person = getattr(cast, role)
    make_heads_up(team=cast.north, words=f"{WORD} to {cast.leader.name}")
    make_feedback_talk(team=cast.north, user=person)
    make_first_meeting(team=cast.north, opened_at=NOW, ceo={"chase": WORD}, leader={"leave": WORD})
    cast.north.seats.filter(user=person).update(until=TODAY)
    cast.south.seats.filter(user=person).update(until=TODAY)
    assert not forget(person, by=None, now=NOW)
    assert [model.objects.count() for model in MODELS] == [0, 0, 0, 0]


def test_what_others_wrote_stays_without_the_name(cast: Cast) -> None:
    people = {"ceo": cast.ceo, "leader": cast.second_leader}
    make_heads_up(team=cast.south, words="Told Joe Keller that big ones come first", **people)
    answers = FirstMeetingAnswer.objects
    row = FirstMeeting.objects.create(team=cast.south, year_starts_on=TODAY.replace(month=1, day=1), **people)
    answers.create(first_meeting=row, user=cast.ceo, chase="What Joe Keller began", changed_at=NOW)
    make_feedback_talk(team=cast.south, user=cast.ceo)
    leave_seat(cast, cast.leader)
    assert not forget(cast.leader, by=None, now=NOW)
    assert [model.objects.count() for model in MODELS] == [1, 1, 1, 1]
    texts = stored()
    assert "Joe" not in texts and "Keller" not in texts
    assert "big ones come first" in texts and "began" in texts


def test_the_talk_of_the_other_stays(cast: Cast) -> None:
    for user in (cast.ceo, cast.leader):
        make_feedback_talk(team=cast.north, user=user)
    leave_seat(cast, cast.leader)
    assert not forget(cast.leader, by=None, now=NOW)
    assert FeedbackTalk.objects.get().user == cast.ceo


def test_an_issue_that_came_of_a_heads_up_stays_without_the_name(cast: Cast) -> None:
    issue = Issue.objects.create(
        team=cast.north,
        side="leader",
        section="issues",
        title="Who tells Joe Keller’s rep?",
        created_by=cast.leader,
        created_at=NOW,
        changed_at=NOW,
    )
    make_heads_up(team=cast.north, answer="talk", answered_at=NOW, issue=issue)
    leave_seat(cast, cast.leader)
    assert not forget(cast.leader, by=None, now=NOW)
    assert not HeadsUp.objects.exists()
    assert "rep?" in Issue.objects.get().title and "Keller" not in Issue.objects.get().title


def test_what_would_go_counts_none_of_them(cast: Cast) -> None:
    before = preview_erasure(cast.leader)
    make_heads_up(team=cast.north)
    make_feedback_talk(team=cast.north, user=cast.leader)
    make_first_meeting(team=cast.north, leader={"chase": WORD})
    assert preview_erasure(cast.leader) == before
