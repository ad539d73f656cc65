"""A person erased on request: name, address and what is theirs alone go;
what happened stays, under a placeholder.

What goes with an account in the database (CASCADE) goes here too. What the database protects or keeps without
its author stays. The name is removed from every text of their companies, closed records included: the one
lawful exception to “a record never changes”; the rest of the text stays. docs/data.md explains it for
readers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Count, Q, Value

from alignment.audit import note
from alignment.db.search_keys import contains
from alignment.erasure.files import delete_files
from alignment.erasure.identities import addresses_of, names_of
from alignment.erasure.mail_files import delete_mails
from alignment.erasure.redact import Scrub, companies_of
from alignment.erasure.references import references
from alignment.exports import jobs
from alignment.exports.schema import Model, columns, every
from alignment.models import (
    Archive,
    Company,
    Entry,
    Invite,
    Link,
    Membership,
    OverviewReader,
    PlannedSeat,
    Seat,
    User,
)
from alignment.models.people import is_for_its_people_alone

HOST = "forgotten.invalid"
"""No mail can go there: the ending is reserved for what does not exist (RFC 2606)."""
NBSP = "\N{NO-BREAK SPACE}"


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
    """Former members: no seat, none planned, no overview, and not an admin."""
    people = people_of(company).exclude(
        Q(pk__in=Seat.objects.current().values("user"))
        | Q(pk__in=PlannedSeat.objects.waiting().exclude(user=None).values("user"))
        | Q(pk__in=OverviewReader.objects.current().values("user"))
        | Q(pk__in=Membership.objects.filter(is_admin=True).values("user"))
    )
    return people.filter(contains(named, "name_key") | Q(email__icontains=named)) if named else people


def refusal(person: User, company: Company | None = None) -> str:
    """Why the person cannot be erased now, in a sentence; empty when nothing prevents it.

    With a company it is its admin who asks: people of several companies are erased by the site administrator.
    """
    if is_forgotten(person):
        return "This person has already been erased."
    if seat := Seat.objects.current().filter(user=person).select_related("team").first():
        where = seat.team if company is None or seat.team.company_id == company.pk else "a team"
        return f"They are a member of {where}. Replace or remove them first; then they can be erased."
    if PlannedSeat.objects.waiting().filter(user=person).exists():
        return "They are planned to join a team. Cancel that first; then they can be erased."
    if OverviewReader.objects.current().filter(user=person).exists():
        return "They read the overview of a company. End that first; then they can be erased."
    if person.memberships.filter(is_admin=True).exists():
        return "They are an admin of a company. Remove the admin role first; then they can be erased."
    if person.is_staff or person.is_superuser:
        return "They are a site administrator. Remove that role first, in the emergency admin."
    if company is not None and companies_of(person).exclude(pk=company.pk).exists():
        return (
            "They also belong to another company. Only the site administrator "
            "can erase them: manage.py forget_person."
        )
    return ""


@dataclass(frozen=True)
class ErasurePreview:
    """What would be deleted and what would stay, counted, for whoever decides."""

    goes: tuple[str, ...]
    stays: tuple[str, ...]


def preview_erasure(person: User) -> ErasurePreview:
    """Every reference to the person counted, in one query."""
    listed = [(model, field) for model, field in references() if is_listed(model)]
    counting = [
        every(model).filter(**{field.name: person}).order_by().values_list(Value(at), Count("pk"))
        for at, (model, field) in enumerate(listed)
    ]
    goes: Counter[Model] = Counter()
    stays: Counter[Model] = Counter()
    for at, number in counting[0].union(*counting[1:], all=True):
        model, field = listed[at]
        (goes if goes_with_them(field) else stays)[model] += number
    return ErasurePreview(_counted(goes), _counted(stays))


def goes_with_them(field: models.ForeignKey[User, User]) -> bool:
    """Whether the row is the person's own: the database would delete it with the account."""
    return field.remote_field.on_delete is models.CASCADE


def is_listed(model: Model) -> bool:
    """A count of what is for its people alone would tell an admin that it is there."""
    return not model._meta.auto_created and not is_for_its_people_alone(model)  # noqa: SLF001


def _counted(counts: Counter[Model]) -> tuple[str, ...]:
    return tuple(sorted(f"{number} {_named(model, number)}" for model, number in counts.items() if number))


def _named(model: Model, number: int) -> str:
    if model is Invite:  # "invite" is the program's word
        return "invitation to the company" if number == 1 else "invitations to the company"
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)  # noqa: SLF001


@transaction.atomic
def forget(person: User, *, by: User | None, now: datetime) -> str:
    """Erase them. Returns an empty string, or why not (alignment.web.confirm).
    The audit records it without the name."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if why := refusal(person):
        return why
    companies = list(companies_of(person))
    addresses = addresses_of(person)
    scrub = Scrub(person, placeholder(person), addresses, names_of(person, companies))
    for company in companies:
        for archive in Archive.objects.available().filter(company=company):
            jobs.remove_export(archive, now=now, by=by)
        delete_files(company)
    delete_own_rows(person, addresses)
    for company in companies:
        scrub.company(company)
    scrub.installation()
    replace_account(person)
    for company in companies:
        note("person.forgotten", by=by, now=now, company=company, about=placeholder(person))
    transaction.on_commit(lambda: delete_mails(scrub.mentions))
    return ""


def delete_own_rows(person: User, addresses: set[str]) -> None:
    sessions_of(person).delete()
    Invite.objects.filter(Q(user=person) | Q(email__in=addresses)).delete()
    Link.objects.filter(email__in=addresses).delete()
    Entry.objects.filter(company=None, by=person).delete()
    for model, field in references():
        if goes_with_them(field):
            every(model).filter(**{field.name: person}).delete()


def sessions_of(person: User) -> models.QuerySet[Session]:
    """Their open sessions, found by reading each: old ones are not in the list of sessions."""
    theirs = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return Session.objects.filter(pk__in=theirs)


def replace_account(person: User) -> None:
    """The row stays, because meetings refer to it; nothing in it identifies the person."""
    blank = {
        field.name: field.get_default()
        for field in columns(User)
        if field.name
        not in ("id", "name", "email", "password", "joined_at", "is_active", "is_staff", "is_superuser")
    }
    for name, value in blank.items():
        setattr(person, name, value)
    person.name, person.email = placeholder(person), f"former-{person.pk}@{HOST}"
    person.is_active = person.calendar_mail = False
    person.set_unusable_password()
    person.save()
