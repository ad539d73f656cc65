"""How a company begins: on an empty installation by a link that the server prints, later by `manage.py create_company`.

The link is signed, holds for a day, and opens nothing once anybody is known here: it makes one company, once.
"""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from alignment.audit import note
from alignment.models import Company, Heartbeat, Membership, User

LASTS = timedelta(hours=24)
_signer = TimestampSigner(salt="alignment.first_run")


class SetUpAlready(Exception):  # noqa: N818 - a state, not an error
    """Somebody was quicker: there are people here by now. Nothing was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new company and its first admin are called."""

    company: str
    currency: str
    timezone: str
    fiscal_year_start: int
    person: str
    email: str


def is_empty() -> bool:
    """Whether nobody is known here yet."""
    return not User.objects.exists()


def link() -> str:
    """A new address that makes the first company."""
    token = _signer.sign(secrets.token_urlsafe(12))
    return settings.BASE_URL + reverse("alignment:first_run", args=(token,))


def opens(token: str) -> bool:
    """Whether the token of an address is ours and not too old. Whether it is still of use, `is_empty` says."""
    try:
        _signer.unsign(token, max_age=LASTS)
    except BadSignature:
        return False
    return True


def in_words() -> str:
    """For whoever started the server: what to open, and for how long it is of use."""
    until = timezone.now() + LASTS
    return (
        "Nothing is set up here yet. Make the first company and its admin at\n"
        f"  {link()}\n"
        f"The address works once, until {until:%d %B %H:%M} UTC; “python manage.py create_company” gives another."
    )


def announce() -> None:
    """Print the link where the server's log goes, while nothing is set up. A database out of reach is told elsewhere."""
    try:
        if is_empty():
            sys.stderr.write(f"\n{in_words()}\n\n")
            sys.stderr.flush()
    except DatabaseError:
        pass
    finally:
        connection.close()


@transaction.atomic
def begin(what: Beginning, *, password: str, now: datetime) -> User:
    """The first company, its admin and the line of the audit. Raises SetUpAlready once anybody is known here."""
    # One row for whoever comes at the same moment to wait for: the second finds the first one's people.
    Heartbeat.objects.update_or_create(name="first run", defaults={"at": now})
    if not is_empty():
        raise SetUpAlready
    admin = User.objects.create_user(what.email, password, name=what.person, timezone=what.timezone)
    make_company(what, admin, now=now)
    return admin


@transaction.atomic
def make_company(what: Beginning, admin: User, *, now: datetime) -> Company:
    """A company with its first admin."""
    company = Company.objects.create(
        name=what.company, slug=free_slug(what.company), currency=what.currency, timezone=what.timezone,
        fiscal_year_start=what.fiscal_year_start,
    )  # fmt: skip
    Membership.objects.create(company=company, user=admin, is_admin=True)
    note("company.made", by=admin, now=now, company=company, about=company.name, new=admin.name)
    return company


def free_slug(name: str) -> str:
    """The company's part of its addresses: its name in plain letters, with a number where that is taken."""
    plain = slugify(name)[:50].strip("-") or "company"
    taken = set(Company.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (plain, *numbered) if slug not in taken)
