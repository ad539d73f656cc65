"""Who holds a seat reads all of a team's meetings; who held one those that took place while they did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.test import Client

from alignment.models import User
from meetings.models import Meeting, Record
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_held_meeting, make_initiative, make_meeting, make_seat, make_user

As = Callable[[User], Client]
WEEK = timedelta(days=7)


def leave(user: User, cast: Cast, *, since: date, until: date) -> None:
    cast.north.seats.filter(user=user).update(since=since, until=until)


def test_the_same_meetings_in_the_database_and_one_by_one(cast: Cast) -> None:
    """Also at the edges of a day, in a zone far from UTC."""
    cast.north.timezone = "Pacific/Auckland"
    cast.north.save()
    made = [
        make_held_meeting(team=cast.north, starts_at=datetime(2026, 11, day, hour, minute, tzinfo=UTC))
        for day, (hour, minute) in product((9, 10, 16), ((10, 59), (11, 0), (23, 30)))
    ]
    make_meeting(team=cast.north, starts_at=datetime(2026, 11, 12, 8, tzinfo=UTC))
    former = make_user(name="Fay Former")
    make_seat(
        team=cast.north, user=former, role="observer", since=date(2026, 11, 10), until=date(2026, 11, 11)
    )
    for user in (cast.ceo, cast.observer, former, cast.admin, cast.outsider):
        fresh = Meeting.objects.select_related("team__company")
        one_by_one = {meeting.pk for meeting in fresh if meeting.can_read(user)}
        assert set(Meeting.objects.read_by(user).values_list("pk", flat=True)) == one_by_one, user
    seen = list(Meeting.objects.visible_to(former).in_order().values_list("starts_at", flat=True))
    assert seen == [meeting.starts_at for meeting in made if meeting.starts_at in seen]
    local = {cast.north.today(start) for start in seen}
    assert local == {date(2026, 11, 10), date(2026, 11, 11)}


@pytest.mark.parametrize("path", ["", "recap/"])
def test_who_had_a_seat_opens_what_took_place_meanwhile_and_nothing_later(
    cast: Cast, as_: As, path: str
) -> None:
    for back in (3, 2, 1):
        make_held_meeting(team=cast.north, starts_at=NOW - back * WEEK)
    before, meanwhile, after = Meeting.objects.filter(team=cast.north, state="held").in_order()
    ahead = Meeting.objects.ahead().first() or make_meeting(team=cast.north, starts_at=NOW + WEEK)
    leave(cast.observer, cast, since=TODAY - 2 * WEEK, until=TODAY - 2 * WEEK)
    with time_machine.travel(NOW, tick=False):
        client = as_(cast.observer)
        answers = {
            meeting.pk: client.get(f"/meetings/{meeting.pk}/{path}").status_code
            for meeting in (before, meanwhile, after, ahead)
        }
    assert answers == {before.pk: 404, meanwhile.pk: 200, after.pk: 404, ahead.pk: 404}


def test_the_parts_for_the_two_are_closed_to_those_who_were_the_two(
    cast: Cast, meeting: Meeting, as_: As
) -> None:
    make_initiative(team=cast.north, title="Save Casey", kind="rep")
    meeting.start(by=cast.ceo, now=NOW)
    close_meeting(meeting, by=cast.ceo, now=NOW, mail=False)
    leave(cast.ceo, cast, since=TODAY - WEEK, until=TODAY)
    with time_machine.travel(NOW + WEEK, tick=False):
        answer = as_(cast.ceo).get(f"/meetings/{meeting.pk}/")
        assert (answer.status_code, "Save Casey" in answer.text) == (200, False)
        assert as_(cast.ceo).post(f"/meetings/{meeting.pk}/reopen/", {"why": "x"}).status_code == 403
        assert "Reopen" not in answer.text
    assert set(Record.objects.visible_to(cast.ceo)) == set(meeting.records.all())
