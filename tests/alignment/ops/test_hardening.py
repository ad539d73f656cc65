"""What every answer carries, and what the settings of production say."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from alignment.ops.environment import Env
from tests.alignment.ops.test_environment import GOOD, read_setting

OIDC = {"X_ISSUER": "https://login.example.com/realm/", "X_CLIENT_ID": "id", "X_CLIENT_SECRET": "hidden-word"}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/nowhere/", "/healthz", "/static/css/app.css"])
def test_every_answer_is_hardened(path: str) -> None:
    answer = Client().get(path)
    carried = HEADERS if not path.startswith("/static") else {}
    assert {name: answer.headers.get(name) for name in carried} == carried
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_the_policy_of_content_allows_nothing_but_the_site() -> None:
    policy = Client().get("/accounts/login/").headers["Content-Security-Policy"]
    told = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert told["default-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == "'self'"


@pytest.mark.django_db
def test_cookies_are_not_for_scripts_or_other_sites() -> None:
    client = Client()
    client.get("/accounts/login/")
    csrf = client.cookies["csrftoken"]
    assert csrf["httponly"] and csrf["samesite"] == "Lax"


def test_production_keeps_cookies_and_passkeys_to_https(tmp_path) -> None:
    told = read_setting(
        "settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN,"
        " settings.ALLAUTH_TRUSTED_PROXY_COUNT",
        tmp_path,
        **GOOD,
    )
    assert told.stdout.strip() == "(True, True, False, 1)"


def test_a_provider_is_read_from_the_environment() -> None:
    told = Env(OIDC | {"X_NAME": "Acme"}).provider("X")[0]
    assert (told["name"], told["settings"]) == ("Acme", {"server_url": "https://login.example.com/realm"})
    assert Env(OIDC).provider("X")[0]["name"] == "login.example.com"
    assert Env({}).provider("X") == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"X_ISSUER": "http://login.example.com"}, "X_ISSUER must look like https://"),
        ({"X_ISSUER": "login.example.com"}, "X_ISSUER must look like https://"),
        ({"X_ISSUER": "https://a@b.example/?x=1"}, "without"),
        ({"X_CLIENT_ID": ""}, "X_CLIENT_ID is not set"),
        ({"X_CLIENT_SECRET": " "}, "X_CLIENT_SECRET is not set"),
        ({"X_ISSUER": ""}, "X_CLIENT_ID is set, but X_ISSUER is not"),
    ],
)
def test_half_a_provider_is_refused_in_a_sentence(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence) as refusal:
        Env(OIDC | change).provider("X")
    assert "hidden-word" not in str(refusal.value)
