"""Where somebody is signed in, and how a browser was signed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from alignment.models import Entry, User
from alignment.sign_in import sessions
from tests.alignment.sign_in.test_mfa import signed_in
from tests.cast import Cast

As = Callable[[User], Client]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0 Safari/537.36 Edg/142.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) "
    "Version/19.0 Mobile Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (EDGE, "Edge on Mac"),
        (IPHONE, "Safari on iPhone"),
        ("curl/8", "Unknown browser"),
    ],
)
def test_a_browser_has_the_name_people_call_it(agent: str, name: str) -> None:
    assert sessions.named(agent) == name


def test_a_sign_in_is_listed_with_this_browser_first(cast: Cast) -> None:
    signed_in(cast.leader)
    client = signed_in(cast.leader)
    listed = client.get("/security/").context["browsers"]
    assert [each.here for each in listed] == [True, False]


def test_one_browser_is_signed_out(cast: Cast) -> None:
    here, there = signed_in(cast.leader), signed_in(cast.leader)
    other = next(each for each in here.get("/security/").context["browsers"] if not each.here)
    assert here.post(f"/security/sessions/{other.pk}/end/").status_code == 302
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_all_other_browsers_are_signed_out_and_it_is_noted(cast: Cast) -> None:
    here, *others = [signed_in(cast.leader) for _ in range(3)]
    here.post("/security/sessions/end/")
    assert [client.get("/").status_code for client in (here, *others)] == [200, 302, 302]
    assert Entry.objects.get(what="sessions.ended").new == "2"


def test_nobody_ends_somebody_elses_session(cast: Cast, as_: As) -> None:
    there = signed_in(cast.leader)
    row = UserSession.objects.get()
    assert as_(cast.ceo).post(f"/security/sessions/{row.pk}/end/").status_code == 404
    assert there.get("/").status_code == 200


def test_an_admin_signs_a_person_out_everywhere(cast: Cast, as_: As) -> None:
    there = signed_in(cast.leader)
    as_(cast.admin).post(f"/setup/demo/people/{cast.leader.pk}/sessions/end/")
    assert there.get("/").status_code == 302
    assert Entry.objects.get(what="sessions.ended").company == cast.company


def test_a_new_password_signs_the_others_out_and_keeps_this_one(cast: Cast) -> None:
    here, there = signed_in(cast.leader), signed_in(cast.leader)
    new = {"oldpassword": "demo-password", "password1": "a-longer-word-7", "password2": "a-longer-word-7"}
    here.post("/accounts/password/change/", new)
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_a_deactivated_person_is_out_at_once(cast: Cast) -> None:
    client = signed_in(cast.leader)
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_a_session_gets_another_name_when_somebody_signs_in_or_out(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    client.post("/accounts/login/", {"login": cast.leader.email, "password": "demo-password"})
    within = client.session.session_key
    client.post("/accounts/logout/")
    assert within not in (before, client.session.session_key)
    assert not Session.objects.filter(session_key=within).exists()


def test_being_seen_is_noted_once_an_hour_and_costs_nothing_else(
    cast: Cast, time_machine: Any, django_assert_num_queries: Any
) -> None:
    time_machine.move_to("2026-11-23 08:00Z", tick=False)
    client = signed_in(cast.leader)
    with django_assert_num_queries(2):
        client.get("/accounts/2fa/")
    time_machine.move_to("2026-11-23 09:01Z", tick=False)
    client.get("/accounts/2fa/", REMOTE_ADDR="10.1.2.3")
    seen = UserSession.objects.get()
    assert (seen.ip, f"{seen.last_seen_at:%H:%M}") == ("10.1.2.3", "09:01")
    with django_assert_num_queries(2):
        client.get("/accounts/2fa/")


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_costs_the_same_with_many_browsers(
    cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.leader)
    for each in range(number):
        UserSession.objects.create(user=cast.leader, session_key=f"{each:032}", ip="10.0.0.1")
    with django_assert_num_queries(5):
        assert client.get("/security/").status_code == 200
