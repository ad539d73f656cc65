"""The owner of a key client is asked by a personal link, and answers without an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from alignment.models import Link, Notice
from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import sweep
from deals.models import FollowUp, Risk, Touch
from tests.factories import NOW, TODAY, make_account, make_deal, make_follow_up, make_rep

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
SAID = "They want a second plant"


@pytest.fixture
def rep(cast):
    return make_rep(team=cast.north, name="Rita Rep", email="Rita@demo.test")


@pytest.fixture
def client_row(cast, rep):
    account = make_account(company=cast.company, name="Orbis")
    return make_follow_up(team=cast.north, account=account, owner=rep)


def asked():
    sweep(NOW)
    deliver_due()
    return [message for message in mail.outbox if "rita@demo.test" in message.to]


def opened(message):
    visitor = Client()
    token = re.search(r"/l/([\w-]{43})/", message.body)[1]
    response = visitor.get(f"/l/{token}/")
    return visitor, response.url


def answer_of(page, colour="green"):
    text = page.content.decode()
    return {
        "token": re.search(r'name="token" value="([^"]+)"', text)[1],
        "day": f"{TODAY}",
        "client_said": SAID,
        "colour": colour,
    }


def test_asked_by_mail_the_owner_answers_in_one_line_and_a_colour(cast, client_row):
    (message,) = asked()
    assert message.subject == "What does Orbis say?"
    assert message.reply_to == [cast.leader.email]
    visitor, path = opened(message)
    page = visitor.get(path)
    assert "Orbis" in page.content.decode()
    assert visitor.post(path, answer_of(page)).url == path
    touch = Touch.objects.get()
    assert (touch.follow_up, touch.client_said, touch.colour, touch.by, touch.by_name) == (
        client_row,
        SAID,
        "green",
        None,
        "Rita Rep",
    )
    assert "Thank you, it is saved" in visitor.get(path).content.decode()
    assert Link.objects.get().opened_at == NOW


def test_the_answer_can_be_corrected_the_same_day(cast, client_row):
    visitor, path = opened(asked()[0])
    visitor.post(path, answer_of(visitor.get(path)))
    visitor.post(path, answer_of(visitor.get(path), "red"))
    assert Touch.objects.get().colour == "red"
    assert Risk.objects.get().account == client_row.account


def test_without_a_colour_nothing_is_taken(client_row):
    visitor, path = opened(asked()[0])
    answer = answer_of(visitor.get(path))
    del answer["colour"]
    response = visitor.post(path, answer)
    assert response.status_code == 422
    assert "Choose a colour." in response.content.decode()
    assert SAID in response.content.decode()


def test_the_page_shows_nothing_of_others(cast, client_row):
    deal = make_deal(team=cast.north, name="Secret deal", account=client_row.account)
    visitor, path = opened(asked()[0])
    text = visitor.get(path).content.decode()
    assert deal.name not in text
    assert "<nav" not in text
    assert "Joe Keller of Demo sent this page to Rita Rep" in text
    response = visitor.get(path)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert visitor.get("/deals/").status_code == 302
    assert visitor.get("/teams/north/clients/").status_code == 302


def test_a_change_without_the_csrf_token_is_refused(client_row):
    visitor, path = opened(asked()[0])
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    assert strict.post(path, answer_of(visitor.get(path))).status_code == 403
    assert not Touch.objects.exists()


def test_off_the_list_the_page_has_ended(cast, client_row):
    visitor, path = opened(asked()[0])
    client_row.end(by=cast.leader, now=NOW)
    response = visitor.get(path)
    assert response.status_code == 410
    assert "This link has ended" in response.content.decode()


def test_the_owner_is_asked_once_and_reminded_once_after_a_week(client_row, time_machine):
    assert len(asked()) == 1
    for days, mails in ((1, 1), (6, 1), (7, 2), (8, 2), (30, 2)):
        time_machine.move_to(NOW + timedelta(days=days, hours=1), tick=False)
        sweep(NOW + timedelta(days=days, hours=1))
        deliver_due()
        assert len([message for message in mail.outbox if "rita@demo.test" in message.to]) == mails
    assert Link.objects.count() == 1


def test_an_answer_ends_the_reminders(cast, client_row, time_machine):
    visitor, path = opened(asked()[0])
    visitor.post(path, answer_of(visitor.get(path)))
    sweep(NOW + timedelta(days=8))
    assert Notice.objects.filter(kind="key_client").count() == 1


def test_a_mail_that_waits_is_not_sent_once_the_client_was_spoken_to(cast, client_row):
    sweep(NOW)
    client_row.schedule(TODAY)
    deliver_due()
    notice = Notice.objects.get(kind="key_client")
    assert notice.state == "closed"


@pytest.mark.parametrize("email", ["", "Rita@demo.test"])
def test_nobody_is_asked_before_the_day_or_without_an_address(cast, email):
    rep = make_rep(team=cast.north, email=email)
    due = TODAY if not email else TODAY + timedelta(days=1)
    make_follow_up(team=cast.north, owner=rep, due_on=due)
    make_follow_up(team=cast.north)
    assert asked() == []


def test_one_owner_is_asked_about_three_clients_a_day(cast, rep, time_machine):
    for number in range(5):
        make_follow_up(team=cast.north, owner=rep, due_on=TODAY - timedelta(days=number))
    assert len(asked()) == 3
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    sweep(NOW + timedelta(days=1))
    assert Notice.objects.filter(kind="key_client").count() == 5


def test_an_address_that_refuses_mail_gets_none(cast, client_row, time_machine):
    sweep(NOW)
    Notice.objects.filter(kind="key_client").update(refused=True, failed_at=NOW)
    sweep(NOW + timedelta(days=7))
    assert Notice.objects.filter(kind="key_client").count() == 1


def test_a_team_without_a_leader_asks_in_the_name_of_the_ceo(cast, client_row):
    cast.north.seats.filter(role="leader").update(until=TODAY - timedelta(days=1))
    sweep(NOW)
    assert Link.objects.get().asked_by == cast.ceo


def test_a_team_that_has_ended_asks_nobody(cast, client_row):
    type(cast.north).objects.filter(pk=cast.north.pk).update(ends_on=TODAY - timedelta(days=1))
    sweep(NOW)
    assert not Link.objects.exists()


def test_of_two_reps_who_are_one_the_one_is_asked(cast, rep, client_row):
    known = make_rep(team=cast.north, name="Rita Reppe", email="reppe@demo.test")
    type(rep).objects.filter(pk=rep.pk).update(joined_into=known, joined_at=NOW)
    sweep(NOW)
    assert Link.objects.get().email == "reppe@demo.test"


@pytest.mark.parametrize("is_given_away", [True, False])
def test_the_link_of_an_earlier_owner_has_ended(cast, client_row, is_given_away):
    (message,) = asked()
    visitor, path = opened(message)
    data = answer_of(visitor.get(path))
    other = make_rep(team=cast.north, name="Otto Next", email="otto@demo.test") if is_given_away else None
    FollowUp.objects.filter(pk=client_row.pk).update(owner=other)
    assert [visitor.get(path).status_code, visitor.post(path, data).status_code] == [410, 410]
    assert not Touch.objects.exists()
