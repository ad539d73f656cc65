"""Mails about an account, word for word; each has one link, and closes itself when its reason is gone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import AddressChange, Group, Invite, Notice
from alignment.outbox.delivery import deliver_due
from alignment.outbox.notice_kinds import KINDS
from alignment.people import invitations, membership
from alignment.sign_in import email_change
from tests.cast import Cast
from tests.emails.golden_files import GOLDEN, same_as_golden
from tests.factories import NOW, make_invited

KINDS_OF_ACCOUNT = ("invite", "new_password", "new_address", "address_taken", "address_changed")


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def owed(cast: Cast, kind: str) -> None:
    if kind == "invite":
        person = make_invited(company=cast.company, email="eva@new.test", name="Eva Lund")
        invitations.resend(Invite.objects.get(user=person), by=cast.admin, now=NOW)
    elif kind == "new_password":
        membership.send_password(cast.leader, cast.company, by=cast.admin, now=NOW)
    elif kind == "address_taken":
        email_change.request_change(cast.leader, "ceo@demo.test", now=NOW)
    else:
        email_change.request_change(cast.leader, "joe@new.test", now=NOW)
    if kind == "address_changed":
        email_change.confirm(AddressChange.objects.get(), now=NOW)


def sent(cast: Cast, kind: str, mails: list[EmailMultiAlternatives]) -> EmailMultiAlternatives:
    owed(cast, kind)
    deliver_due()
    assert Notice.objects.get(kind=kind).sent_at == NOW
    return mails[-1]


@pytest.mark.parametrize("kind", KINDS_OF_ACCOUNT)
def test_the_words(cast: Cast, kind: str, mailoutbox: list[EmailMultiAlternatives]) -> None:
    mail = sent(cast, kind, mailoutbox)
    mail.body = re.sub(r"/(invitation|address|key)/[^/\s]+/", r"/\1/TOKEN/", str(mail.body))
    same_as_golden(kind, mail)


@pytest.mark.parametrize("kind", KINDS_OF_ACCOUNT)
def test_there_is_one_thing_to_do(cast: Cast, kind: str, mailoutbox: list[EmailMultiAlternatives]) -> None:
    html = str(sent(cast, kind, mailoutbox).alternatives[0].content)
    links = re.findall(r'href="([^"]*)"', html)
    assert len(links) == 1 and links[0] in mailoutbox[-1].body
    assert (GOLDEN / f"{kind}.txt").exists()


@pytest.mark.parametrize("kind", KINDS_OF_ACCOUNT)
def test_it_cannot_be_turned_off_and_nobody_else_opens_it(kind: str) -> None:
    assert KINDS[kind].group == Group.ALWAYS and KINDS[kind].has_words and not KINDS[kind].chats


def test_a_revoked_invitation_is_not_mailed(cast: Cast, mailoutbox: list[EmailMultiAlternatives]) -> None:
    owed(cast, "invite")
    Invite.objects.update(revoked_at=NOW)
    assert deliver_due() == {"closed": 1} and not mailoutbox


def test_a_mail_server_down_for_a_week_sends_no_dead_link(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    owed(cast, "invite")
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        assert deliver_due() == {"closed": 1} and not mailoutbox


def test_an_address_taken_back_gets_no_mail(cast: Cast, mailoutbox: list[EmailMultiAlternatives]) -> None:
    owed(cast, "new_address")
    email_change.cancel(cast.leader)
    assert deliver_due() == {"closed": 1} and not mailoutbox
