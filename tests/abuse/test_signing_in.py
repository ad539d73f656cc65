"""Guessing at the door: passwords, names, tokens, sessions."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import User
from alignment.outbox.delivery import deliver_due
from tests.alignment.sign_in.test_mfa import set_up, signed_in
from tests.cast import Cast

As = Callable[[User], Client]
SIGN_IN, RESET = "/accounts/login/", "/accounts/password/reset/"
RIGHT, WRONG = "demo-password", "wrong-password"
TOO_MANY = "Too many failed attempts"


@pytest.fixture(autouse=True)
def forgiven(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def tried(email: str, password: str = WRONG, *, at: str = "192.0.2.1", client: Client | None = None) -> Any:
    return (client or Client()).post(SIGN_IN, {"login": email, "password": password}, REMOTE_ADDR=at)


def test_one_account_from_one_address_is_throttled_and_its_owner_still_gets_in(cast: Cast) -> None:
    answers = [tried(cast.ceo.email).text for _ in range(7)]
    assert [TOO_MANY in text for text in answers] == [False] * 5 + [True] * 2
    assert TOO_MANY in tried(cast.ceo.email, RIGHT).text
    assert tried(cast.ceo.email, RIGHT, at="198.51.100.7").status_code == 302


def test_one_account_from_many_addresses_is_throttled_and_its_owner_still_gets_in(cast: Cast) -> None:
    known = Client()
    assert tried(cast.ceo.email, RIGHT, client=known).status_code == 302
    known.post("/accounts/logout/")
    for number in range(30):
        tried(cast.ceo.email, at=f"203.0.113.{number}")
    assert TOO_MANY in tried(cast.ceo.email, RIGHT, at="203.0.113.99").text
    assert tried(cast.ceo.email, RIGHT, at="203.0.113.99", client=known).status_code == 302


def test_many_accounts_from_one_address_are_throttled(cast: Cast) -> None:
    answers = [tried(f"person{number}@demo.test").text for number in range(22)]
    assert [TOO_MANY in text for text in answers] == [False] * 20 + [True] * 2
    assert TOO_MANY in tried(cast.ceo.email, RIGHT).text


def test_a_whole_network_of_the_new_kind_counts_as_one_address(cast: Cast) -> None:
    answers = [tried(f"person{n}@demo.test", at=f"2001:db8:1:2::{n:x}").text for n in range(1, 23)]
    assert TOO_MANY in answers[-1]


def test_addresses_in_a_header_are_believed_only_of_counted_proxies(cast: Cast, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(6):
        forged = {"X-Forwarded-For": f"10.9.8.{number}, 192.0.2.1"}
        answer = Client().post(SIGN_IN, {"login": cast.ceo.email, "password": WRONG}, headers=forged)
    assert TOO_MANY in answer.text


def test_a_forged_mark_of_a_known_browser_is_worth_nothing(cast: Cast) -> None:
    client = Client()
    for number in range(6):
        client.cookies["known"] = f"{number:016x}.{'0' * 64}"
        answer = tried(cast.ceo.email, client=client)
    assert TOO_MANY in answer.text


def test_guessing_the_second_factor_is_throttled(cast: Cast) -> None:
    set_up(signed_in(cast.ceo))
    client = signed_in(cast.ceo)
    answers = [client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}).text for n in range(6)]
    assert TOO_MANY in answers[-1]


def without_marks(text: str, email: str) -> str:
    return re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]*"', "", text).replace(
        email, "EMAIL"
    )


@pytest.mark.parametrize("where", [SIGN_IN, RESET])
def test_known_unknown_and_closed_accounts_get_the_same_answer(
    where: str, cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    User.objects.filter(pk=cast.observer.pk).update(is_active=False)
    told = set()
    for email in (cast.ceo.email, "nobody@demo.test", cast.observer.email):
        answer = Client().post(where, {"login": email, "password": WRONG, "email": email})
        told.add((answer.status_code, answer.headers.get("Location"), without_marks(answer.text, email)))
    assert len(told) == 1
    assert mailoutbox == []  # nobody waits for a mail server either


def test_unknown_accounts_take_as_long_as_known_ones(cast: Cast, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    cast.ceo.set_password(RIGHT)
    cast.ceo.save()
    took: dict[str, list[float]] = {cast.ceo.email: [], "nobody@demo.test": []}
    for _ in range(3):
        for email, times in took.items():
            began = time.perf_counter()
            tried(email)
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.5 < known / unknown < 2


def link_for(user: User, mails: list[EmailMultiAlternatives], **asked: Any) -> str:
    Client(**asked).post(RESET, {"email": user.email})
    deliver_due()
    return next(iter(re.findall(r"https?://\S+/password/reset/key/\S+/", str(mails[-1].body))))


def set_new(link: str, word: str = "a-longer-word-7") -> Any:
    client = Client()
    path = re.sub(r"^https?://[^/]+", "", link)
    answer = client.get(path, follow=True)
    if "password1" not in answer.text:
        return answer
    return client.post(answer.redirect_chain[-1][0], {"password1": word, "password2": word})


def test_a_link_from_a_mail_works_once(cast: Cast, mailoutbox: list[EmailMultiAlternatives]) -> None:
    link = link_for(cast.ceo, mailoutbox)
    assert set_new(link).status_code == 302
    assert "no longer works" in set_new(link).text
    assert tried(cast.ceo.email, "a-longer-word-7").status_code == 302


def test_a_link_from_a_mail_works_for_a_day(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives], time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23 08:00Z")
    link = link_for(cast.ceo, mailoutbox)
    time_machine.move_to("2026-11-24 08:00:05Z")
    assert "no longer works" in set_new(link).text


def test_a_link_of_one_person_opens_nobody_elses_account(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    link = link_for(cast.ceo, mailoutbox)
    mine = re.search(r"/key/(\w+)-", link)
    assert mine
    others = link.replace(f"/key/{mine[1]}-", "/key/zik0zj-"), link.replace(f"/key/{mine[1]}-", "/key/1-")
    assert all("no longer works" in set_new(each).text for each in others)


def test_a_link_names_the_site_of_the_settings_whatever_host_was_asked(
    cast: Cast, mailoutbox: list[EmailMultiAlternatives], settings: Any
) -> None:
    assert (
        Client().post(RESET, {"email": cast.ceo.email}, headers={"Host": "evil.example"}).status_code == 400
    )
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    answer = Client().post(RESET, {"email": cast.ceo.email}, headers={"Host": "evil.example"})
    assert answer.status_code == 302
    deliver_due()
    assert "evil" not in str(mailoutbox[-1].body) and settings.BASE_URL in str(mailoutbox[-1].body)


def test_a_session_given_by_a_stranger_is_not_taken_over(cast: Cast) -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    tried(cast.ceo.email, RIGHT, client=client)
    assert client.cookies["sessionid"].value != "a" * 32


def test_a_copied_cookie_opens_nothing_after_sign_out(cast: Cast) -> None:
    client, thief = Client(), Client()
    tried(cast.ceo.email, RIGHT, client=client)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    assert thief.get("/").status_code == 302


def test_the_back_button_finds_nothing_stored(cast: Cast, as_: As) -> None:
    for path in ("/", "/security/", "/accounts/2fa/totp/activate/", "/deals/"):
        assert "no-store" in as_(cast.ceo).get(path).headers["Cache-Control"], path


def test_the_emergency_admin_has_the_same_door(cast: Cast) -> None:
    answer = Client().post("/admin/login/", {"username": cast.ceo.email, "password": RIGHT})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, SIGN_IN)


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "5",
        '"x"',
        "{}",
        '{"id":1}',
        '{"response":[]}',
        '{"response":{"userHandle":5}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"AAAA"}}',
        "[" * 9000,
        '{"a":' * 3000,
        "x" * 30000,
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"enp6enp6enp6eno"}}',
    ],
)
def test_whatever_is_sent_as_a_passkey_is_only_refused(cast: Cast, credential: str) -> None:
    client = Client()
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert (answer.status_code, answer.url) == (302, SIGN_IN)
