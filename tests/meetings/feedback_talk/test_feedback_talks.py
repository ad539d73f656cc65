"""Where the sales leader stands: asked of each of the two alone, answered by one tap, gone with the quarter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client

from alignment.models import Seat
from alignment.sweep.run import sweep
from meetings.home import home
from meetings.models import FeedbackTalk, PrivateNote
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_feedback_talk, make_meeting, make_team
from tests.html import flat

As = Callable[[Any], Client]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
PATH = "/teams/north/where-you-stand/"
CEO_ASKED = "Have you told Joe where they stand, in plain words?"
LEADER_ASKED = "Have you asked Tom where you stand?"
OTHERS = ("delegate", "facilitator", "observer", "admin", "second_leader", "outsider")


@pytest.fixture(autouse=True)
def _now(cast: Cast) -> Any:
    Seat.objects.update(since=TODAY)
    cast.north.seats.update(since=date(2026, 1, 1))
    with time_machine.travel(NOW, tick=False):
        yield


def read(as_: As, user: Any, path: str = "/") -> str:
    answer = as_(user).get(path, follow=True)
    assert answer.status_code == 200
    return unescape(flat(answer))


def asked(user: Any, at: Any = NOW) -> str:
    found = home(user, at).feedback_question
    return found.question if found else ""


def test_each_of_the_two_is_asked_on_their_own_home_and_nobody_else(cast: Cast, as_: As) -> None:
    assert CEO_ASKED in read(as_, cast.ceo) and LEADER_ASKED in read(as_, cast.leader)
    for name in ("delegate", "facilitator", "observer", "admin"):
        page = read(as_, getattr(cast, name))
        assert "where they stand" not in page and "where you stand" not in page, name


def test_one_tap_says_that_they_talked_today(cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    for _ in range(2):
        answer = client.post(PATH, {"version": 0, "on": TODAY.isoformat(), "next": "/"})
        assert answer.status_code == 302 and answer["Location"] == "/"
    row = FeedbackTalk.objects.get()
    assert (row.user, row.talked_on, row.version) == (cast.ceo, TODAY, 1)
    assert asked(cast.ceo) == "" and asked(cast.leader) == LEADER_ASKED
    assert "You talked on" in read(as_, cast.ceo, PATH)


def test_not_yet_comes_back_in_two_weeks_with_three_sentences(cast: Cast, as_: As) -> None:
    client = as_(cast.leader)
    for _ in range(2):
        assert client.post(f"{PATH}not-yet/", {"version": 0, "next": "/"}).status_code == 302
    row = FeedbackTalk.objects.get()
    assert (row.not_yet, row.ask_on) == (1, TODAY + 14 * DAY)
    assert asked(cast.leader) == "" and asked(cast.leader, NOW + 13 * DAY) == ""
    question = home(cast.leader, NOW + 14 * DAY).feedback_question
    assert question and len(question.beginnings) == 3 and question.version == 1


def test_the_second_not_yet_proposes_a_private_note_for_the_next_meeting(cast: Cast, as_: As) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW + DAY)
    make_feedback_talk(team=cast.north, user=cast.ceo)
    client = as_(cast.ceo)
    answer = client.post(f"{PATH}not-yet/", {"version": 1, "next": "/"})
    assert answer["Location"] == PATH
    page = read(as_, cast.ceo, PATH)
    assert "It keeps being put off." in page
    for _ in range(2):
        client.post(f"{PATH}note/")
    note = PrivateNote.objects.get()
    assert (note.meeting, note.author) == (meeting, cast.ceo)
    assert note.text == "Tell Joe where they stand, in plain words."
    assert "In your private notes for" in read(as_, cast.ceo, PATH)


def test_a_note_stands_below_what_is_noted_already(cast: Cast, as_: As) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW + DAY)
    PrivateNote.objects.create(meeting=meeting, author=cast.leader, text="Ask for Friday.", changed_at=NOW)
    as_(cast.leader).post(f"{PATH}note/")
    assert PrivateNote.objects.get().text == "Ask for Friday.\nAsk Tom where I stand, in plain words."


def test_an_answer_can_be_undone(cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    page = flat(client.post(f"{PATH}not-yet/", {"version": 0, "next": "/"}, follow=True))
    match = re.search(r'name="token" value="([^"]+)"', page)
    assert match
    client.post("/undo/", {"token": match[1]})
    row = FeedbackTalk.objects.get()
    assert (row.not_yet, row.ask_on, row.talked_on) == (0, None, None)
    assert asked(cast.ceo) == CEO_ASKED


def test_another_answer_from_an_old_page_changes_nothing(cast: Cast, as_: As) -> None:
    make_feedback_talk(team=cast.north, user=cast.ceo, version=3)
    page = flat(as_(cast.ceo).post(PATH, {"version": 1, "on": TODAY.isoformat()}, follow=True))
    assert "in another window" in page and FeedbackTalk.objects.get().talked_on is None


@pytest.mark.parametrize("on", ["", "2026-09-30", "2026-11-24", "yesterday"])
def test_a_day_outside_the_quarter_or_ahead_is_refused(on: str, cast: Cast, as_: As) -> None:
    answer = as_(cast.ceo).post(PATH, {"version": 0, "on": on})
    assert answer.status_code == 422 and not FeedbackTalk.objects.exists()


def test_nobody_else_can_open_it_and_neither_reads_the_other_s_answer(cast: Cast, as_: As) -> None:
    make_feedback_talk(team=cast.north, user=cast.ceo, not_yet=2)
    page = read(as_, cast.leader, PATH)
    assert "not yet”" not in page and "put off" not in page
    for name in OTHERS:
        client = as_(getattr(cast, name))
        for path in (PATH, f"{PATH}not-yet/", f"{PATH}note/"):
            assert client.post(path, {"version": 0}).status_code in (403, 404), (name, path)
        assert client.get(PATH).status_code in (403, 404), name
    assert FeedbackTalk.objects.count() == 1


def test_it_is_not_asked_while_the_team_meets_nor_of_a_young_or_broken_pair(cast: Cast, as_: As) -> None:
    meeting = make_meeting(team=cast.north, starts_at=NOW)
    meeting.start(by=cast.ceo, now=NOW)
    assert asked(cast.ceo) == ""
    meeting.delete()
    assert asked(cast.ceo) == CEO_ASKED
    cast.north.seats.filter(role="leader").update(since=TODAY - 29 * DAY)
    assert asked(cast.ceo) == ""
    cast.north.seats.filter(role="leader").update(until=TODAY - DAY)
    assert asked(cast.ceo) == ""
    assert as_(cast.ceo).get(PATH).status_code == 302


def test_of_many_teams_one_question_at_a_time_and_as_many_queries(
    cast: Cast, as_: As, django_assert_max_num_queries: Any
) -> None:
    for _ in range(50):
        make_team(company=cast.company, ceo=cast.ceo, leader=cast.leader)
    client = as_(cast.ceo)
    with django_assert_max_num_queries(15):
        page = flat(client.get("/"))
    assert page.count('id="where-you-stand"') == 1


def test_the_sweep_deletes_what_belongs_to_a_quarter_that_is_over(cast: Cast) -> None:
    make_feedback_talk(team=cast.north, user=cast.ceo)
    make_feedback_talk(
        team=cast.north, user=cast.leader, starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 30)
    )
    result = sweep(NOW)
    assert FeedbackTalk.objects.get().user == cast.ceo
    assert "feedback" not in result.done()


def test_an_answer_stands_until_the_quarter_is_over_everywhere(cast: Cast) -> None:
    make_feedback_talk(team=cast.north, user=cast.ceo, ends_on=TODAY - DAY)
    sweep(NOW)
    assert FeedbackTalk.objects.exists()
    sweep(NOW + DAY)
    assert not FeedbackTalk.objects.exists()


def test_the_emergency_admin_has_no_page_of_them() -> None:
    assert FeedbackTalk not in admin.site._registry


def test_the_database_takes_no_day_outside_the_quarter_and_no_second_row(cast: Cast) -> None:
    make_feedback_talk(team=cast.north, user=cast.ceo)
    for fields in ({}, {"starts_on": date(2026, 7, 1), "talked_on": date(2027, 2, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_feedback_talk(team=cast.north, user=cast.ceo, **fields)
