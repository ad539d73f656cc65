"""Personal links: one thing, one person, a session of its own, and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.links.kinds import KINDS, LinkKind
from alignment.links.sending import refused_addresses, renew_link, send_link
from alignment.links.tokens import url_for
from alignment.models import Link, Notice
from alignment.outbox.delivery import deliver_due
from alignment.outbox.notice_kinds import KINDS as NOTICE_KINDS
from alignment.outbox.notice_kinds import notice_type
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
THINGS = {7: "Orbis"}


@pytest.fixture(autouse=True)
def riddle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of link to a thing that needs no table."""

    def titles_of(things):
        return {thing: THINGS[thing] for thing in things if thing in THINGS}

    kind = LinkKind("riddle", "Riddle", "alignment:link_opened", titles_of)
    monkeypatch.setitem(KINDS, "riddle", kind)

    @notice_type("riddle", waits=False, sealed=True)
    def riddle_mail(notice: Notice) -> EmailMultiAlternatives | None:
        assert notice.link is not None
        url = url_for(notice.link)
        return EmailMultiAlternatives("A riddle", url, to=[notice.link.email]) if url else None

    yield
    NOTICE_KINDS.pop("riddle")


@pytest.fixture
def link(cast):
    return sent(cast)


def sent(cast, **fields):
    values = {
        "name": "Rita Rep",
        "email": "Rita@Demo.test",
        "notice": "riddle",
        "about": "1",
        "payload": {},
        "now": NOW,
    }
    return send_link("riddle", 7, company=cast.company, by=cast.leader, **values | fields)


def path_of(link):
    return url_for(link).removeprefix("http://testserver").removeprefix("http://127.0.0.1:8000")


def visitor_of(link):
    client = Client()
    assert client.get(path_of(link)).status_code == 302
    return client


def test_the_mail_goes_to_the_person_and_its_token_is_stored_nowhere(cast, link):
    deliver_due()
    (message,) = mail.outbox
    token = message.body.rstrip("/").rpartition("/")[2]
    assert message.to == ["rita@demo.test"]
    assert len(token) == 43
    stored = [str(list(rows.values())) for rows in (Link.objects.all(), Notice.objects.all())]
    assert token not in "".join(stored)


def test_opening_it_exchanges_the_token_for_a_session_of_that_thing_alone(link):
    response = Client().get(path_of(link))
    assert response.url == f"/l/{link.pk}/opened/"
    cookie = response.cookies[f"link-{link.pk}"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        f"/l/{link.pk}/",
        True,
        "Lax",
        12 * 60 * 60,
    )
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_opening_alone_changes_nothing_and_a_look_is_recorded(link):
    visitor = visitor_of(link)
    link.refresh_from_db()
    assert link.opened_at is None  # a mail scanner may have done that
    assert visitor.post(f"/l/{link.pk}/opened/").status_code == 204
    link.refresh_from_db()
    assert link.opened_at == NOW


def test_a_session_opens_no_other_link(cast, link):
    other = sent(cast, email="ray@demo.test")
    assert visitor_of(link).post(f"/l/{other.pk}/opened/").status_code == 404


def test_a_session_lasts_for_twelve_hours(link, time_machine):
    visitor = visitor_of(link)
    time_machine.move_to(NOW + timedelta(hours=12, minutes=1), tick=False)
    assert visitor.post(f"/l/{link.pk}/opened/").status_code == 404


def test_a_changed_cookie_opens_nothing(link):
    visitor = visitor_of(link)
    visitor.cookies[f"link-{link.pk}"] = visitor.cookies[f"link-{link.pk}"].value + "x"
    assert visitor.post(f"/l/{link.pk}/opened/").status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "-" * 400, "%2e%2e"])
def test_an_unknown_token_is_not_found(db, token):
    response = Client().get(f"/l/{token}/")
    assert response.status_code == 404
    assert "link in the email" in response.content.decode()


def test_a_link_that_is_not_used_ends_after_ninety_days(link, time_machine):
    time_machine.move_to(NOW + timedelta(days=91), tick=False)
    response = Client().get(path_of(link))
    assert response.status_code == 410
    assert "This link has ended" in response.content.decode()


def test_each_use_lets_it_live_for_another_ninety_days(link, time_machine):
    time_machine.move_to(NOW + timedelta(days=80), tick=False)
    visitor_of(link).post(f"/l/{link.pk}/opened/")
    time_machine.move_to(NOW + timedelta(days=165), tick=False)
    assert Client().get(path_of(link)).status_code == 302


def test_it_ends_with_what_it_is_for(link, monkeypatch):
    monkeypatch.delitem(THINGS, 7)
    assert Client().get(path_of(link)).status_code == 410


def test_a_person_has_one_open_link_a_thing(cast, link):
    assert sent(cast, about="2") == link
    assert Notice.objects.filter(link=link).count() == 2


def test_asked_twice_for_the_same_they_get_one_mail(cast, link):
    sent(cast)
    assert Notice.objects.count() == 1


def test_whoever_sent_it_sees_it_and_nobody_else(cast, as_, link):
    assert "Rita Rep" in as_(cast.leader).get("/links/").content.decode()
    for other in (cast.ceo, cast.admin, cast.second_leader, cast.outsider):
        assert "Rita Rep" not in as_(other).get("/links/").content.decode()
        assert as_(other).post(f"/links/{link.pk}/revoke/").status_code == 404


def test_revoked_it_opens_nothing_also_where_it_is_open(cast, as_, link):
    visitor = visitor_of(link)
    assert as_(cast.leader).post(f"/links/{link.pk}/revoke/").status_code == 302
    assert Client().get(path_of(link)).status_code == 410
    visitor.post(f"/l/{link.pk}/opened/")
    link.refresh_from_db()
    assert (link.ended_at, link.opened_at) == (NOW, None)


def test_renewed_it_has_another_token_and_one_mail(cast, as_, link, time_machine):
    before, visitor = path_of(link), visitor_of(link)
    time_machine.shift(60)
    for _ in range(2):
        as_(cast.leader).post(f"/links/{link.pk}/renew/")
    link.refresh_from_db()
    assert Client().get(before).status_code == 404
    assert visitor.post(f"/l/{link.pk}/opened/").status_code == 404
    assert Client().get(path_of(link)).status_code == 302
    assert Notice.objects.filter(link=link).count() == 2


def test_a_link_that_ended_cannot_be_renewed(cast, link):
    link.end(now=NOW)
    link.refresh_from_db()
    assert not renew_link(link, by=cast.leader, now=NOW)


def test_after_another_site_key_the_mail_is_not_written(link, settings):
    settings.SECRET_KEY = "another key that is long enough to be one, and different"
    assert url_for(link) is None


def test_an_address_that_refuses_mail_is_known(cast, as_, link):
    Notice.objects.update(refused=True, failed_at=NOW, error="550 no such user")
    assert refused_addresses(["rita@demo.test", "ray@demo.test"]) == {"rita@demo.test"}
    assert "refuses email" in as_(cast.leader).get("/links/").content.decode()


def test_an_address_that_took_mail_since_is_not_refused(cast, link):
    Notice.objects.update(refused=True, failed_at=NOW)
    sent(cast, about="2")
    Notice.objects.filter(refused=False).update(sent_at=NOW)
    assert refused_addresses(["rita@demo.test"]) == set()


def test_guessing_is_slowed_down(db):
    cache.clear()
    statuses = [Client().get(f"/l/guess-{number}/").status_code for number in range(31)]
    assert statuses == [404] * 30 + [429]


def test_the_list_costs_the_same_for_one_and_for_fifty(cast, as_, link, django_assert_num_queries):
    client = as_(cast.leader)
    client.get("/links/")
    with django_assert_num_queries(6):
        client.get("/links/")
    for number in range(49):
        sent(cast, email=f"rep{number}@demo.test")
    with django_assert_num_queries(6):
        client.get("/links/")


def test_the_outbox_names_the_person_it_goes_to(cast, as_, link):
    Notice.objects.update(company=cast.company)
    assert "Rita Rep" in as_(cast.admin).get("/outbox/").content.decode()
