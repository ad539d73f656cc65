"""Second factors: set up, asked for, kept encrypted, required of a whole company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from alignment.models import Entry, Notice, User
from tests.cast import Cast

As = Callable[[User], Client]
SIGN_IN, ACTIVATE = "/accounts/login/", "/accounts/2fa/totp/activate/"


def signed_in(user: User) -> Client:
    """By typing, as allauth asks for a fresh sign-in before a factor is changed."""
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": "demo-password"})
    return client


def code_of(secret: str, number: int = 1) -> str:
    """Of the codes that are right now: the last one (0), the one shown (1), the next (2)."""
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[number]))


def set_up(client: Client) -> str:
    secret = client.get(ACTIVATE).context["form"].secret
    answer = client.post(ACTIVATE, {"code": code_of(secret, 0)})
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/recovery-codes/")
    return secret


@pytest.fixture
def factored(cast: Cast) -> tuple[User, str]:
    return cast.leader, set_up(signed_in(cast.leader))


def test_the_password_alone_no_longer_signs_in(factored: tuple[User, str]) -> None:
    client = signed_in(factored[0])
    assert client.get("/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").status_code == 200


def test_the_code_of_the_app_signs_in_once(factored: tuple[User, str]) -> None:
    client, again = signed_in(factored[0]), signed_in(factored[0])
    code = {"code": code_of(factored[1])}
    assert client.post("/accounts/2fa/authenticate/", code).url == "/"
    assert client.get("/").status_code == 200
    assert again.post("/accounts/2fa/authenticate/", code).status_code == 200
    assert again.get("/").status_code == 302


def test_the_code_that_set_it_up_opens_nothing_more(factored: tuple[User, str]) -> None:
    used = {"code": code_of(factored[1], 0)}
    assert signed_in(factored[0]).post("/accounts/2fa/authenticate/", used).status_code == 200
    other = signed_in(factored[0])
    other.post("/accounts/2fa/authenticate/", {"code": code_of(factored[1])})
    assert other.post("/accounts/2fa/reauthenticate/", used).status_code == 200


def test_a_code_that_signed_in_sets_up_no_other_factor(factored: tuple[User, str]) -> None:
    client = signed_in(factored[0])
    client.post("/accounts/2fa/authenticate/", {"code": code_of(factored[1])})
    answer = client.post("/accounts/2fa/reauthenticate/", {"code": code_of(factored[1])})
    assert (answer.status_code, "Wrong code" in answer.text) == (200, True)


def test_a_recovery_code_signs_in_once(factored: tuple[User, str]) -> None:
    row = Authenticator.objects.get(user=factored[0], type="recovery_codes")
    code = {"code": row.wrap().get_unused_codes()[0]}
    assert signed_in(factored[0]).post("/accounts/2fa/authenticate/", code).status_code == 302
    assert signed_in(factored[0]).post("/accounts/2fa/authenticate/", code).status_code == 200


def test_secrets_are_not_readable_in_the_database(factored: tuple[User, str]) -> None:
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert factored[1] not in stored and stored.startswith("gAAAA")


def test_another_secret_key_makes_every_code_wrong_and_nothing_breaks(
    factored: tuple[User, str], settings: Any
) -> None:
    settings.SECRET_KEY = "another-key-" + "0123456789" * 5
    answer = signed_in(factored[0]).post("/accounts/2fa/authenticate/", {"code": code_of(factored[1])})
    assert answer.status_code == 200 and "Wrong code" in answer.text


def test_a_code_is_not_taken_again_while_it_is_still_right(
    factored: tuple[User, str], time_machine: Any
) -> None:
    time_machine.move_to(1_800_000_000, tick=False)
    code = {"code": code_of(factored[1])}
    assert signed_in(factored[0]).post("/accounts/2fa/authenticate/", code).status_code == 302
    time_machine.shift(31)
    assert signed_in(factored[0]).post("/accounts/2fa/authenticate/", code).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_is_noted_and_told(cast: Cast) -> None:
    set_up(signed_in(cast.leader))
    assert list(Entry.objects.filter(by=cast.leader, what="factor.added").values_list("new", flat=True)) == [
        "authenticator app"
    ]
    assert Notice.objects.filter(to=cast.leader, kind="security").count() == 1


def test_the_page_says_what_somebody_has(factored: tuple[User, str], as_: As) -> None:
    page = as_(factored[0]).get("/security/").text
    assert "10 left" in page and "Remove" in page


def test_who_owes_a_factor_is_led_to_set_one_up(cast: Cast, as_: As) -> None:
    client = as_(cast.leader)
    cast.company.second_factor_required = True
    cast.company.save(update_fields=["second_factor_required"])
    assert client.get("/").url == "/security/"
    assert client.post("/deals/new/").url == "/security/"
    assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/security/"
    assert "requires a second factor" in client.get("/security/").text


def test_setting_one_up_opens_the_way(cast: Cast) -> None:
    type(cast.company).objects.update(second_factor_required=True)
    client = signed_in(cast.leader)
    assert client.get("/").url == "/security/"
    set_up(client)
    assert client.get("/").status_code == 200


def test_people_of_other_companies_are_not_asked(cast: Cast, as_: As) -> None:
    type(cast.company).objects.filter(pk=cast.company.pk).update(second_factor_required=True)
    assert as_(cast.outsider).get("/").status_code == 200
    assert as_(cast.admin).get("/").status_code == 302


def test_knowing_who_owes_one_costs_no_query(cast: Cast, as_: As, django_assert_num_queries: Any) -> None:
    type(cast.company).objects.update(second_factor_required=True)
    client = as_(cast.leader)
    with django_assert_num_queries(2):
        client.get("/")


def test_the_codes_are_shown_to_nobody_who_finds_the_browser_open(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 08:00Z", tick=False)
    client = signed_in(cast.leader)
    set_up(client)
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    time_machine.shift(301)
    for page in ("", "download/", "generate/"):
        answer = client.get(f"/accounts/2fa/recovery-codes/{page}")
        assert answer.status_code == 302 and "reauthenticate" in answer.url


def test_the_codes_are_one_per_line_on_the_page_and_in_the_file(cast: Cast) -> None:
    client = signed_in(cast.leader)
    set_up(client)
    codes = Authenticator.objects.get(user=cast.leader, type="recovery_codes").wrap().get_unused_codes()
    page = client.get("/accounts/2fa/recovery-codes/").text
    assert f">{'&#10;'.join(codes)}</textarea>" in page
    assert client.get("/accounts/2fa/recovery-codes/download/").text.split("\n\n")[1].splitlines() == codes
