"""/calendar/: one's private address, and whether invitations come by mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from alignment.models import User
from meetings.models import CalendarInvite
from tests.cast import Cast
from tests.factories import NOW
from tests.sweep import run_step

As = Callable[[User], Client]


def test_there_is_no_address_until_it_is_asked_for(cast: Cast, as_: As) -> None:
    client = as_(cast.leader)
    assert "Create link" in client.get("/calendar/").content.decode()
    client.post("/calendar/renew/")
    cast.leader.refresh_from_db()
    page = client.get("/calendar/").content.decode()
    path = f"{settings.BASE_URL.partition('://')[2]}/calendar/{cast.leader.calendar_token}.ics"
    assert f'value="{settings.BASE_URL.partition("://")[0]}://{path}"' in page
    assert f'href="webcal://{path}"' in page


def test_each_address_is_another_and_long(cast: Cast) -> None:
    seen = set()
    for _ in range(50):
        cast.leader.renew_calendar_token()
        seen.add(cast.leader.calendar_token)
    assert len(seen) == 50
    assert {len(token) for token in seen if token} == {43}


def test_the_page_shows_nobody_elses_address_and_is_stored_nowhere(cast: Cast, as_: As) -> None:
    cast.leader.renew_calendar_token()
    response = as_(cast.ceo).get("/calendar/")
    assert str(cast.leader.calendar_token) not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_removing_the_address_closes_the_feed(cast: Cast, as_: As) -> None:
    cast.leader.renew_calendar_token()
    old = cast.leader.calendar_token
    as_(cast.leader).post("/calendar/stop/")
    assert Client().get(f"/calendar/{old}.ics").status_code == 404
    assert "Create link" in as_(cast.leader).get("/calendar/").content.decode()


def test_invitations_by_mail_are_turned_off_and_on(cast: Cast, as_: As) -> None:
    run_step("calendar invitations", NOW)
    mine = CalendarInvite.objects.live().filter(seat__user=cast.leader)
    for choice, told, live in (("no", "Send me invitations", 0), ("yes", "Stop invitations", 1)):
        page = as_(cast.leader).post("/calendar/mail/", {"invitations": choice}, follow=True).content.decode()
        assert told in page
        assert mine.count() == live


def test_an_answer_that_is_none_changes_nothing(cast: Cast, as_: As) -> None:
    as_(cast.leader).post("/calendar/mail/", {"invitations": "perhaps"})
    cast.leader.refresh_from_db()
    assert cast.leader.calendar_mail


@pytest.mark.parametrize("path", ["renew", "stop", "mail"])
def test_changes_are_made_by_post_alone(cast: Cast, as_: As, path: str) -> None:
    assert as_(cast.leader).get(f"/calendar/{path}/").status_code == 405


def test_the_page_costs_no_query_of_its_own(cast: Cast, as_: As, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = as_(cast.leader)
    with django_assert_max_num_queries(3):
        client.get("/calendar/")
