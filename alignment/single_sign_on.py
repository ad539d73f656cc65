"""Sign-in through the company's own OpenID Connect provider: for people who have an account here, and nobody else."""

from __future__ import annotations

import logging
import time
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alignment.models import User

log = logging.getLogger(__name__)
KEPT_FOR = 300.0
_found: dict[str, tuple[float, requests.Response]] = {}


class Adapter(DefaultSocialAccountAdapter):
    """Trusts the one provider of the settings to say whose address an account is; it never makes an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The provider of the settings; none that somebody wrote into the database."""
        apps = [SocialApp(provider="openid_connect", **each) for each in settings.OIDC]
        return [app for app in apps if provider in (None, app.provider, app.provider_id)]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        return sociallogin.user  # type: ignore[no-any-return]  # nobody's name or address is taken over from outside

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose sign-in this is. Raises an answer that ends it where it is nobody's."""
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(refused(request))
        told = believed(sociallogin.account.extra_data)
        if told is None:
            raise ImmediateHttpResponse(refused(request))
        if sociallogin.is_existing:
            return
        user = User.objects.filter(email=told, is_active=True).first() if told else None
        if user is None:
            raise ImmediateHttpResponse(refused(request))
        sociallogin.connect(request, user)

    def get_requests_session(self) -> requests.Session:
        return Remembering()


def believed(told: dict[str, Any]) -> str | None:
    """The verified address of what the provider told, in lower case; empty without one; None: it is not to be believed."""
    token, more = told.get("id_token") or {}, told.get("userinfo") or {}
    issuer = settings.OIDC[0]["settings"]["server_url"]
    if str(token.get("iss", "")).rstrip("/") != issuer or (more and more.get("sub") != token.get("sub")):
        log.warning("the sign-in provider's answer names another issuer or person than it should")
        return None
    for said in (more, token):
        if said.get("email") and said.get("email_verified") in (True, "true"):
            return str(said["email"]).strip().lower()
    return ""


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/refused.html", {"provider": settings.OIDC[0]["name"]}, status=403)


class Remembering(requests.Session):
    """Asks for the provider's description once in five minutes, not at every sign-in; follows it nowhere else."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        options.setdefault("timeout", settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
        described = url.endswith("/.well-known/openid-configuration")
        at, answer = _found.get(url, (0.0, None))
        if described and answer is not None and time.monotonic() - at < KEPT_FOR:
            return answer
        answer = super().request(method, url, *args, **options)
        if described and answer.ok:
            _found[url] = (time.monotonic(), answer)
        return answer
