"""The step that ends a meeting, the minute after it in which the end can be undone, and its short version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from alignment.models import Notice, User
from meetings.models import Commitment, Decision, Issue, Meeting, Rating
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    make_commitment,
    make_decision,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)
from tests.html import flat

HTMX = {"HX-Request": "true", "HX-Target": "stage"}
AUTOSAVE = {"X-Autosave": "1"}
MADE = {"created_at": NOW, "changed_at": NOW}
MINUTE = timedelta(minutes=1)
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def running(cast: Cast, meeting: Meeting) -> Meeting:
    meeting.start(by=cast.ceo, now=NOW)
    return meeting


@pytest.fixture
def page(as_: As, running: Meeting) -> Callable[..., str]:
    """The wrap-up as somebody reads it."""

    def get(user: User, at: str = "closing") -> str:
        return flat(as_(user).get(reverse("meetings:present", args=[running.pk]), {"at": at}).text)

    return get


@pytest.fixture
def post(as_: As) -> Callable[..., HttpResponse]:
    def send(user: User, name: str, pk: int, /, headers: Any = None, **data: Any) -> HttpResponse:
        return as_(user).post(reverse(f"meetings:{name}", args=[pk]), data, headers=headers or {})

    return send


def test_everything_agreed_is_read_once_more(cast: Cast, running: Meeting, page: Any) -> None:
    make_commitment(team=cast.north, owner=cast.leader, text="Call Hollis", section="risks", **MADE)
    make_decision(meeting=running, text="No discount", section="deals")
    make_issue(team=cast.north, title="Too few leads", solved_at=NOW, resolution="Hire one more")
    text = page(cast.ceo)
    for words in ("Call Hollis", "No discount", "Too few leads", "Hire one more", "End and send recap"):
        assert words in text
    assert "Two things decided, one commitment." in text


def test_it_asks_whether_what_was_discussed_is_resolved(cast: Cast, running: Meeting, page: Any) -> None:
    discussed = make_issue(team=cast.north, title="Too few leads", discussed_at=NOW)
    make_issue(team=cast.north, title="Not reached")
    text = page(cast.ceo)
    assert "Discussed, not resolved" in text and f"/issues/{discussed.pk}/solve/" in text
    assert "Not reached" not in text


def test_what_was_decided_on_an_issue_is_proposed_as_its_resolution(
    cast: Cast, running: Meeting, page: Any
) -> None:
    issue = make_issue(team=cast.north, title="Too few leads")
    make_decision(meeting=running, text="Hire one more", issue=issue)
    assert 'name="resolution" required data-limit="2000" value="Hire one more"' in page(cast.ceo)


def test_next_time_leaves_it_open_and_says_so(cast: Cast, running: Meeting, page: Any, post: Any) -> None:
    issue = make_issue(team=cast.north, title="Too few leads", discussed_at=NOW)
    here = f"/meetings/{running.pk}/present/"
    assert post(cast.ceo, "issue_defer", issue.pk, next=here).url == here
    assert '<span class="muted">Next time</span>' in page(cast.leader)
    post(cast.ceo, "close", running.pk)
    assert Issue.objects.get().solved_at is None


def test_an_answered_question_is_settled_unless_left_for_next_time(
    cast: Cast, running: Meeting, page: Any, post: Any
) -> None:
    question = make_issue(team=cast.north, kind="question", title="Still plants?", created_by=cast.ceo)
    make_update(meeting=running, author=cast.leader, section="issues", issue=question, text="Two of them.")
    assert "Joe Keller: Two of them." in page(cast.ceo)
    assert "Answered, so it is resolved when you end." in page(cast.ceo)
    post(cast.ceo, "issue_defer", question.pk)
    assert "Answered, so" not in page(cast.ceo)
    post(cast.ceo, "issue_reopen", question.pk)


def test_a_commitment_without_a_day_is_due_at_the_next_meeting_and_says_so(
    cast: Cast, running: Meeting, page: Any, as_: As
) -> None:
    make_meeting(team=cast.north, starts_at=NOW + timedelta(days=7))
    capture = {"meeting": running.pk, "section": "issues", "text": "Send Carver the offer", "due": ""}
    assert as_(cast.ceo).post("/commitments/new/", capture).status_code == 302
    assert "due at the next meeting, 30 Nov" in page(cast.ceo)


def test_a_commitment_is_changed_in_place(cast: Cast, running: Meeting, page: Any, post: Any) -> None:
    row = make_commitment(team=cast.north, owner=cast.leader, text="Call Hollis", **MADE)
    assert f'action="/commitments/{row.pk}/" data-autosave' in page(cast.ceo)
    answer = post(cast.ceo, "commitment_edit", row.pk, AUTOSAVE, version=1, owner=cast.ceo.pk)
    assert answer.status_code == 204
    assert Commitment.objects.get().owner == cast.ceo


def test_who_was_there_is_one_sentence(cast: Cast, running: Meeting, page: Any, post: Any) -> None:
    assert "Was Tom there?" in page(cast.leader)
    for user in (cast.ceo, cast.leader):
        post(cast.leader, "attend", running.pk, user=user.pk, present="1")
    assert "<p> Tom and Joe. </p>" in page(cast.leader).replace("<p>Tom", "<p> Tom").replace(
        "Joe.</p>", "Joe. </p>"
    )
    assert "Somebody was absent" in page(cast.leader)
    post(cast.leader, "attend", running.pk, user=cast.ceo.pk, present="0")
    assert "Tom was absent." in page(cast.leader)


def test_a_rating_is_saved_as_it_is_tapped_and_needs_no_reason(
    cast: Cast, running: Meeting, post: Any
) -> None:
    answer = post(cast.ceo, "rate", running.pk, AUTOSAVE, score="3", version="1")
    assert (answer.status_code, answer.headers["X-Saved-At"]) == (204, "09:00")
    assert Rating.objects.get().score == 3


def test_a_bad_rating_is_said_at_its_field_while_typing(cast: Cast, running: Meeting, post: Any) -> None:
    answer = post(cast.ceo, "rate", running.pk, AUTOSAVE, why="Too long")
    assert (answer.status_code, 'data-error-for="score"' in answer.text) == (422, True)


def test_ratings_are_shown_once_both_have_rated(cast: Cast, running: Meeting, page: Any) -> None:
    Rating.objects.create(meeting=running, user=cast.ceo, role="ceo", score=6, why="Too long for me", at=NOW)
    assert "Too long for me" not in page(cast.leader) and "Tom has rated." in page(cast.leader)
    assert "You gave 6" in page(cast.ceo)
    Rating.objects.create(meeting=running, user=cast.leader, role="leader", score=9, at=NOW)
    for user in (cast.ceo, cast.leader, cast.observer):
        assert '<p class="text">Too long for me</p>' in page(user)


def test_those_who_got_the_last_recap_are_ticked(cast: Cast, running: Meeting, page: Any) -> None:
    make_held_meeting(team=cast.north).recap_to.set([cast.observer])
    assert f'value="{cast.observer.pk}" checked' in page(cast.ceo)
    assert f'value="{cast.facilitator.pk}">' in page(cast.ceo)


def test_who_still_types_is_seen_for_a_minute(
    cast: Cast, running: Meeting, page: Any, clock: time_machine.Coordinates
) -> None:
    risk = make_risk(team=cast.north, name="Brandt")
    make_update(meeting=running, author=cast.leader, section="risks", risk=risk, text="Their board")
    said = "Joe Keller is still typing (a comment on Brandt)."
    clock.move_to(NOW + timedelta(seconds=59))
    assert said in page(cast.ceo) and said not in page(cast.leader)
    clock.move_to(NOW + timedelta(seconds=60))
    assert said not in page(cast.ceo)


# Ending it


def test_the_end_is_said_with_its_undo_to_both_for_a_minute(
    cast: Cast, running: Meeting, as_: As, post: Any, clock: time_machine.Coordinates
) -> None:
    post(cast.ceo, "close", running.pk)
    for user in (cast.ceo, cast.leader):
        text = flat(as_(user).get(f"/meetings/{running.pk}/").text)
        assert "Ended. The recap goes out at 09:01." in text and f"/meetings/{running.pk}/undo-end/" in text
    observed = as_(cast.observer).get(f"/meetings/{running.pk}/").text
    assert "The recap goes out at 09:01." in observed and "undo-end" not in observed
    clock.move_to(NOW + MINUTE)
    assert "The recap goes out" not in as_(cast.ceo).get(f"/meetings/{running.pk}/").text


def test_whoever_was_sent_out_gets_back_in_when_the_end_is_undone(
    cast: Cast, running: Meeting, as_: As, post: Any
) -> None:
    post(cast.ceo, "close", running.pk)
    ended = f"/meetings/{running.pk}/ended/"
    assert "Undo" in as_(cast.leader).get(ended, headers=HTMX).text
    assert post(cast.ceo, "undo_end", running.pk).url == f"/meetings/{running.pk}/present/"
    assert (
        as_(cast.leader).get(ended, headers=HTMX).headers["HX-Redirect"] == f"/meetings/{running.pk}/present/"
    )


def test_after_the_minute_the_note_goes_and_undo_is_refused_in_a_sentence(
    cast: Cast, running: Meeting, as_: As, post: Any, clock: time_machine.Coordinates
) -> None:
    post(cast.ceo, "close", running.pk)
    clock.move_to(NOW + MINUTE)
    answer = as_(cast.leader).get(f"/meetings/{running.pk}/ended/", headers=HTMX)
    assert "on its way" in answer.text and "hx-get" not in answer.text
    assert post(cast.ceo, "undo_end", running.pk).url == f"/meetings/{running.pk}/"
    assert Meeting.objects.get(pk=running.pk).is_held


def test_without_script_the_note_is_the_record(cast: Cast, running: Meeting, as_: As, post: Any) -> None:
    post(cast.ceo, "close", running.pk)
    assert as_(cast.ceo).get(f"/meetings/{running.pk}/ended/").url == f"/meetings/{running.pk}/"


def test_what_only_the_two_may_read_is_left_out_of_the_recap_unless_ticked(
    cast: Cast, running: Meeting, page: Any, post: Any
) -> None:
    assert "recap_has_plans" not in page(cast.ceo)
    make_initiative(team=cast.north, title="Save Casey", kind="rep")
    text = page(cast.ceo)
    assert 'name="recap_has_plans" value="1">' in text and "(Save Casey)" in text
    post(cast.ceo, "close", running.pk, recap_has_plans="1")
    assert Meeting.objects.get(pk=running.pk).recap_has_plans


# A facilitator


def test_a_facilitator_captures_and_resolves_while_the_meeting_runs(
    cast: Cast, running: Meeting, as_: As, post: Any, page: Any
) -> None:
    client = as_(cast.facilitator)
    form = {"meeting": running.pk, "section": "risks", "text": "Agreed so", "owner": cast.leader.pk}
    for kind in ("commitments", "decisions", "issues"):
        assert client.post(f"/{kind}/new/", form).status_code == 302
    assert (Commitment.objects.get().owner, Decision.objects.get().text) == (cast.leader, "Agreed so")
    post(cast.facilitator, "issue_solve", Issue.objects.get().pk, resolution="Later")
    post(cast.facilitator, "commitment_drop", Commitment.objects.get().pk, why="A mistake")
    post(cast.facilitator, "decision_delete", Decision.objects.get().pk)
    assert Issue.objects.get().solved_at and Commitment.objects.get().dropped_at
    assert not Decision.objects.exists()
    text = page(cast.facilitator, at="revenue")
    assert 'id="capture"' in text and 'id="next"' in text and "Comment" in text


def test_a_facilitator_neither_rates_nor_ends_on_the_page(cast: Cast, running: Meeting, page: Any) -> None:
    text = page(cast.facilitator)
    assert 'id="rate"' not in text and 'id="close"' not in text and 'value="issues">Back' in text


def test_a_facilitator_captures_nothing_before_and_after_the_meeting(
    cast: Cast, meeting: Meeting, as_: As, post: Any
) -> None:
    issue = make_issue(team=cast.north)
    form = {"meeting": meeting.pk, "section": "risks", "text": "Agreed so", "owner": cast.leader.pk}
    for kind in ("commitments", "decisions"):
        assert as_(cast.facilitator).post(f"/{kind}/new/", form).status_code == 403
    assert post(cast.facilitator, "issue_solve", issue.pk, resolution="Later").status_code == 403
    meeting.start(by=cast.ceo, now=NOW)
    close_meeting(meeting, by=cast.ceo, now=NOW, mail=False)
    assert as_(cast.facilitator).post("/commitments/new/", form).status_code == 403


# The short version


def test_late_it_offers_a_short_version_that_leaves_out_what_has_no_exception(
    cast: Cast, running: Meeting, page: Any, post: Any, clock: time_machine.Coordinates, as_: As
) -> None:
    make_risk(team=cast.north, name="Hollis Foods", exposure=90_000, action="")
    clock.move_to(NOW + 14 * MINUTE)
    assert "Short version" not in page(cast.ceo, at="revenue")
    clock.move_to(NOW + 15 * MINUTE)
    assert "Short version" in page(cast.ceo, at="revenue")
    assert "Short version" not in page(cast.observer, at="revenue")
    post(cast.ceo, "timer", running.pk, act="shorten")
    assert "Next: Risks" in page(cast.ceo, at="revenue")
    post(cast.ceo, "section", running.pk, section="risks")
    clock.shift(MINUTE)
    assert "Next: Issues" in page(cast.ceo, at="risks")
    post(cast.ceo, "section", running.pk, section="closing")
    assert "Not discussed: big deals, initiatives, issues" in page(cast.ceo)


def test_on_its_plan_no_short_version_is_offered(
    cast: Cast, running: Meeting, page: Any, clock: time_machine.Coordinates
) -> None:
    running.go_to("issues", now=NOW + 20 * MINUTE)
    clock.move_to(NOW + 24 * MINUTE)
    assert "Short version" not in page(cast.ceo, at="issues")


def test_from_wrap_up_to_the_recap_it_takes_two_requests(cast: Cast, running: Meeting, post: Any) -> None:
    post(cast.ceo, "section", running.pk, section="closing")
    post(cast.ceo, "close", running.pk, recap_readers_listed="1")
    assert {notice.to for notice in Notice.objects.filter(kind="recap")} == {cast.ceo, cast.leader}
