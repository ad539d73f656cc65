"""Answering, the reveal, and everything that is refused with a sentence and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from meetings.check_in.answers import CLOSED, REVEALED, AnswerTerms, give_answer
from meetings.models import CheckIn, CheckInAnswer, Issue, Meeting, TransitionNotAllowed
from tests.cast import Cast
from tests.factories import NOW, full_answer, make_check_in, make_held_meeting, make_meeting
from tests.html import flat

As = Callable[[Any], Client]
HOUR = timedelta(hours=1)
OTHERS = ("delegate", "facilitator", "observer", "admin")
#: Drawn at random for every answer: CSRF tokens, tokens of forms, nonces.
DRAWN = re.compile(r"[A-Za-z0-9]{64}|[0-9a-f]{8}-[-0-9a-f]{27}|nonce=\"[^\"]*\"")
CEO_WORD, LEADER_WORD = "ceoprivateword", "leaderprivateword"


@pytest.fixture(autouse=True)
def _an_hour_after() -> Any:
    with time_machine.travel(NOW + HOUR, tick=False):
        yield


@pytest.fixture
def held(cast: Cast) -> Meeting:
    return make_held_meeting(team=cast.north, starts_at=NOW)


def path(meeting: Meeting) -> str:
    return f"/meetings/{meeting.pk}/check-in/"


def read(as_: As, user: Any, meeting: Meeting) -> str:
    answer = as_(user).get(path(meeting))
    assert answer.status_code == 200
    return unescape(flat(answer))


def send(as_: As, by: Any, meeting: Meeting, /, **fields: Any) -> Any:
    return as_(by).post(path(meeting), {"tap": "yes", "version": "0"} | fields)


def test_one_tap_is_enough_and_the_second_shows_both(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held)
    assert send(as_, cast.ceo, held, tap="partly", sentence=CEO_WORD).status_code == 302
    assert "Partly" in read(as_, cast.ceo, held)
    before = read(as_, cast.leader, held)
    assert CEO_WORD not in before and "has answered" not in before
    assert send(as_, cast.leader, held, tap="no", sentence=LEADER_WORD).status_code == 302
    for user, words in (
        (cast.ceo, "<td>Partly</td><td>No</td>"),
        (cast.leader, "<td>No</td><td>Partly</td>"),
    ):
        page = read(as_, user, held)
        assert words in page and CEO_WORD in page and LEADER_WORD in page


def test_who_has_not_answered_reads_the_same_page_whether_or_not_the_other_has(
    cast: Cast, held: Meeting, as_: As
) -> None:
    check_in = make_check_in(meeting=held)
    client = as_(cast.leader)

    def page() -> list[str]:
        content = client.get(path(held)).content.decode()
        return re.sub(r'[A-Za-z0-9]{64}|nonce="[^"]*"', "", content).splitlines()

    before = page()
    assert send(as_, cast.ceo, held).status_code == 302
    assert page() == before
    CheckIn.objects.filter(pk=check_in.pk).update(closes_at=NOW)
    closed = page()
    CheckInAnswer.objects.all().delete()
    assert page() == closed
    assert "You did not answer in time" in " ".join(closed)


def test_five_statements_and_a_guess_in_one_form(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, guessed="pipeline", ceo=full_answer(pipeline=2, guess=4))
    page = read(as_, cast.leader, held)
    assert page.count('type="radio"') == 3 + 6 * 5
    assert "Your guess: what will Tom answer to “I trust the pipeline we look at.”" in page
    assert send(as_, cast.leader, held, **full_answer(guess=4)).status_code == 302
    after = read(as_, cast.leader, held)
    assert "You guessed 4 for Tom, who answered 2." in after
    assert "Tom guessed 4 for you, who answered 4." in after
    assert "You see the pipeline at 2, I at 4: what would make it a 3?" in after
    assert "You see the pipeline at 4, I at 2: what would make it a 3?" in read(as_, cast.ceo, held)


def test_an_answer_can_be_changed_until_both_are_in(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held)
    send(as_, cast.ceo, held, tap="yes")
    assert send(as_, cast.ceo, held, tap="no", version="1").status_code == 302
    assert CheckInAnswer.objects.get().tap == "no"
    send(as_, cast.leader, held)
    late = send(as_, cast.ceo, held, tap="yes", version="2")
    assert late.status_code == 302
    assert REVEALED in read_with_messages(as_, cast.ceo, held, late)
    assert CheckInAnswer.objects.get(user=cast.ceo).tap == "no"


def read_with_messages(as_: As, user: Any, meeting: Meeting, answer: Any) -> str:
    return unescape(flat(answer.client.get(answer.headers["Location"])))


def test_a_double_click_is_one_answer_and_two_windows_do_not_overwrite_each_other(
    cast: Cast, held: Meeting, as_: As
) -> None:
    make_check_in(meeting=held)
    for _ in range(2):
        assert send(as_, cast.ceo, held, tap="yes").status_code == 302
    assert CheckInAnswer.objects.get().version == 1
    other = send(as_, cast.ceo, held, tap="no")
    assert other.status_code == 409 and "Your other window" in other.content.decode()
    assert CheckInAnswer.objects.get().tap == "yes"


def test_the_click_that_revealed_sent_again_is_no_error(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, ceo={})
    for _ in range(2):
        answer = send(as_, cast.leader, held, tap="no")
        assert answer.status_code == 302 and REVEALED not in read_with_messages(
            as_, cast.leader, held, answer
        )
    assert CheckInAnswer.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"tap": "maybe"},
        {"tap": ""},
        {"plan": "0"},
        {"plan": "6"},
        {"progress": "-1"},
        {"pipeline": "3.5"},
        {"deals": "three"},
        {"support": ""},
        {"guess": "9" * 40},
        {"guess": "\x00"},
        {"sentence": "x" * 301},
    ],
)
def test_what_is_out_of_range_gets_a_sentence_and_changes_nothing(
    fields: dict[str, str], cast: Cast, held: Meeting, as_: As
) -> None:
    make_check_in(meeting=held, guessed="plan")
    answer = send(as_, cast.ceo, held, **full_answer() | fields)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not CheckInAnswer.objects.exists()


def test_scores_sent_to_a_check_in_that_does_not_ask_them_are_ignored(
    cast: Cast, held: Meeting, as_: As
) -> None:
    make_check_in(meeting=held)
    assert send(as_, cast.ceo, held, **full_answer()).status_code == 302
    assert CheckInAnswer.objects.get().scores == {}


def test_nobody_answers_for_another(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held)
    fields = {"user": cast.leader.pk, "check_in": 1, "ceo": cast.leader.pk, "revealed_at": "2026-11-23"}
    assert send(as_, cast.ceo, held, **fields).status_code == 302
    assert CheckInAnswer.objects.get().user == cast.ceo
    assert not CheckIn.objects.get().is_revealed


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("answered", [False, True])
def test_others_get_a_sentence_and_the_same_one_always(
    who: str, answered: bool, cast: Cast, held: Meeting, as_: As
) -> None:
    both = {"ceo": {"sentence": CEO_WORD}, "leader": {"sentence": LEADER_WORD}} if answered else {}
    make_check_in(meeting=held, **both)
    client = as_(getattr(cast, who))
    for answer in (client.get(path(held)), client.post(path(held), {"tap": "yes", "version": "0"})):
        assert answer.status_code == 403
        assert "between the CEO and the sales leader of that meeting" in answer.content.decode()
        assert CEO_WORD not in answer.content.decode()
    assert CheckInAnswer.objects.count() == (2 if answered else 0)
    assert client.get("/teams/north/check-in/").status_code == 403
    assert client.post(f"{path(held)}raise/", {"key": "tap", "text": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["second_leader", "outsider"])
def test_who_does_not_know_the_team_finds_nothing(who: str, cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, ceo={}, leader={})
    client = as_(getattr(cast, who))
    for address in (path(held), "/teams/north/check-in/"):
        assert client.get(address).status_code == 404
    assert client.post(path(held), {"tap": "yes"}).status_code == 404


def test_after_a_day_it_is_closed_and_one_answer_is_never_shown(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, ceo={"tap": "no", "sentence": CEO_WORD})
    with time_machine.travel(NOW + timedelta(minutes=30, hours=24), tick=False):
        late = send(as_, cast.leader, held)
        assert late.status_code == 302 and CLOSED in read_with_messages(as_, cast.leader, held, late)
        late = send(as_, cast.leader, held, tap="nonsense")
        assert late.status_code == 302 and CLOSED in read_with_messages(as_, cast.leader, held, late)
        page = read(as_, cast.leader, held)
        assert "You did not answer in time" in page and CEO_WORD not in page
        own = read(as_, cast.ceo, held)
        assert "Joe did not answer in time" in own and CEO_WORD in own
        assert "Joe did not answer" in unescape(flat(as_(cast.ceo).get("/teams/north/check-in/")))
    assert CheckInAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("scheduled", "The check-in opens when you wrap up the meeting."),
        ("missed", "There is no check-in for this meeting."),
    ],
)
def test_a_meeting_that_was_not_held_has_a_sensible_page(state: str, words: str, cast: Cast, as_: As) -> None:
    missed = {"missed_at": NOW} if state == "missed" else {}
    meeting = make_meeting(team=cast.north, starts_at=NOW, state=state, **missed)
    assert words in read(as_, cast.ceo, meeting)
    assert send(as_, cast.ceo, meeting).status_code == 302
    assert not CheckIn.objects.exists()


def test_the_tap_at_the_wrap_up_stays_off_the_screen(cast: Cast, meeting: Meeting, as_: As) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    meeting.go_to("closing", now=NOW)
    revision = Meeting.objects.get().revision
    client, here = as_(cast.ceo), f"/meetings/{meeting.pk}/present/?at=closing"
    stage = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "stage"}
    assert '<button class="button" name="tap" value="partly">' in flat(client.get(here))
    told = client.post(
        path(meeting), {"tap": "partly", "version": "0", "next": here}, follow=True, headers={}
    )
    assert "Your answer is in." in unescape(flat(told))
    assert "partly" not in flat(client.get(here, **stage)).lower()
    assert 'name="tap"' in flat(as_(cast.leader).get(here))  # the other’s own
    assert not any(
        'name="tap"' in flat(as_(getattr(cast, who)).get(here)) for who in ("facilitator", "observer")
    )
    assert Meeting.objects.get(pk=meeting.pk).revision == revision
    send(as_, cast.leader, meeting, tap="yes")
    assert CheckIn.objects.get().is_revealed
    assert "You have both answered" in flat(client.get(here))


def test_home_tells_each_of_the_two_alone_until_they_answered(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held)
    words = "Check-in is open until"

    def told() -> set[str]:
        people = ("ceo", "leader", *OTHERS, "second_leader", "outsider")
        return {who for who in people if words in flat(as_(getattr(cast, who)).get("/"))}

    assert told() == {"ceo", "leader"}
    send(as_, cast.ceo, held)
    assert told() == {"leader"}
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert told() == set()


def test_a_question_becomes_an_issue_in_ones_own_words(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, guessed="plan", ceo=full_answer(pipeline=2), leader=full_answer(pipeline=4))
    page = read(as_, cast.ceo, held)
    assert "everybody on the team reads it" in page
    client, send_to = as_(cast.ceo), f"{path(held)}raise/"
    fields = {"key": "pipeline", "text": "What would make you trust it less?"}
    for _ in range(2):
        assert client.post(send_to, fields).status_code == 302
    issue = Issue.objects.get()
    assert (issue.title, issue.side, issue.created_by) == (fields["text"], "ceo", cast.ceo)
    assert (issue.section, issue.detail, issue.item) == ("issues", "", None)
    assert fields["text"] in read(as_, cast.ceo, held)
    assert fields["text"] not in read(as_, cast.leader, held)  # an issue of the other, like any other
    assert client.post(send_to, {"key": "pipeline", "text": "  "}).status_code == 422
    assert client.post(send_to, {"key": "pipeline", "text": "x" * 201}).status_code == 422
    assert client.post(send_to, {"key": "no such", "text": "x"}).status_code == 404
    assert Issue.objects.count() == 1


def test_nothing_is_put_on_the_agenda_before_the_reveal(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, ceo={})
    assert as_(cast.ceo).post(f"{path(held)}raise/", {"key": "tap", "text": "x"}).status_code == 302
    assert not Issue.objects.exists()


def test_a_round_is_read_by_its_two_also_without_a_seat_and_by_no_successor(
    cast: Cast, held: Meeting, as_: As
) -> None:
    make_check_in(meeting=held, ceo={"sentence": CEO_WORD}, leader={"sentence": LEADER_WORD})
    seat = cast.north.seats.filter(role="leader")
    seat.update(user=cast.second_leader)
    assert CEO_WORD in read(as_, cast.leader, held)
    assert as_(cast.leader).get("/teams/north/check-in/").status_code == 200
    assert as_(cast.leader).post(f"{path(held)}raise/", {"key": "tap", "text": "x"}).status_code == 403
    assert as_(cast.second_leader).get(path(held)).status_code == 403
    page = unescape(flat(as_(cast.second_leader).get("/teams/north/check-in/")))
    assert "No check-ins yet." in page and CEO_WORD not in page


@pytest.mark.parametrize("by", ["ceo", "leader"])
def test_before_the_close_nothing_tells_whether_the_other_has_answered(
    by: str, cast: Cast, meeting: Meeting, as_: As
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    meeting.go_to("closing", now=NOW)
    other = cast.leader if by == "ceo" else cast.ceo
    addresses = ("/teams/north/check-in/", path(meeting), f"/meetings/{meeting.pk}/present/?at=closing", "/")

    def pages() -> list[tuple[int, str]]:
        client = as_(getattr(cast, by))
        answers = [client.get(address) for address in addresses]
        return [(answer.status_code, DRAWN.sub("", answer.content.decode())) for answer in answers]

    nobody = pages()
    assert {status for status, _ in nobody} == {200}
    assert "No check-ins yet." in nobody[0][1] and f'href="{path(meeting)}"' in nobody[0][1]
    assert send(as_, other, meeting, sentence=CEO_WORD).status_code == 302
    assert pages() == nobody
    send(as_, getattr(cast, by), meeting)
    assert CheckIn.objects.get().is_revealed and CEO_WORD in read(as_, getattr(cast, by), meeting)


def test_who_waits_past_the_deadline_is_late(cast: Cast, held: Meeting) -> None:
    check_in = make_check_in(meeting=held)
    assert check_in.closes_at is not None
    with time_machine.travel(check_in.closes_at - timedelta(seconds=1), tick=False) as clock:

        def wait_for_the_lock(execute: Any, *query: Any) -> Any:
            clock.move_to(check_in.closes_at, tick=False)
            return execute(*query)

        with (
            connection.execute_wrapper(wait_for_the_lock),
            pytest.raises(TransitionNotAllowed, match="closed"),
        ):
            give_answer(held, AnswerTerms("yes"), by=cast.ceo, version=0)
    assert not CheckInAnswer.objects.exists()


def test_over_time_one_pair_at_a_time(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(meeting=held, guessed="plan", ceo=full_answer(deals=1), leader=full_answer(deals=5))
    before = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=70))
    make_check_in(meeting=before, leader={"tap": "no"}, ceo={"tap": "yes"})
    CheckIn.objects.filter(meeting=before).update(leader=cast.second_leader)
    CheckInAnswer.objects.filter(check_in__meeting=before, user=cast.leader).update(user=cast.second_leader)
    page = unescape(flat(as_(cast.ceo).get("/teams/north/check-in/")))
    assert "1 ↔ 5" in page and "Anne Duarte" in page
    earlier = unescape(flat(as_(cast.ceo).get(f"/teams/north/check-in/?with={cast.second_leader.pk}")))
    assert "<td>Yes</td><td>No</td>" in earlier and "1 ↔ 5" not in earlier
    for odd in ("x", "0", "9" * 30, "-1", str(cast.admin.pk)):
        assert as_(cast.ceo).get(f"/teams/north/check-in/?with={odd}&page={odd}").status_code == 200


def test_pages_cost_the_same_with_many_rounds(
    cast: Cast, held: Meeting, as_: As, django_assert_max_num_queries: Any
) -> None:
    make_check_in(meeting=held, guessed="plan", ceo=full_answer(plan=1), leader=full_answer())
    client = as_(cast.ceo)
    client.get("/")

    def count(address: str) -> int:
        with django_assert_max_num_queries(20) as caught:
            assert client.get(address).status_code == 200
        return len(caught.captured_queries)

    before = count(path(held)), count("/teams/north/check-in/")
    for week in range(1, 40):
        past = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(weeks=week))
        make_check_in(meeting=past, guessed="plan", ceo=full_answer(), leader=full_answer())
    after = count(path(held)), count("/teams/north/check-in/")
    assert after[0] <= before[0] + 1 and after[1] == before[1]  # the prefetch of earlier ones
    assert max(after) <= 14
