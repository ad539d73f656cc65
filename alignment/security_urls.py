"""Addresses of sign-in and security, and the pages of allauth that this site does without."""

from allauth.core.internal.ratelimit import decorator as limited
from allauth.socialaccount.providers.openid_connect import views as provider
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, re_path

import alignment.converters  # noqa: F401 - registers <id:…>
from alignment.views import security, signin_policy

urlpatterns: list[URLPattern] = [
    path("security/", security.security, name="security"),
    path("security/sessions/end/", security.sessions_end, name="sessions_end"),
    path("security/sessions/<id:pk>/end/", security.session_end, name="session_end"),
    path("setup/<slug:company>/sign-in/", signin_policy.signin_policy, name="signin_policy"),
    path("setup/<slug:company>/people/<id:pk>/sessions/end/", signin_policy.person_sessions_end, name="person_sessions_end"),
    path("setup/<slug:company>/people/<id:pk>/factors/remove/", signin_policy.person_factors_remove, name="person_factors_remove"),
]  # fmt: skip


def to_security(request: HttpRequest) -> HttpResponse:
    return redirect("alignment:security")


@login_not_required
def closed(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404("There is no such page.")


asked_of_provider = limited(app="allauth.account", action="provider", limit_get=True)

before_allauth: list[URLPattern] = [
    # what one page shows
    *(path(f"accounts/{each}", to_security) for each in ("2fa/", "2fa/webauthn/", "sessions/")),
    # signing up, several addresses, accounts elsewhere: an admin invites, an address is one's own setting
    re_path(r"^accounts/(signup|email|confirm-email|login/code|social|3rdparty/signup)/", closed),
    path("accounts/3rdparty/", closed),
    # each of these asks the provider, so not without end
    path("accounts/oidc/<str:provider_id>/login/", login_not_required(asked_of_provider(provider.login))),
    path("accounts/oidc/<str:provider_id>/login/callback/", login_not_required(asked_of_provider(provider.callback))),
]  # fmt: skip
"""Found before allauth's own, which keep their names."""
