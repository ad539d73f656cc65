"""The mail after a change of how somebody signs in, word for word."""

import re

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Entry, Notice
from alignment.outbox.delivery import deliver_due
from alignment.outbox.notice_kinds import KINDS
from alignment.sign_in import security_alerts
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import NOW


@pytest.mark.parametrize(
    ("name", "what", "helped"), [("own", "totp_activated", False), ("helped", "factors_removed", True)]
)
def test_the_words(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives], name: str, what: str, helped: bool
) -> None:
    with time_machine.travel(NOW, tick=False):
        security_alerts.alert(what, cast.leader, by=cast.admin if helped else cast.leader, now=NOW)
        deliver_due()
    same_as_golden(f"security-{name}", mailoutbox[0])


def test_the_words_for_a_forgotten_password(cast: Cast, mailoutbox: list[EmailMultiAlternatives]) -> None:
    with time_machine.travel(NOW, tick=False):
        Client().post("/accounts/password/reset/", {"email": cast.leader.email})
        deliver_due()
    mailoutbox[0].body = re.sub(r"/key/[^/\s]+/", "/key/TOKEN/", str(mailoutbox[0].body))
    same_as_golden("new_password-asked", mailoutbox[0])


@pytest.mark.parametrize("what", sorted(security_alerts.EVENTS))
def test_each_change_is_told_and_noted_and_cannot_be_turned_off(cast: Cast, what: str) -> None:
    security_alerts.alert(what, cast.leader, by=cast.leader, now=NOW)
    assert Notice.objects.get().kind == "security" and Entry.objects.count() == 1
    assert KINDS["security"].group == "always" and not KINDS["security"].waits
