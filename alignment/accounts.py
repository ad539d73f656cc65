"""How people get in: by e-mail and password, and never by signing themselves up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from alignment import comings, known_browsers, security_mails, sessions
from alignment.models import Heartbeat, Membership, Seat, User
from alignment.prepared_models import PreparedModels
from alignment.second_factor import has_factor, must_have_factor


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This e-mail address and password do not belong together.",
        "too_many_login_attempts": "Too many attempts failed. Wait a few minutes, or set a new password by mail.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "rate_limited": "Too many attempts failed. Wait a few minutes and try again.",
        "incorrect_code": "This code is not right.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only a path of this site. (allauth's own breaks on half an IPv6 address.)"""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Whoever signed in a moment ago is not asked for the same again."""
        return not sessions.is_fresh(get_authentication_records(self.request, self.request.user))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        comings.came(request, user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            comings.went(user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        comings.failed(str(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        sessions.begin(request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_browsers.remember(request, response, user)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Where allauth would mail: a line in the audit, and a mail by way of the outbox."""
        what = template_prefix.rpartition("/")[2]
        if what == "password_reset":
            self._forgive(user.email)
        security_mails.told_now(what, user)

    def _forgive(self, email: str) -> None:
        """Whoever proved to own the address is not held up by what failed before."""
        self._delete_login_attempts_cached_email(self.request, email=email)
        ratelimit.clear(
            self.request, app="allauth.account", action="login_failed_anywhere", key=email.lower()
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts on an account are counted for each address, or browser it was signed in with before, by itself:
        a stranger's failures never keep its owner out."""
        login = str(credentials.get("email", "")).lower()
        return f"{login}:{known_browsers.known_to(request, login) or ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """And over all addresses together, except for such browsers."""
        login = str(credentials.get("email", "")).lower()
        self.anywhere: ratelimit.RateLimitUsage | None = None
        if not known_browsers.known_to(request, login):
            self.anywhere = ratelimit.consume(
                request, app="allauth.account", action="login_failed_anywhere", key=login
            )
            if self.anywhere is None:
                raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if self.anywhere is not None:
            self.anywhere.rollback()


class Backend(AuthenticationBackend):
    """Knows with the signed-in person whether they sit on a team, administer a company and owe a second factor, and when
    the clock last ran: no query more a page."""

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(SIGNED_IN.objects(user=int(user_id))), None)
        return user if user is not None and self.user_can_authenticate(user) else None


def _signed_in(user: int) -> QuerySet[User]:
    mine = OuterRef("pk")
    return User.objects.filter(pk=user).annotate(  # type: ignore[no-redef]  # spares the properties of these names their query
        seated=Exists(Seat.objects.current().filter(user=mine)),
        administers=Exists(Membership.objects.filter(is_admin=True, user=mine)),
        swept_at=Subquery(Heartbeat.objects.filter(name="sweep").values("at")),
        owes_factor=ExpressionWrapper(must_have_factor(mine) & ~Q(has_factor(mine)), BooleanField()),
    )


SIGNED_IN: PreparedModels[User] = PreparedModels(_signed_in, user=int)
