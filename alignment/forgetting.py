"""A person forgotten on request: name, address and all that is theirs alone go; what happened stays, under a placeholder.

What goes with an account in the database (CASCADE) goes here too. What the database protects or keeps without its author
stays. The name is taken out of every text of their companies, frozen records included: the one lawful exception to
“a record never changes”; what was said there stays. docs/data.md says it for people.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.utils import getaddresses

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Count, Q, Value

from alignment.archives import making
from alignment.archives.kinds import Model, all_models, columns, every
from alignment.audit import note
from alignment.models import Archive, Company, Entry, Invite, Membership, PlannedSeat, Seat, User
from alignment.scrubbing import Scrub, companies_of

HOST = "forgotten.invalid"
"""No mail can go there: the ending is reserved for what does not exist (RFC 2606)."""
NBSP = "\N{NO-BREAK SPACE}"
log = logging.getLogger(__name__)


def placeholder(person: User) -> str:
    """With unbreakable spaces, so that no page takes “Former” for a first name."""
    return f"Former{NBSP}member{NBSP}{person.pk}"


def is_forgotten(person: User) -> bool:
    return person.email.endswith(f"@{HOST}")


def people_of(company: Company) -> models.QuerySet[User]:
    """Everyone who is or was in the company and is not forgotten yet."""
    there = (
        Q(pk__in=company.memberships.values("user"))
        | Q(pk__in=company.invites.values("user"))
        | Q(pk__in=Seat.objects.filter(team__company=company).values("user"))
    )
    return User.objects.filter(there).exclude(email__endswith=f"@{HOST}")


def who_left(company: Company, *, named: str = "") -> models.QuerySet[User]:
    """Those of them who hold nothing any more: no seat, none to come, and no right to administer."""
    found = people_of(company).exclude(
        Q(pk__in=Seat.objects.current().values("user"))
        | Q(pk__in=PlannedSeat.objects.waiting().exclude(user=None).values("user"))
        | Q(pk__in=Membership.objects.filter(is_admin=True).values("user"))
    )
    return found.filter(Q(name__icontains=named) | Q(email__icontains=named)) if named else found


def refusal(person: User, company: Company | None = None) -> str:
    """Why the person cannot be forgotten now, in a sentence; empty when nothing is in the way.

    With a company it is its admin who asks: whoever is also elsewhere is forgotten by whoever runs the installation.
    """
    if is_forgotten(person):
        return "They are forgotten already."
    if seat := Seat.objects.current().filter(user=person).select_related("team").first():
        where = f" on {seat.team}" if company is None or seat.team.company_id == company.pk else ""
        return f"They hold a seat{where}. Give it to somebody else first; then they can be forgotten."
    if PlannedSeat.objects.waiting().filter(user=person).exists():
        return "A seat is planned for them. Cancel that first; then they can be forgotten."
    if person.memberships.filter(is_admin=True).exists():
        return "They administer a company. Take that right away first; then they can be forgotten."
    if person.is_staff or person.is_superuser:
        return "They run this installation. Take that right away first, in the emergency admin."
    if company is not None and companies_of(person).exclude(pk=company.pk).exists():
        return "They are known beyond this company. Only whoever runs the installation can forget them: manage.py forget_person."
    return ""


@dataclass(frozen=True)
class Told:
    """What goes and what stays, counted, for whoever decides."""

    goes: tuple[str, ...]
    stays: tuple[str, ...]


def told(person: User) -> Told:
    """Every reference to the person counted, in one query."""
    found = [(model, field) for model, field in references() if is_told(model)]
    counting = [
        every(model).filter(**{field.name: person}).order_by().values_list(Value(at), Count("pk"))
        for at, (model, field) in enumerate(found)
    ]  # fmt: skip
    goes: Counter[Model] = Counter()
    stays: Counter[Model] = Counter()
    for at, number in counting[0].union(*counting[1:], all=True):
        model, field = found[at]
        (goes if goes_with_them(field) else stays)[model] += number
    return Told(_counted(goes), _counted(stays))


def references() -> Iterator[tuple[Model, models.ForeignKey[User, User]]]:
    """Every column of the installation that refers to a person."""
    for model in all_models():
        for field in columns(model):
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                yield model, field


def goes_with_them(field: models.ForeignKey[User, User]) -> bool:
    """Whether the row is the person's own: the database would delete it with the account."""
    return field.remote_field.on_delete is models.CASCADE


def is_told(model: Model) -> bool:
    return not model._meta.auto_created  # noqa: SLF001


def _counted(found: Counter[Model]) -> tuple[str, ...]:
    return tuple(sorted(f"{number} {_named(model, number)}" for model, number in found.items() if number))


def _named(model: Model, number: int) -> str:
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)  # noqa: SLF001


@transaction.atomic
def forget(person: User, *, by: User | None, now: datetime) -> str:
    """Do it. Returns nothing, or why not (alignment.asking). The audit says that it was done, not of whom."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if why := refusal(person):
        return why
    companies = list(companies_of(person))
    addresses = addresses_of(person)
    scrub = Scrub(person, placeholder(person), addresses)
    for company in companies:
        for archive in Archive.objects.there().filter(company=company):
            making.remove(archive, now=now, by=by)
    delete_own_rows(person, addresses)
    for company in companies:
        scrub.company(company)
    scrub.installation()
    replace_account(person)
    for company in companies:
        note("person.forgotten", by=by, now=now, company=company, about=placeholder(person))
    transaction.on_commit(lambda: delete_mails(addresses))
    return ""


def addresses_of(person: User) -> set[str]:
    """Every address by which the installation knows them."""
    found = {person.email, person.invited_as, *person.invites.values_list("email", flat=True)}
    for model, field in references():
        if field.name == "user" and any(each.name == "email" for each in columns(model)):
            found.update(every(model).filter(user=person).values_list("email", flat=True))
    return {address.lower() for address in found if address}


def delete_own_rows(person: User, addresses: set[str]) -> None:
    sessions_of(person).delete()
    Invite.objects.filter(Q(user=person) | Q(email__in=addresses)).delete()
    Entry.objects.filter(company=None, by=person).delete()
    for model, field in references():
        if goes_with_them(field):
            every(model).filter(**{field.name: person}).delete()


def sessions_of(person: User) -> models.QuerySet[Session]:
    """What browsers of theirs hold open, found by reading each: some were begun before anybody kept a list."""
    theirs = [
        session.pk for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]  # fmt: skip
    return Session.objects.filter(pk__in=theirs)


def replace_account(person: User) -> None:
    """The row stays, because meetings refer to it; nothing in it says who it was."""
    blank = {
        field.name: field.get_default() for field in columns(User)
        if field.name not in ("id", "name", "email", "password", "joined_at", "is_active", "is_staff", "is_superuser")
    }  # fmt: skip
    for name, value in blank.items():
        setattr(person, name, value)
    person.name, person.email = placeholder(person), f"former-{person.pk}@{HOST}"
    person.is_active = person.calendar_mail = False
    person.set_unusable_password()
    person.save()


def delete_mails(addresses: set[str]) -> None:
    """Where mails are kept as files: those to the person."""
    for path in settings.MAIL_DIR.glob("*.eml"):
        try:
            mail = message_from_bytes(path.read_bytes())
            to = {
                address.lower()
                for _, address in getaddresses([*mail.get_all("To", []), *mail.get_all("X-To", [])])
            }
            if to & addresses:
                path.unlink(missing_ok=True)
        except OSError:
            log.exception("a mail kept as a file could not be deleted")
