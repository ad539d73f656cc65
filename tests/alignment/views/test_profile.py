"""One's own profile, and another address to sign in with: confirmed from there, once, within a day."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import AddressChange, Entry, User
from alignment.outbox.delivery import deliver_due
from tests.cast import Cast
from tests.factories import NOW, make_invited, make_user

LINK = re.compile(r"https?://[^/\s]+(/profile/address/\S+)")
ASK = {"email": "Joe@New.test", "password": "demo-password"}
FORM = "/profile/address/"


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def leader(cast: Cast, as_: Callable[[User], Client]) -> Client:
    return as_(cast.leader)


def asked(leader: Client, mails: list[EmailMultiAlternatives]) -> str:
    """The path in the mail to the new address."""
    assert leader.post(FORM, ASK).status_code == 302
    deliver_due()
    assert mails[-1].to == ["joe@new.test"]
    return LINK.search(str(mails[-1].body))[1]


def signs_in(address: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": address, "password": "demo-password"})
    return "_auth_user_id" in client.session


def test_name_zone_and_formats_are_ones_own(leader: Client, cast: Cast) -> None:
    told = {"name": "Joseph Keller", "timezone": "Europe/Lisbon", "locale": "pt-PT"}
    assert leader.post("/profile/", told).status_code == 302
    cast.leader.refresh_from_db()
    assert (cast.leader.name, cast.leader.timezone, cast.leader.locale) == tuple(told.values())
    assert Entry.objects.get(what="person.changed").company is None


@pytest.mark.parametrize(("name", "value"), [("name", "\u200b"), ("timezone", "Nowhere"), ("locale", "tlh")])
def test_what_is_wrong_is_said_at_the_field(leader: Client, cast: Cast, name: str, value: str) -> None:
    told = {"name": "Joe", "timezone": "Europe/Paris", "locale": "en-US"} | {name: value}
    answer = leader.post("/profile/", told)
    assert answer.status_code == 422 and f"id_{name}_error" in answer.content.decode()
    assert not Entry.objects.exists()


def test_the_page_costs_a_fixed_number_of_questions(
    leader: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(3):
        leader.get("/profile/")


def test_the_address_changes_when_the_mail_is_answered_and_not_before(
    leader: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    EmailAddress.objects.create(user=cast.leader, email="leader@demo.test", primary=True, verified=True)
    link = asked(leader, mailoutbox)
    assert signs_in("leader@demo.test") and not signs_in("joe@new.test")
    assert Client().get(link).status_code == 200
    assert signs_in("leader@demo.test")
    assert Client().post(link).status_code == 200
    assert signs_in("joe@new.test") and not signs_in("leader@demo.test")


def test_the_address_before_is_told(
    leader: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    Client().post(asked(leader, mailoutbox))
    deliver_due()
    assert mailoutbox[-1].to == ["leader@demo.test"] and "joe@new.test" in mailoutbox[-1].body
    entry = Entry.objects.get(what="address.changed")
    assert (entry.old, entry.new, entry.by) == ("leader@demo.test", "joe@new.test", cast.leader)


def test_the_link_works_once_and_for_a_day(leader: Client, mailoutbox: list[EmailMultiAlternatives]) -> None:
    link = asked(leader, mailoutbox)
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert Client().post(link).status_code == 410
    assert [Client().post(link).status_code for _ in range(2)] == [200, 410]


def test_another_request_or_taking_it_back_ends_the_first(
    leader: Client, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    first = asked(leader, mailoutbox)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        second = asked(leader, mailoutbox)
    assert Client().get(first).status_code == 410
    leader.post("/profile/address/cancel/")
    assert Client().post(second).status_code == 410 and not AddressChange.objects.exists()


@pytest.mark.parametrize("token", ["x", "MQ:1t:sig", "cancel"])
def test_a_forged_link_does_nothing(db: None, client: Client, token: str) -> None:
    assert client.get(f"/profile/address/{token}/").status_code in (302, 410)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "wrong"}, "Wrong password."),
        ({"password": ""}, "Enter your password"),
        ({"email": "leader@demo.test"}, "This is already your address."),
        ({"email": "joe"}, "This is not a valid email address."),
        ({"email": "joe@new.test\nBcc: x@y.test"}, "This is not a valid email address."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_sent(
    leader: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = leader.post(FORM, ASK | wrong)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not AddressChange.objects.exists()


def test_an_address_with_an_account_is_answered_like_any_other(
    leader: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    make_user(email="known@else.test")
    make_invited(company=cast.company, email="invited@else.test")
    said = []
    for address in ("known@else.test", "fresh@else.test", "invited@else.test"):
        answer = leader.post(FORM, ASK | {"email": address}, follow=True)
        said.append((answer.status_code, answer.content.decode().replace(address, "X")))
        deliver_due()
    masked = {(status, re.sub(r'(value|content)="\w{64}"', "", page)) for status, page in said}
    assert len(masked) == 1
    assert [mail.to for mail in mailoutbox] == [
        ["known@else.test"],
        ["fresh@else.test"],
        ["invited@else.test"],
    ]


def test_an_address_taken_in_the_meantime_stays_with_its_owner(
    leader: Client, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    link = asked(leader, mailoutbox)
    make_user(email="joe@new.test")
    assert Client().post(link).status_code == 410
    cast.leader.refresh_from_db()
    assert cast.leader.email == "leader@demo.test"


def test_mails_to_typed_addresses_have_a_limit(leader: Client) -> None:
    answers = [leader.post(FORM, ASK | {"email": f"a{number}@new.test"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [422]


def test_guesses_at_the_password_have_a_limit(leader: Client) -> None:
    for _ in range(10):
        leader.post(FORM, ASK | {"password": "guess"})
    assert leader.post(FORM, ASK).status_code == 302
    assert not AddressChange.objects.exists()


def test_who_has_no_password_is_not_asked_for_one(cast: Cast, as_: Callable[[User], Client]) -> None:
    cast.leader.set_unusable_password()
    cast.leader.save()
    assert as_(cast.leader).post(FORM, {"email": "joe@new.test"}).status_code == 302


def test_the_preferences_lead_to_the_zone(leader: Client) -> None:
    assert '<a href="/profile/">Change time zone</a>' in leader.get("/preferences/").content.decode()
