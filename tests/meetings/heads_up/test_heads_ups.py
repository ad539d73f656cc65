"""A heads-up: left by the CEO, answered by the sales leader by one tap, for these two alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.heads_up.answers import agree, put_on_agenda
from meetings.home import home
from meetings.models import HeadsUp, Issue
from tests.cast import Cast
from tests.factories import NOW, make_heads_up, make_held_meeting, make_meeting, make_update
from tests.html import flat

As = Callable[[Any], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "Told a rep we would match the price"
PATH = "/teams/north/heads-ups/"
OTHERS = ("delegate", "facilitator", "observer", "admin", "second_leader", "outsider")


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def read(as_: As, user: Any, path: str) -> str:
    answer = as_(user).get(path, follow=True)
    assert answer.status_code == 200
    return unescape(flat(answer))


def token_of_undo(page: str) -> str:
    match = re.search(r'name="token" value="([^"]+)"', page)
    assert match
    return match[1]


def test_one_line_from_the_ceo_waits_under_new_on_the_leader_s_home(cast: Cast, as_: As) -> None:
    answer = as_(cast.ceo).post(PATH, {"words": WORDS, "token": uuid4()})
    assert answer.status_code == 302
    page = read(as_, cast.leader, "/")
    assert "Tom gives you a heads-up:" in page and f"“{WORDS}”" in page
    assert "New since you last looked" in page
    assert page.count("Let’s talk</a>") == 1
    assert WORDS not in read(as_, cast.ceo, "/")


def test_it_waits_however_old_and_whatever_was_marked_as_read(cast: Cast, as_: As) -> None:
    make_heads_up(team=cast.north, at=NOW - 90 * DAY)
    make_held_meeting(team=cast.north, starts_at=NOW - DAY)
    as_(cast.leader).post("/read/")
    (item,) = home(cast.leader, NOW).news.items
    assert item.is_unread and item.heads_up


def test_agreed_by_one_tap_and_the_ceo_reads_it(cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north, at=NOW - HOUR)
    client = as_(cast.leader)
    for _ in range(2):
        assert client.post(f"/heads-ups/{row.pk}/agree/").status_code == 302
    row.refresh_from_db()
    assert row.is_agreed and row.version == 2 and row.answered_at == NOW
    assert not home(cast.leader, NOW).news.items
    with time_machine.travel(NOW + HOUR, tick=False):
        page = read(as_, cast.ceo, "/")
    assert "Joe agreed with" in page and f"“{WORDS}”" in page


def test_lets_talk_puts_it_on_the_agenda_in_the_leader_s_words(cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north)
    form = read(as_, cast.leader, f"/heads-ups/{row.pk}/talk/")
    assert f'value="{WORDS}"' in form and "Everybody who reads the agenda" in form
    client = as_(cast.leader)
    for _ in range(2):
        answer = client.post(f"/heads-ups/{row.pk}/talk/", {"title": "When do we match a price?"})
        assert answer.status_code == 302
    issue = Issue.objects.get()
    assert (issue.title, issue.side, issue.created_by) == ("When do we match a price?", "leader", cast.leader)
    assert WORDS not in f"{issue.title}{issue.detail}"
    (item,) = [item for item in home(cast.ceo, NOW + HOUR).news.items if item.about.startswith("headsup")]
    assert (item.text, item.title) == ("Joe wants to talk about", f"“{WORDS}”")
    assert "When do we match a price?" in read(as_, cast.ceo, PATH)


def test_an_empty_title_is_refused_and_nothing_is_raised(cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north)
    answer = as_(cast.leader).post(f"/heads-ups/{row.pk}/talk/", {"title": "  "})
    assert answer.status_code == 422 and "Enter what you want to talk about." in answer.content.decode()
    assert not Issue.objects.exists() and HeadsUp.objects.unanswered().exists()


@pytest.mark.parametrize("act", ["agree", "talk"])
def test_an_answer_can_be_undone(act: str, cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north)
    client = as_(cast.leader)
    page = client.post(f"/heads-ups/{row.pk}/{act}/", {"title": "Prices"}, follow=True)
    token = token_of_undo(flat(page))
    assert "Undone." in flat(client.post("/undo/", {"token": token}, follow=True))
    assert HeadsUp.objects.unanswered().count() == 1 and not Issue.objects.exists()
    again = flat(client.post("/undo/", {"token": token}, follow=True))
    assert "nothing was undone" in again


def test_what_somebody_spoke_to_stays_on_the_agenda(cast: Cast, as_: As) -> None:
    row, meeting = make_heads_up(team=cast.north), make_meeting(team=cast.north, starts_at=NOW + DAY)
    client = as_(cast.leader)
    page = client.post(f"/heads-ups/{row.pk}/talk/", {"title": "Prices"}, follow=True)
    issue = Issue.objects.get()
    make_update(meeting=meeting, author=cast.ceo, side="ceo", section="issues", issue=issue, text="Yes.")
    client.post("/undo/", {"token": token_of_undo(flat(page))})
    assert Issue.objects.exists() and not HeadsUp.objects.unanswered().exists()


def test_the_ceo_withdraws_what_was_not_answered_yet(cast: Cast, as_: As) -> None:
    row, answered = make_heads_up(team=cast.north), make_heads_up(team=cast.north, words="Big ones first")
    agree(answered, by=cast.leader, now=NOW)
    client = as_(cast.ceo)
    client.post(f"/heads-ups/{row.pk}/withdraw/")
    client.post(f"/heads-ups/{answered.pk}/withdraw/")
    assert HeadsUp.objects.get() == answered
    assert as_(cast.leader).post(f"/heads-ups/{row.pk}/agree/").status_code == 404


def test_an_answer_after_another_one_is_refused_with_a_sentence(cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north)
    put_on_agenda(row, "Prices", by=cast.leader, now=NOW)
    page = flat(as_(cast.leader).post(f"/heads-ups/{row.pk}/agree/", follow=True))
    assert "answered in the meantime" in page and not HeadsUp.objects.get().is_agreed


def test_the_same_line_sent_twice_is_one(cast: Cast, as_: As) -> None:
    client, token = as_(cast.ceo), uuid4()
    for words in (WORDS, WORDS, "Another one"):
        client.post(PATH, {"words": words, "token": token})
    assert sorted(HeadsUp.objects.values_list("words", flat=True)) == ["Another one", WORDS]


def test_too_long_or_empty_is_refused_with_what_was_typed(cast: Cast, as_: As) -> None:
    client = as_(cast.ceo)
    assert client.post(PATH, {"words": ""}).status_code == 422
    long = client.post(PATH, {"words": "x" * 201})
    assert long.status_code == 422 and "x" * 201 in long.content.decode()
    assert not HeadsUp.objects.exists()


def test_nobody_else_reads_or_answers_it(cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north)
    for name in OTHERS:
        client = as_(getattr(cast, name))
        assert client.get(PATH).status_code in (403, 404), name
        assert client.post(PATH, {"words": "x"}).status_code in (403, 404), name
        for act in ("agree", "talk", "withdraw"):
            assert client.post(f"/heads-ups/{row.pk}/{act}/").status_code == 404, (name, act)
        assert WORDS not in client.get("/").content.decode()
    assert as_(cast.leader).post(PATH, {"words": "x"}).status_code == 403
    assert as_(cast.leader).post(f"/heads-ups/{row.pk}/withdraw/").status_code == 403
    assert as_(cast.ceo).post(f"/heads-ups/{row.pk}/agree/").status_code == 403
    assert HeadsUp.objects.unanswered().count() == 1


def test_a_successor_reads_none_of_it_and_who_left_answers_nothing(cast: Cast, as_: As) -> None:
    row = make_heads_up(team=cast.north)
    cast.north.seats.filter(user=cast.leader).update(until=NOW.date() - DAY)
    cast.north.seats.create(user=cast.second_leader, role="leader", since=NOW.date())
    assert WORDS not in read(as_, cast.second_leader, PATH)
    assert WORDS not in read(as_, cast.second_leader, "/")
    assert as_(cast.leader).post(f"/heads-ups/{row.pk}/agree/").status_code == 403
    assert as_(cast.ceo).get(PATH).status_code == 200


def test_without_a_sales_leader_nothing_can_be_left(cast: Cast, as_: As) -> None:
    cast.north.seats.filter(user=cast.leader).update(until=NOW.date() - DAY)
    assert as_(cast.ceo).post(PATH, {"words": WORDS}).status_code == 403
    assert 'name="words"' not in read(as_, cast.ceo, PATH)
    assert PATH not in read(as_, cast.ceo, "/")


def test_home_and_the_list_ask_as_often_for_fifty(
    cast: Cast, as_: As, django_assert_max_num_queries: Any
) -> None:
    for number in range(50):
        make_heads_up(team=cast.north, words=f"Line {number}")
    client = as_(cast.leader)
    with django_assert_max_num_queries(15):
        client.get("/")
    with django_assert_max_num_queries(9):
        assert client.get(PATH).status_code == 200


def test_the_emergency_admin_has_no_page_of_them() -> None:
    assert HeadsUp not in admin.site._registry


@pytest.mark.parametrize("fields", [{"answer": "agreed"}, {"answer": "never", "answered_at": NOW}])
def test_the_database_takes_no_half_answer(fields: dict[str, Any], cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_heads_up(team=cast.north, **fields)
