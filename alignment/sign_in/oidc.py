"""Sign-in through the company's own OpenID Connect provider: for people who
have an account here, and nobody else."""

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
DESCRIPTION_LASTS = 300.0
_descriptions: dict[str, tuple[float, requests.Response]] = {}


class Adapter(DefaultSocialAccountAdapter):
    """Trusts the one provider of the settings to say whose address an
    account is; it never makes an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The provider of the settings; none that somebody wrote into the database."""
        apps = [SocialApp(provider="openid_connect", **app_settings) for app_settings in settings.OIDC]
        return [app for app in apps if provider in (None, app.provider, app.provider_id)]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        return sociallogin.user  # type: ignore[no-any-return]  # nobody's name or address is taken over from outside

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account. Raises ImmediateHttpResponse with a refusal where there is none."""
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(refusal_page(request))
        address = verified_address(sociallogin.account.extra_data)
        if address is None:
            raise ImmediateHttpResponse(refusal_page(request))
        if sociallogin.is_existing:
            return
        user = User.objects.filter(email=address, is_active=True).first() if address else None
        if user is None:
            raise ImmediateHttpResponse(refusal_page(request))
        sociallogin.connect(request, user)

    def get_requests_session(self) -> requests.Session:
        return DescriptionSession()


def verified_address(data: dict[str, Any]) -> str | None:
    """The verified address in the provider's data, in lower case; empty
    without one; None: not to be trusted."""
    token, more = data.get("id_token") or {}, data.get("userinfo") or {}
    issuer = settings.OIDC[0]["settings"]["server_url"]
    if str(token.get("iss", "")).rstrip("/") != issuer or (more and more.get("sub") != token.get("sub")):
        log.warning("the sign-in provider's answer names another issuer or person than it should")
        return None
    for claims in (more, token):
        if claims.get("email") and claims.get("email_verified") in (True, "true"):
            return str(claims["email"]).strip().lower()
    return ""


def refusal_page(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/refused.html", {"provider": settings.OIDC[0]["name"]}, status=403)


class DescriptionSession(requests.Session):
    """Reads the provider's description once in five minutes, not at every sign-in."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        options.setdefault("timeout", settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
        described = url.endswith("/.well-known/openid-configuration")
        at, response = _descriptions.get(url, (0.0, None))
        if described and response is not None and time.monotonic() - at < DESCRIPTION_LASTS:
            return response
        response = super().request(method, url, *args, **options)
        if described and response.ok:
            _descriptions[url] = (time.monotonic(), response)
        return response
