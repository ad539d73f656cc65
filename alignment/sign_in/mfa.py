"""The second factor: how its secrets are stored, who must have one, and the middleware that enforces it."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.deprecation import MiddlewareMixin

from alignment import audit
from alignment.models import Company, Membership, Seat, User
from alignment.sign_in import security_alerts, sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor. Recovery codes only help when one is lost."""

WITHOUT = ("/accounts/", "/security/")
"""Pages open to people who still have to set one up."""

log = logging.getLogger(__name__)


class Adapter(DefaultMFAAdapter):
    """Secrets are stored encrypted, so that a copy of the database gives nobody a factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Wrong code. Codes change every 30 seconds and each "
        "works once: enter the current one.",
        "cannot_generate_recovery_codes": "Recovery codes belong to a second factor: set one up first.",
    }

    def _get_site_name(self) -> str:
        return "Alignment"

    def get_totp_issuer(self) -> str:
        return "Alignment"

    def encrypt(self, text: str) -> str:
        return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Nothing where the secret key is another now: then no code is right, and
        the factor must be set up anew."""
        try:
            box = _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
            return box.decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error(
                "a second factor was encrypted with another SECRET_KEY; its owner must set up a new one"
            )
            return ""

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"


@cache
def _box(*keys: str) -> MultiFernet:
    """Keys of its own purpose, each from a secret key of the site."""
    derived = (hashlib.sha256(b"alignment.sign_in.mfa:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def has_factor(person: OuterRef) -> Exists:
    """A condition: the person has one."""
    return Exists(Authenticator.objects.filter(user=person, type__in=FACTORS))


def must_have_factor(person: OuterRef) -> Q:
    """A condition: one of the person's companies asks for one."""
    member = Membership.objects.filter(user=person, ended_at=None, company__second_factor_required=True)
    seat = Seat.objects.current().filter(user=person, team__company__second_factor_required=True)
    return Q(Exists(member)) | Q(Exists(seat))


def people_of(company: Company) -> QuerySet[User]:
    """All active people the requirement applies to, each with `factored`; those without one first."""
    member = Membership.objects.filter(user=OuterRef("pk"), ended_at=None, company=company)
    seat = Seat.objects.current().filter(user=OuterRef("pk"), team__company=company)
    people = User.objects.filter(Exists(member) | Exists(seat), is_active=True)
    return people.annotate(factored=has_factor(OuterRef("pk"))).order_by("factored", "name_key", "pk")


class Required(MiddlewareMixin):
    """Sends people who need a second factor to set one up; no query, as it
    is read with the signed-in person."""

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or request.path.startswith(WITHOUT):
            return None
        if not getattr(request.user, "owes_factor", False):
            return None
        address = resolve_url("alignment:security")
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


def is_set_up_by(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def how_many_have_one(company: Company) -> tuple[int, int]:
    """How many people have one, and of how many."""
    counts = people_of(company).aggregate(
        with_one=Count("pk", filter=has_factor(OuterRef("pk"))), everybody=Count("pk")
    )
    return counts["with_one"], counts["everybody"]


@transaction.atomic
def set_requirement(company: Company, *, required: bool, by: User, now: datetime) -> None:
    """Require a second factor of the company's people from their next page on, or stop requiring it."""
    companies = Company.objects.filter(pk=company.pk, second_factor_required=not required)
    if companies.update(second_factor_required=required):
        labels = {True: "yes", False: "no"}
        audit.note(
            "signin.policy", by=by, now=now, company=company, old=labels[not required], new=labels[required]
        )


def is_only_of(company: Company, person: User) -> bool:
    """Whether the person works for no other company here and does not run the site."""
    elsewhere = (
        Membership.objects.filter(user=person, ended_at=None).exclude(company=company).exists()
        or Seat.objects.current().filter(user=person).exclude(team__company=company).exists()
    )
    return not elsewhere and not person.is_staff


@transaction.atomic
def remove_all(person: User, *, by: User | None, now: datetime, company: Company | None = None) -> int:
    """Remove a person's second factors and recovery codes, sign them out
    and notify them. Returns how many."""
    gone: int = Authenticator.objects.filter(user=person).delete()[0]
    sessions.end(person, by=by, now=now, company=company)
    if gone:
        security_alerts.alert("factors_removed", person, by=by, now=now, company=company)
    return gone


@dataclass(frozen=True, slots=True)
class Passkey:
    pk: int
    name: str
    opens: bool
    added: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has beside the password, as their page shows it."""

    app: Authenticator | None
    passkeys: tuple[Passkey, ...]
    codes: int | None

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @classmethod
    def of(cls, rows: Iterable[Authenticator]) -> Factors:
        kinds: dict[str, list[Authenticator]] = {}
        for row in rows:
            kinds.setdefault(row.type, []).append(row)
        codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
        keys = kinds.get(Authenticator.Type.WEBAUTHN, [])
        return cls(
            app=next(iter(kinds.get(Authenticator.Type.TOTP, [])), None),
            passkeys=tuple(
                Passkey(
                    row.pk,
                    row.wrap().name,
                    bool(row.wrap().is_passwordless),
                    row.created_at,
                    row.last_used_at,
                )
                for row in keys
            ),
            codes=len(codes[0].wrap().get_unused_codes()) if codes else None,
        )
