"""Addresses of sign-in and security, and the pages of allauth that this site does without."""

import logging
from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.core.internal.ratelimit import decorator as limited
from allauth.mfa.recovery_codes import views as codes
from allauth.socialaccount.providers.openid_connect import views as provider
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path
from requests import RequestException

import alignment.web.converters  # noqa: F401 - registers <id:…>
from alignment.views import mfa_policy, security

log = logging.getLogger(__name__)
urlpatterns: list[URLPattern] = [
    path("security/", security.security, name="security"),
    path("security/sessions/end/", security.sessions_end, name="sessions_end"),
    path("security/sessions/<id:pk>/end/", security.session_end, name="session_end"),
    path("setup/<slug:company>/sign-in/", mfa_policy.signin_policy, name="signin_policy"),
    path(
        "setup/<slug:company>/people/<id:pk>/sessions/end/",
        mfa_policy.person_sessions_end,
        name="person_sessions_end",
    ),
    path(
        "setup/<slug:company>/people/<id:pk>/factors/remove/",
        mfa_policy.person_factors_remove,
        name="person_factors_remove",
    ),
]


def to_security(request: HttpRequest) -> HttpResponse:
    return redirect("alignment:security")


@login_not_required
def closed(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404("This page does not exist.")


def asked_of_provider(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that asks the provider: not without end, and a sentence where
    it does not answer as it should."""

    def answered(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (RequestException, ValueError, LookupError) as error:
            log.warning("the sign-in provider did not answer as it should (%s)", type(error).__name__)
            return render(request, "socialaccount/authentication_error.html", status=502)

    limit = limited(app="allauth.account", action="provider", limit_get=True)
    return login_not_required(limit(answered))  # type: ignore[no-any-return]


once_more = reauthentication_required(app="allauth.mfa")

before_allauth: list[URLPattern] = [
    # what one page shows
    *(path(f"accounts/{address}", to_security) for address in ("2fa/", "2fa/webauthn/", "sessions/")),
    # signing up, several addresses, accounts elsewhere: an admin invites, an address is one's own setting
    re_path(r"^accounts/(?:signup|email|confirm-email|login/code|social|3rdparty/signup)/", closed),
    path("accounts/3rdparty/", closed),
    # whoever finds a browser open does not read the codes
    path("accounts/2fa/recovery-codes/", once_more(codes.view_recovery_codes)),
    path("accounts/2fa/recovery-codes/download/", once_more(codes.download_recovery_codes)),
    # each of these asks the provider, so not without end
    path("accounts/oidc/<str:provider_id>/login/", asked_of_provider(provider.login)),
    path("accounts/oidc/<str:provider_id>/login/callback/", asked_of_provider(provider.callback)),
]
"""Found before allauth's own, which keep their names."""
