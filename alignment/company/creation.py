"""Creating a company: the first one by a link that the server prints,
later ones by `manage.py create_company`.

The link is signed, works for a day, and does nothing once there are people: it creates one company, once.
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
_signer = TimestampSigner(salt="alignment.company.creation")


class AlreadySetUpError(Exception):
    """Somebody was quicker: there are people here by now. Nothing was created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """The facts of a new company and its first admin."""

    company: str
    currency: str
    timezone: str
    fiscal_year_start: int
    person: str
    email: str


def is_empty() -> bool:
    """Whether there are no people yet."""
    return not User.objects.exists()


def link() -> str:
    """A new link that creates the first company."""
    token = _signer.sign(secrets.token_urlsafe(12))
    return settings.BASE_URL + reverse("alignment:first_run", args=(token,))


def opens(token: str) -> bool:
    """Whether the token is ours and not too old. Whether it is still useful, `is_empty` says."""
    try:
        _signer.unsign(token, max_age=LASTS)
    except BadSignature:
        return False
    return True


def setup_instructions() -> str:
    """For whoever started the server: what to open, and for how long it works."""
    until = timezone.now() + LASTS
    return (
        "No company is set up yet. Create the first company and its admin at\n"
        f"  {link()}\n"
        f"The link works once, until {until:%d %B %H:%M} UTC; “python "
        "manage.py create_company” prints a new one."
    )


def announce() -> None:
    """Print the link to the server's log while nothing is set up. A missing
    database is reported elsewhere."""
    try:
        if is_empty():
            sys.stderr.write(f"\n{setup_instructions()}\n\n")
            sys.stderr.flush()
    except DatabaseError:
        pass
    finally:
        connection.close()


@transaction.atomic
def create_first_company(what: NewCompany, *, password: str, now: datetime) -> User:
    """Create the first company, its admin and the audit entry. Raises
    AlreadySetUpError once there are people."""
    # Two requests at the same moment wait for each other on this row: the
    # second finds the first one's people.
    Heartbeat.objects.update_or_create(name="first run", defaults={"at": now})
    if not is_empty():
        raise AlreadySetUpError
    admin = User.objects.create_user(what.email, password, name=what.person, timezone=what.timezone)
    create_company(what, admin, now=now)
    return admin


@transaction.atomic
def create_company(what: NewCompany, admin: User, *, now: datetime) -> Company:
    """Create a company with its first admin."""
    company = Company.objects.create(
        name=what.company,
        slug=free_slug(what.company),
        currency=what.currency,
        timezone=what.timezone,
        fiscal_year_start=what.fiscal_year_start,
    )
    Membership.objects.create(company=company, user=admin, is_admin=True)
    note("company.made", by=admin, now=now, company=company, about=company.name, new=admin.name)
    return company


def free_slug(name: str) -> str:
    """The company's part of its addresses: its name in plain letters, with a number where that is taken."""
    plain = slugify(name)[:50].strip("-") or "company"
    taken = set(Company.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (plain, *numbered) if slug not in taken)
