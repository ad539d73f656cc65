"""How people sign in: by email and password; nobody can sign themselves up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from alignment.models import Heartbeat, Membership, OverviewReader, Seat, User
from alignment.sign_in import security_alerts, sessions, sign_in_log, trusted_browsers
from alignment.sign_in.mfa import has_factor, must_have_factor


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Wrong email address or password.",
        "too_many_login_attempts": "Too many failed attempts. Wait a few minutes, "
        "or reset your password by email.",
        "enter_current_password": "Wrong current password.",
        "incorrect_password": "Wrong password.",
        "rate_limited": "Too many failed attempts. Wait a few minutes and try again.",
        "incorrect_code": "Wrong code.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only a path of this site. (allauth's own breaks on half an IPv6 address.)"""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Whoever signed in a moment ago need not sign in again."""
        return not sessions.is_fresh(get_authentication_records(self.request, self.request.user))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sign_in_log.record_sign_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            sign_in_log.record_sign_out(user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in_log.record_failure(str(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        sessions.begin(request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        trusted_browsers.remember(request, response, user)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Instead of allauth's mail: an audit entry, and a mail through the outbox."""
        what = template_prefix.rpartition("/")[2]
        if what == "password_reset":
            self._forgive(user.email)
        security_alerts.alert_own_change(what, user)

    def _forgive(self, email: str) -> None:
        """Whoever proved to own the address is not blocked by earlier failures."""
        self._delete_login_attempts_cached_email(self.request, email=email)
        ratelimit.clear(
            self.request, app="allauth.account", action="login_failed_anywhere", key=email.lower()
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts on an account are counted for each address, or browser it was signed in with before, by
        itself: a stranger's failures never keep its owner out."""
        login = str(credentials.get("email", "")).lower()
        return f"{login}:{trusted_browsers.known_to(request, login) or ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """And over all addresses together, except for such browsers."""
        login = str(credentials.get("email", "")).lower()
        self.anywhere: ratelimit.RateLimitUsage | None = None
        if not trusted_browsers.known_to(request, login):
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


_ME = OuterRef("pk")
#: The signed-in person with what every page needs to know. Built once, because it is read with every request.
# The columns spare the properties of these names their query.
SIGNED_IN: QuerySet[User] = User.objects.annotate(  # type: ignore[no-redef]
    seated=Exists(Seat.objects.current().filter(user=_ME)),
    administers=Exists(Membership.objects.filter(is_admin=True, user=_ME)),
    reads_overview=Exists(OverviewReader.objects.current().filter(user=_ME)),
    plans=Exists(Seat.objects.on_leaders_side().filter(user=_ME)),
    swept_at=Subquery(Heartbeat.objects.filter(name="sweep").values("at")),
    owes_factor=ExpressionWrapper(must_have_factor(_ME) & ~Q(has_factor(_ME)), BooleanField()),
)


class Backend(AuthenticationBackend):
    """Reads with the signed-in person whether they have a seat, are an admin and need a second factor, and
    when the sweep last ran: no further query on a page."""

    def get_user(self, user_id: int) -> User | None:
        user = SIGNED_IN.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
