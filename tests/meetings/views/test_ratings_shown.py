"""Who sees ratings and when: one rule on every page and in the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from alignment.models import Notice, User
from meetings.mails.recap import recap
from meetings.models import Meeting, Rating
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import NOW, make_seat, make_user

END = NOW + timedelta(minutes=30)
WEEK = timedelta(days=7)
As = Callable[[User], Client]


@pytest.fixture
def closed(cast: Cast, meeting: Meeting) -> Meeting:
    """Closed and rated by the CEO alone, who gave it a three."""
    meeting.start(by=cast.ceo, now=NOW)
    rated(meeting, cast.ceo, "ceo", 3)
    close_meeting(meeting, by=cast.ceo, now=END)
    return meeting


def rated(meeting: Meeting, user: User, role: str, score: int) -> None:
    Rating.objects.create(meeting=meeting, user=user, role=role, score=score, why="Dragged on", at=NOW)


def seen_by(user: User, meeting: Meeting, as_: As, *, at=END) -> str:
    """All that somebody can read of how good the meeting was."""
    with time_machine.travel(at, tick=False):
        client = as_(user)
        addresses = (
            f"/meetings/{meeting.pk}/",
            "/teams/north/",
            "/meetings/?show=over",
            f"/meetings/{meeting.pk}/recap/",
        )
        return " ".join(client.get(address).content.decode() for address in addresses)


def says_three(html: str) -> bool:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    return bool(re.search(r"rated it 3|CEO 3|\b3\.0\b|Dragged on", text))


def test_until_both_have_rated_a_rating_is_its_writers_alone_everywhere(
    cast: Cast, closed: Meeting, as_: As
) -> None:
    assert says_three(seen_by(cast.ceo, closed, as_))
    for reader in (cast.leader, cast.observer, cast.admin):
        assert not says_three(seen_by(reader, closed, as_)), reader


def test_once_both_have_rated_all_who_read_the_meeting_see_it(cast: Cast, closed: Meeting, as_: As) -> None:
    rated(closed, cast.leader, "leader", 9)
    for reader in (cast.leader, cast.observer):
        assert says_three(seen_by(reader, closed, as_)), reader
    assert not says_three(seen_by(cast.admin, closed, as_))


def test_a_week_later_nobody_can_rate_any_more_and_it_is_shown(cast: Cast, closed: Meeting, as_: As) -> None:
    assert says_three(seen_by(cast.leader, closed, as_, at=END + WEEK + timedelta(minutes=1)))


@pytest.mark.parametrize(("after", "shown"), [(timedelta(), False), (WEEK + timedelta(minutes=1), True)])
def test_the_recap_keeps_to_the_same_rule(cast: Cast, closed: Meeting, after: timedelta, shown: bool) -> None:
    notice = Notice.objects.get(kind="recap", to=cast.leader)
    with time_machine.travel(END + after, tick=False):
        message = recap(notice)
    assert message is not None
    assert bool(message.context["ratings"]) is shown


def test_both_ratings_stay_shown_in_session_when_a_seat_changes_hands(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    meeting.start(by=cast.ceo, now=NOW)
    rated(meeting, cast.ceo, "ceo", 3)
    rated(meeting, cast.leader, "leader", 9)
    cast.north.seats.filter(role="leader").update(until=NOW.date())
    make_seat(team=cast.north, user=make_user(name="Nora New"), role="leader", since=NOW.date())
    with time_machine.travel(END, tick=False):
        shown = as_(cast.observer).get(f"/meetings/{meeting.pk}/present/?at=closing").content.decode()
    assert "Dragged on" in shown
