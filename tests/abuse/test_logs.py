"""What the logs hold: nobody's secrets or words, and no line that a visitor wrote."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.outbox.delivery import deliver_due
from tests.abuse.test_signing_in import link_for, set_new, tried
from tests.alignment.sign_in.test_mfa import code_of, set_up, signed_in
from tests.cast import Cast

SECRET = "a-word-nobody-may-read-7"


def test_no_secret_of_signing_in_is_logged(
    cast: Cast, log: io.StringIO, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    tried(cast.ceo.email, SECRET)
    link = link_for(cast.ceo, mailoutbox)
    set_new(link, SECRET)
    client = Client()
    tried(cast.ceo.email, SECRET, client=client)
    secret = set_up(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    cookie, token = client.cookies["sessionid"].value, link.rstrip("/").rpartition("-")[2]
    told = log.getvalue()
    assert told and not [
        each for each in (SECRET, secret, cookie, token, django_settings.SECRET_KEY) if each in told
    ]


def test_no_word_of_a_meeting_is_logged(
    cast: Cast, meeting: Any, log: io.StringIO, stage: dict[str, Any]
) -> None:
    client = signed_in(cast.leader)
    client.post(
        f"/meetings/{meeting.pk}/update/",
        {"section": "revenue", "side": "leader", "text": SECRET, "version": "0"},
    )
    client.post("/issues/new/", {"title": SECRET, "section": "issues"})
    client.post("/issues/new/", {"title": SECRET, "section": "no such"})
    client.get("/issues/", {"q": SECRET})
    client.get(f"/nowhere/{SECRET}/")
    deliver_due()
    assert SECRET not in log.getvalue()


def test_a_calendars_address_is_not_logged(cast: Cast, log: io.StringIO) -> None:
    cast.leader.renew_calendar_token()
    Client().get(f"/calendar/{cast.leader.calendar_token}.ics")
    Client().get(f"/calendar/{cast.leader.calendar_token}x.ics")
    assert str(cast.leader.calendar_token) not in log.getvalue()


@pytest.mark.parametrize(
    "forged", ['\n{"level": "forged"}', '\r\n{"level": "forged"}', '\u2028{"level": "forged"}']
)
def test_every_line_is_one_of_ours(forged: str, cast: Cast, log: io.StringIO) -> None:
    client = Client()
    client.get(
        f"/nowhere{forged}/", headers={"User-Agent": forged, "X-Request-ID": forged, "Referer": forged}
    )
    client.get("/", headers={"Host": "evil.example"})
    tried(f"a{forged}@demo.test", forged)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert lines and not [line for line in lines if line["level"] == "forged"]
