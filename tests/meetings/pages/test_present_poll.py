"""“Anything new?”: one query, no body when nothing is, and nothing for who may not look."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from alignment.models import Seat, Team, User
from meetings.models import Meeting
from meetings.pages.present_poll import revision_of, token_for
from tests.factories import NOW


@pytest.fixture
def ask(client, meeting):
    def asked(user, seen="0.0", token=None, of=meeting):
        address = reverse("meetings:poll", args=[of.pk, token or token_for(user, meeting)])
        return client.get(address, {"revision": seen})

    return asked


def test_nothing_new_is_no_body_and_one_query(cast, meeting, ask, as_, django_assert_num_queries):
    client = as_(cast.ceo)
    address = reverse("meetings:poll", args=[meeting.pk, token_for(cast.ceo, meeting)])
    with django_assert_num_queries(1):
        answer = client.get(address, {"revision": "0.0"})
    assert (answer.status_code, answer.content, "sessionid" in answer.cookies) == (204, b"", False)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_move_is_new(cast, meeting, ask):
    meeting.start(by=cast.ceo, now=NOW)
    assert ask(cast.leader).json() == {"revision": "1.0"}
    assert ask(cast.leader, seen="1.0").status_code == 204


def test_a_change_of_the_teams_items_is_new(cast, meeting, ask):
    Team.objects.bump_revision(cast.north.pk)
    assert ask(cast.observer).json() == {"revision": "0.1"}


def test_what_the_page_has_seen_is_what_it_read(meeting):
    read = Meeting.objects.select_related("team").get(pk=meeting.pk)
    assert revision_of(read) == "0.0"


@pytest.mark.parametrize("token", ["x", "1-1", "1-1:aaaa:bbbb", "%F0%9F%98%80"])
def test_a_bad_token_is_not_found(cast, ask, token):
    assert ask(cast.ceo, token=token).status_code == 404


def test_a_token_is_for_one_meeting(cast, meeting, ask):
    other = Meeting.objects.create(
        team=cast.north, planned_start=NOW + timedelta(days=7), starts_at=NOW + timedelta(days=7)
    )
    assert ask(cast.ceo, of=other).status_code == 404


def test_a_token_ends_after_a_day(cast, meeting, ask):
    with time_machine.travel(NOW, tick=False):
        token = token_for(cast.ceo, meeting)
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert ask(cast.ceo, token=token).status_code == 404


def test_who_gave_up_the_seat_is_told_nothing(cast, meeting, ask):
    Seat.objects.filter(user=cast.observer).update(until="2026-11-22")
    assert ask(cast.observer).status_code == 404


def test_who_was_switched_off_is_told_nothing(cast, meeting, ask):
    User.objects.filter(pk=cast.ceo.pk).update(is_active=False)
    assert ask(cast.ceo).status_code == 404


def test_it_only_answers_to_looking(cast, meeting, client):
    address = reverse("meetings:poll", args=[meeting.pk, token_for(cast.ceo, meeting)])
    assert client.post(address).status_code == 405
