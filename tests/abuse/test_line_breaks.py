"""Line breaks in names: no mail gets another recipient or header by them, no calendar another line."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

import pytest
import vobject
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Notice, Team, User
from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import sweep
from meetings.models import Meeting
from meetings.transitions import closing
from tests.cast import Cast
from tests.factories import NOW

BREAKS = ("\r\n", "\n", "\r", "\x85", "\u2028", "%0a", "%0d%0a", "\\n", "\x0b", "\x0c", "\r\n\r\n")
SMUGGLED = "Bcc: evil@evil.example"


@pytest.fixture(params=BREAKS, ids=[ascii(each) for each in BREAKS])
def broken(request: pytest.FixtureRequest, cast: Cast, meeting: Meeting) -> Meeting:
    """A meeting of a team and people whose names hold the break and a header; written past every form."""
    name = f"North{request.param}{SMUGGLED}{request.param}X-Evil: 1"
    Team.objects.filter(pk=cast.north.pk).update(name=name)
    User.objects.filter(pk__in=[cast.leader.pk, cast.ceo.pk]).update(name=name)
    type(cast.company).objects.filter(pk=cast.company.pk).update(name=name)
    return Meeting.objects.select_related("team__company").get(pk=meeting.pk)


def lawful(mail: EmailMultiAlternatives, people: set[str]) -> bool:
    """It goes to one person of ours, and has no header that the name smuggled in, as a mail server reads it."""
    read = message_from_bytes(mail.message().as_bytes())
    smuggled = {"bcc", "cc", "x-evil"} & {name.lower() for name in read.keys()}  # noqa: SIM118 - no dict
    return not smuggled and len(mail.recipients()) == 1 and set(mail.recipients()) <= people


def test_mails_reach_exactly_whom_they_are_for(
    broken: Meeting, cast: Cast, mailoutbox: list[EmailMultiAlternatives], time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    broken.start(by=cast.ceo, now=NOW)
    closing.close_meeting(broken, by=cast.ceo, now=NOW, mail=True)
    sweep(NOW)
    deliver_due()
    people = {
        cast.ceo,
        cast.leader,
        cast.delegate,
        cast.facilitator,
        cast.observer,
        cast.second_leader,
        cast.outsider,
    }
    assert mailoutbox and not Notice.objects.filter(sent_at=None, failed_at__isnull=False).exists()
    assert not [mail for mail in mailoutbox if not lawful(mail, {person.email for person in people})]


def test_a_calendar_holds_only_lines_of_ours(broken: Meeting, cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    cast.leader.renew_calendar_token()
    feed = Client().get(f"/calendar/{cast.leader.calendar_token}.ics").content.decode()
    assert all(line and (line[0].isupper() or line[0] == " ") for line in feed.strip("\r\n").split("\r\n"))
    assert not [line for line in feed.splitlines() if line.startswith(("Bcc", "X-Evil"))]
    assert [event.dtstart.value for event in vobject.readOne(feed).vevent_list]


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/"])
@pytest.mark.parametrize("sign", ["\r\n", "\n", "%0a", "\x00", ","])
def test_an_address_with_a_break_is_refused(
    path: str, sign: str, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    email = f"{cast.ceo.email}{sign}evil@evil.example"
    answer = Client().post(path, {"email": email, "login": email, "password": "demo-password"})
    deliver_due()
    assert answer.status_code == 200 and mailoutbox == []


def test_a_header_cannot_be_smuggled_into_an_answer(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ceo)
    for path in ("/accounts/logout/", "/preferences/"):
        answer = client.post(path, {"next": "/\r\nX-Evil: 1"}, headers={"Referer": "/\r\nX-Evil: 1"})
        assert "X-Evil" not in answer.headers
