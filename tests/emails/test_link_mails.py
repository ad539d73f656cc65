"""The words of mails with a personal link; they are silent once somebody answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives

from alignment.models import Notice
from alignment.outbox.notice_kinds import KINDS
from alignment.sweep.run import sweep
from deals.models import DealChange, FollowUp
from meetings.models import Measure
from meetings.moved_dates.queries import find_moved_deals
from meetings.moved_dates.requests import ask_reps
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_deal,
    make_follow_up,
    make_measure,
    make_point,
    make_rep,
)


@pytest.fixture
def client(cast: Cast) -> FollowUp:
    rep = make_rep(team=cast.north, name="Rita Rep", email="rita@demo.test")
    account = make_account(company=cast.company, name="Orbis Logistics")
    row = make_follow_up(team=cast.north, account=account, owner=rep)
    with time_machine.travel(NOW, tick=False):
        sweep(NOW)
    return row


def written() -> EmailMultiAlternatives | None:
    with time_machine.travel(NOW, tick=False):
        mail = KINDS["key_client"].write(Notice.objects.get(kind="key_client"))
    assert mail is None or isinstance(mail, EmailMultiAlternatives)
    return mail


@pytest.mark.parametrize("name", ["key_client", "key_client-again"])
def test_the_words_of(name: str, client: FollowUp) -> None:
    Notice.objects.filter(kind="key_client").update(payload={"due": f"{TODAY}", "again": "again" in name})
    mail = written()
    assert mail is not None
    mail.body = re.sub(r"/l/[\w-]{43}/", "/l/TOKEN/", str(mail.body))
    same_as_golden(name, mail)


def written_measure() -> EmailMultiAlternatives | None:
    with time_machine.travel(NOW, tick=False):
        mail = KINDS["measure"].write(Notice.objects.get(kind="measure"))
    assert mail is None or isinstance(mail, EmailMultiAlternatives)
    return mail


@pytest.fixture
def measure(cast: Cast) -> Measure:
    rep = make_rep(team=cast.north, name="Rita Rep", email="rita@demo.test")
    row = make_measure(team=cast.north, name="Plant visits", rep=rep)
    with time_machine.travel(NOW, tick=False):
        sweep(NOW)
    return row


def test_the_words_of_a_number_each_week(measure: Measure) -> None:
    mail = written_measure()
    assert mail is not None
    mail.body = re.sub(r"/l/[\w-]{43}/", "/l/TOKEN/", str(mail.body))
    same_as_golden("measure", mail)


def test_it_is_silent_once_the_number_is_in(measure: Measure) -> None:
    make_point(measure=measure, period=TODAY - timedelta(days=7), value=3)
    assert written_measure() is None


def test_it_is_silent_once_the_week_is_no_longer_the_last(measure: Measure) -> None:
    Notice.objects.update(payload={"week": f"{TODAY - timedelta(days=14)}"})
    assert written_measure() is None


def test_it_is_silent_once_the_measure_has_ended(cast: Cast, measure: Measure) -> None:
    measure.end(by=cast.leader, now=NOW)
    assert written_measure() is None


def test_it_is_silent_once_the_client_was_spoken_to(client: FollowUp) -> None:
    client.schedule(TODAY)
    assert written() is None


def test_it_is_silent_once_the_client_is_off_the_list(cast: Cast, client: FollowUp) -> None:
    client.end(by=cast.leader, now=NOW)
    assert written() is None


def test_it_is_in_nobody_s_outbox_to_read(client: FollowUp) -> None:
    assert KINDS["key_client"].sealed


def test_the_words_of_the_mail_about_a_moved_date(cast: Cast) -> None:
    rep = make_rep(team=cast.north, name="Rita Rep", email="rita@demo.test")
    account = make_account(company=cast.company, name="Orbis Logistics")
    deal = make_deal(
        team=cast.north, name="Orbis hub", account=account, rep=rep, close_date=TODAY + timedelta(days=60)
    )
    old, new = f"{TODAY}", f"{deal.close_date}"
    with time_machine.travel(NOW, tick=False):
        DealChange.objects.create(deal=deal, field="close_date", old=old, new=new, day=TODAY, at=NOW)
        ask_reps(cast.north, find_moved_deals(cast.north, NOW), by=cast.leader, now=NOW)
        mail = KINDS["moved_date"].write(Notice.objects.get(kind="moved_date"))
    assert isinstance(mail, EmailMultiAlternatives)
    mail.body = re.sub(r"/l/[\w-]{43}/", "/l/TOKEN/", str(mail.body))
    same_as_golden("moved_date", mail)
