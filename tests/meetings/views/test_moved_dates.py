"""Why dates moved: answered together by the sales leader, or by each rep through a link."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from alignment.models import Link, Notice
from alignment.outbox.delivery import deliver_due
from deals.models import Deal, DealChange
from tests.factories import NOW, TODAY, make_deal, make_held_meeting, make_rep

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
MOVED = "/teams/north/moved/"


def pushed(cast, *, days=40, ago=2, team=None, reason="", kind="", **fields):
    team = team or cast.north
    deal = make_deal(team=team, close_date=TODAY + timedelta(days=days), **fields)
    DealChange.objects.create(
        deal=deal,
        field="close_date",
        old=f"{TODAY}",
        new=f"{deal.close_date}",
        day=TODAY - timedelta(days=ago),
        at=NOW - timedelta(days=ago),
        reason=reason,
        reason_kind=kind,
    )
    return deal


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("delegate", 200), ("ceo", 403), ("observer", 403), ("admin", 404), ("outsider", 404)],
)
def test_the_sales_leader_s_side_says_why(cast, as_, who, status):
    assert as_(getattr(cast, who)).get(MOVED).status_code == status


def test_pushes_since_the_last_meeting_without_a_reason_are_listed(cast, as_):
    make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    pushed(cast, name="Orbis hub")
    pushed(cast, name="Old news", ago=9)
    pushed(cast, name="Explained", kind="budget")
    pushed(cast, name="In words", reason="Their board")
    pushed(cast, name="Two days", days=2)
    pushed(cast, name="Decided", status="won")
    pushed(cast, name="Theirs", team=cast.south)
    page = text_of(as_(cast.leader).get(MOVED))
    assert re.findall(r'<a href="/deals/\d+/">([^<]+)</a>', page) == ["Orbis hub"]


def test_a_date_that_came_back_needs_no_reason(cast, as_):
    deal = pushed(cast)
    DealChange.objects.create(
        deal=deal, field="close_date", old=f"{deal.close_date}", new=f"{TODAY}", day=TODAY, at=NOW
    )
    assert "Every moved date has a reason" in text_of(as_(cast.leader).get(MOVED))


def test_one_reason_for_all_and_another_for_one(cast, as_):
    first, second, third = (pushed(cast, amount=Decimal(amount)) for amount in (300, 200, 100))
    answers = {"for_all": "budget", f"kind-{second.pk}": "delay", f"words-{third.pk}": "Their auditor"}
    response = as_(cast.leader).post(MOVED, answers, follow=True)
    assert "3 reasons saved." in text_of(response)
    given = {deal.pk: (deal.last_push.reason_kind, deal.last_push.reason) for deal in Deal.objects.all()}
    assert given == {
        first.pk: ("budget", ""),
        second.pk: ("delay", ""),
        third.pk: ("budget", "Their auditor"),
    }


def test_what_is_left_empty_waits(cast, as_):
    pushed(cast)
    assert "Nothing was changed." in text_of(as_(cast.leader).post(MOVED, {}, follow=True))
    assert "Ask the reps" in text_of(as_(cast.leader).get(MOVED))


def test_an_unknown_kind_is_refused(cast, as_):
    pushed(cast)
    assert as_(cast.leader).post(MOVED, {"for_all": "weather"}).status_code == 422


def test_a_rep_is_asked_about_the_three_largest_and_once(cast, as_):
    rep = make_rep(team=cast.north, name="Rita Rep", email="Rita@demo.test")
    deals = [pushed(cast, rep=rep, amount=Decimal(amount)) for amount in (100, 400, 300, 200)]
    pushed(cast, rep=make_rep(team=cast.north))
    pushed(cast)
    for _ in range(2):
        as_(cast.leader).post(f"{MOVED}ask/")
    assert set(Link.objects.values_list("thing", flat=True)) == {deal.pk for deal in deals[1:]}
    assert Notice.objects.filter(kind="moved_date").count() == 3


def test_nobody_to_ask_is_named(cast, as_):
    pushed(cast)
    assert "Nobody was asked" in text_of(as_(cast.leader).post(f"{MOVED}ask/", follow=True))


@pytest.fixture
def visitor(cast, as_):
    """The rep of one moved deal, who opened the link in the mail."""
    pushed(cast, name="Orbis hub", rep=make_rep(team=cast.north, name="Rita Rep", email="rita@demo.test"))
    as_(cast.leader).post(f"{MOVED}ask/")
    deliver_due()
    (message,) = mail.outbox
    assert message.subject == "Why did the date of Orbis hub move?"
    client = Client()
    token = re.search(r"/l/([\w-]{43})/", message.body)[1]
    client.path = client.get(f"/l/{token}/").url
    return client


def test_the_rep_answers_by_one_tap(visitor):
    page = text_of(visitor.get(visitor.path))
    assert "The buyer’s side" in page
    response = visitor.post(visitor.path, {"kind": "legal", "reason": "Procurement is on leave"}, follow=True)
    assert "Thank you, it is saved: The buyer’s side: legal or procurement." in text_of(response)
    push = Deal.objects.get().last_push
    assert (push.reason_kind, push.reason) == ("legal", "Procurement is on leave")


def test_a_tap_on_nothing_is_asked_again(visitor):
    response = visitor.post(visitor.path, {"reason": "x"})
    assert response.status_code == 422
    assert "Choose why the date moved." in text_of(response)


def test_what_the_leader_said_before_is_not_overwritten(visitor, cast, as_):
    deal = Deal.objects.get()
    as_(cast.leader).post(MOVED, {f"kind-{deal.pk}": "delay"})
    deal.changes.filter(pk=deal.last_push.pk).update(reason="Rita forgot")
    response = visitor.post(visitor.path, {"kind": "legal"})
    assert "Our side: delay." in text_of(response)
    assert "Rita forgot" not in text_of(response), "a link shows nothing that others wrote"
    assert Deal.objects.get().last_push.reason_kind == "delay"


def test_once_the_deal_is_decided_the_link_has_ended(visitor):
    Deal.objects.update(status="won")
    assert visitor.get(visitor.path).status_code == 410


def test_a_mail_that_waits_is_not_sent_once_there_is_a_reason(cast, as_):
    deal = pushed(cast, rep=make_rep(team=cast.north, email="rita@demo.test"))
    as_(cast.leader).post(f"{MOVED}ask/")
    deal.record_reason("", kind="budget", version=deal.version, now=NOW)
    deliver_due()
    assert mail.outbox == []


def test_the_list_costs_the_same_for_one_and_for_fifty(cast, as_, django_assert_num_queries):
    client, rep = as_(cast.leader), make_rep(team=cast.north)
    pushed(cast, rep=rep)
    client.get(MOVED)
    with django_assert_num_queries(8):
        client.get(MOVED)
    for _ in range(49):
        pushed(cast, rep=rep)
    with django_assert_num_queries(8):
        client.get(MOVED)
