"""With a person erased their answers go; the other keeps their own, and no admin is told how many there were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client

from alignment.erasure.erase import forget, preview_erasure
from meetings.models import CheckIn, CheckInAnswer, Meeting
from tests.cast import Cast
from tests.factories import NOW, full_answer, make_check_in, make_held_meeting
from tests.html import flat

As = Callable[[Any], Client]


@pytest.fixture
def held(cast: Cast) -> Meeting:
    return make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))


def test_their_answers_go_and_the_other_reads_that(cast: Cast, held: Meeting, as_: As) -> None:
    make_check_in(
        meeting=held,
        guessed="plan",
        ceo=full_answer(sentence="Ask Joe Keller again."),
        leader=full_answer(sentence="Mine.", plan=1),
    )
    cast.north.seats.filter(role="leader").update(until=NOW.date())
    assert not forget(cast.leader, by=None, now=NOW)
    row = CheckInAnswer.objects.get()
    assert row.user == cast.ceo and "Joe" not in row.sentence
    page = unescape(flat(as_(cast.ceo).get(f"/meetings/{held.pk}/check-in/")))
    assert "was erased with the account" in page and "Mine." not in page
    assert "answer was erased" in unescape(flat(as_(cast.ceo).get("/teams/north/check-in/")))


def test_what_would_go_names_no_check_in(cast: Cast, held: Meeting) -> None:
    before = preview_erasure(cast.leader)
    make_check_in(meeting=held, ceo={}, leader={})
    assert preview_erasure(cast.leader) == before


def test_the_emergency_admin_has_no_page_of_them() -> None:
    assert CheckIn not in admin.site._registry
    assert CheckInAnswer not in admin.site._registry


@pytest.mark.parametrize(
    "fields",
    [{"plan": 3}, full_answer(guess=None), full_answer(deals=6), full_answer(plan=0), {"tap": "maybe"}],
)
def test_the_database_takes_no_half_answer(fields: dict[str, Any], cast: Cast, held: Meeting) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_check_in(meeting=held, ceo=fields)
