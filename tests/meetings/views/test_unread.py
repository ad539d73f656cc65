"""Only what changed since the reader last read: one tap, and only the button moves the mark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import ReadMark, mark_all_read
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import NOW, make_commitment, make_held_meeting, make_initiative, make_risk, make_update

As = Callable[[Any], Client]
DAY = timedelta(days=1)
READ = NOW - 2 * DAY


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def old(**times: Any) -> dict[str, Any]:
    return {"created_at": NOW - 30 * DAY, "changed_at": NOW - 30 * DAY} | times


@pytest.fixture
def page(cast: Cast, meeting: Meeting, as_: As) -> Callable[..., str]:
    """A page of somebody who read everything two days ago; the last meeting was a week ago."""
    make_held_meeting(team=cast.north, starts_at=NOW - 7 * DAY)
    for user in (cast.ceo, cast.leader):
        mark_all_read(user, cast.north, READ)

    def opened(user: Any, query: str = "?changed=1") -> str:
        return " ".join(as_(user).get(f"/meetings/{meeting.pk}/{query}").content.decode().split())

    return opened


def test_only_rows_later_than_the_mark_are_on_it(cast: Cast, page: Callable[..., str]) -> None:
    make_risk(team=cast.north, name="Hollis", **old(changed_at=READ + DAY))
    make_risk(team=cast.north, name="Quill", **old(changed_at=READ - DAY))
    assert "Hollis" in page(cast.ceo) and "Quill" not in page(cast.ceo)
    assert "Hollis" in page(cast.ceo, "") and "Quill" in page(cast.ceo, "")
    assert 'Changed since you last read <b class="num">1</b>' in page(cast.ceo, "")


def test_what_the_other_side_wrote_is_new_and_what_ones_own_wrote_is_not(
    cast: Cast, meeting: Meeting, page: Callable[..., str]
) -> None:
    risk = make_risk(team=cast.north, name="Hollis", **old())
    make_update(
        meeting=meeting, author=cast.leader, risk=risk, section="risks", text="They sign.", changed_at=NOW
    )
    make_update(meeting=meeting, author=cast.leader, text="Two slipped.", changed_at=NOW)
    assert all(words in page(cast.ceo) for words in ("Hollis", "They sign.", "Two slipped."))
    assert "Nothing has changed since you last read." in page(cast.leader)


def test_a_commitment_made_or_done_since_is_new(cast: Cast, page: Callable[..., str]) -> None:
    made = {"team": cast.north, "owner": cast.leader}
    make_commitment(text="Call Brandt", created_at=READ + DAY, **made)
    make_commitment(text="Visit Carver", created_at=READ - DAY, **made)
    make_commitment(text="Send the offer", created_at=READ - 9 * DAY, done_at=READ + DAY, **made)
    assert "Call Brandt" in page(cast.ceo) and "Send the offer" in page(cast.ceo)
    assert "Visit Carver" not in page(cast.ceo)


def test_before_the_first_mark_what_is_new_begins_at_the_last_meeting(
    cast: Cast, page: Callable[..., str]
) -> None:
    make_risk(team=cast.north, name="Hollis", **old(changed_at=NOW - 6 * DAY))
    make_risk(team=cast.north, name="Quill", **old(changed_at=NOW - 8 * DAY))
    assert "Hollis" in page(cast.observer) and "Quill" not in page(cast.observer)


def test_opening_the_page_moves_no_mark_and_the_button_does(
    cast: Cast, meeting: Meeting, as_: As, page: Callable[..., str]
) -> None:
    make_risk(team=cast.north, name="Hollis", **old(changed_at=NOW))
    assert f'action="/meetings/{meeting.pk}/read/"' in page(cast.ceo)
    assert ReadMark.objects.state_of(cast.ceo, cast.north).up_to == READ
    answer = as_(cast.ceo).post(f"/meetings/{meeting.pk}/read/")
    assert answer.headers["Location"] == f"/meetings/{meeting.pk}/"
    assert "Nothing has changed since you last read." in page(cast.ceo)


def test_a_reps_plan_is_new_to_its_two_readers_alone(cast: Cast, page: Callable[..., str]) -> None:
    make_initiative(team=cast.north, title="Saving Ira", kind="rep", **old(changed_at=NOW))
    assert "Saving Ira" in page(cast.ceo)
    assert "Saving Ira" not in page(cast.observer)
