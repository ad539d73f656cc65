"""Sign-in through a provider: only for people with an account, by an address the provider has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from alignment.models import User
from alignment.ops.environment import Env
from alignment.sign_in import oidc
from tests.alignment.sign_in.provider import CLIENT, SECRET, Provider, running
from tests.cast import Cast

LOGIN, BACK = "/accounts/oidc/company/login/", "/accounts/oidc/company/login/callback/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running() as provider:
        given = {
            "X_ISSUER": provider.address,
            "X_CLIENT_ID": CLIENT,
            "X_CLIENT_SECRET": SECRET,
            "X_NAME": "Acme",
        }
        settings.OIDC = Env(given).provider("X")
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": settings.OIDC}
        }
        oidc._descriptions.clear()
        yield provider


def through(provider: Provider, client: Client | None = None, **person: Any) -> Any:
    """The whole way: to the provider, back with a code, and what the site answers."""
    client = client or Client()
    provider.person = {"sub": "1", "email_verified": True} | person
    return client.get(BACK, provider.allow(client.get(LOGIN).url))


def test_the_sign_in_page_offers_it_only_when_it_is_set(
    cast: Cast, provider: Provider, settings: Any
) -> None:
    assert "Sign in with Acme" in Client().get("/accounts/login/").text
    settings.OIDC = []
    assert "Sign in with Acme" not in Client().get("/accounts/login/").text
    assert Client().get(LOGIN).status_code == 404


def test_a_confirmed_address_signs_its_account_in(cast: Cast, provider: Provider) -> None:
    client = Client()
    answer = through(provider, client, email="Leader@demo.test")
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").status_code == 200
    assert SocialAccount.objects.get().user == cast.leader
    assert User.objects.get(pk=cast.leader.pk).has_usable_password()


def test_the_provider_is_remembered_when_the_address_changes(cast: Cast, provider: Provider) -> None:
    through(provider, email="leader@demo.test")
    answer = through(provider, email="somebody-else@demo.test")
    assert answer.status_code == 302 and SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "person",
    [
        {"email": "nobody@demo.test"},
        {"email": "leader@demo.test", "email_verified": False},
        {"email": "leader@demo.test", "email_verified": None},
        {},
    ],
)
def test_nobody_else_gets_in_and_no_account_is_made(
    cast: Cast, provider: Provider, person: dict[str, Any]
) -> None:
    before, client = User.objects.count(), Client()
    answer = through(provider, client, **person)
    assert answer.status_code == 403 and "No account found" in answer.text
    assert client.get("/").status_code == 302
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_a_deactivated_person_does_not_get_in(cast: Cast, provider: Provider) -> None:
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert through(provider, email="leader@demo.test").status_code == 403


def test_who_was_let_in_before_and_is_deactivated_does_not_get_in(cast: Cast, provider: Provider) -> None:
    through(provider, email="leader@demo.test")
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    client = Client()
    assert through(provider, client, email="leader@demo.test").url == "/accounts/inactive/"
    assert client.get("/").status_code == 302


def test_somebody_elses_user_info_is_not_believed(cast: Cast, provider: Provider) -> None:
    provider.userinfo = {"sub": "2", "email": "ceo@demo.test", "email_verified": True}
    assert through(provider, email="leader@demo.test").status_code == 403


@pytest.mark.parametrize(
    ("describes", "signs"), [("", "https://elsewhere.example"), ("https://elsewhere.example", "")]
)
def test_a_token_of_another_issuer_is_not_believed(
    cast: Cast, provider: Provider, describes: str, signs: str
) -> None:
    provider.issuer, client = describes or provider.issuer, Client()
    person = {"email": "leader@demo.test"} | ({"iss": signs} if signs else {})
    assert through(provider, client, **person).status_code in (401, 403)
    assert client.get("/").status_code == 302 and not SocialAccount.objects.exists()


def test_a_state_or_a_code_of_another_is_refused(cast: Cast, provider: Provider) -> None:
    provider.person = {"sub": "1", "email": "leader@demo.test", "email_verified": True}
    told = provider.allow(Client().get(LOGIN).url)
    stranger = Client()
    assert stranger.get(BACK, told).status_code == 401
    assert stranger.get("/").status_code == 302
    assert SocialAccount.objects.count() == 0


def test_the_provider_is_asked_for_its_description_once(cast: Cast, provider: Provider) -> None:
    for _ in range(3):
        Client().get(LOGIN)
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_provider_that_is_down_is_said_so(cast: Cast, provider: Provider, settings: Any) -> None:
    settings.OIDC[0]["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = Client().get(LOGIN)
    assert answer.status_code == 502 and "sent an unexpected answer" in answer.text


def test_an_account_elsewhere_cannot_be_joined_by_hand(cast: Cast, provider: Provider) -> None:
    client = Client()
    client.force_login(cast.ceo)
    provider.person = {"sub": "9", "email": "evil@elsewhere.test", "email_verified": True}
    answer = client.get(BACK, provider.allow(client.get(f"{LOGIN}?process=connect").url))
    assert answer.status_code == 403 and SocialAccount.objects.count() == 0
