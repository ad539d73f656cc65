"""The way in: the link of an invitation, and what accepting it does.

The link is signed and names the invitation and its version; no secret is stored in the database, and
the mail is written at delivery. A link works once, for seven days, until it is revoked or resent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from alignment.audit import note
from alignment.models import Invite, Membership, Seat, Team, User
from alignment.models.people import account_of
from alignment.people.directory import was_closed_by_site
from alignment.rules.seats import ONE_DAY

SALT = "alignment.invite"
OPEN, USED, REVOKED, EXPIRED, REPLACED = "open", "used", "revoked", "expired", "replaced"


def url_for(invite: Invite) -> str:
    """The address in the mail, on the host of the settings."""
    token = signing.dumps([invite.pk, invite.version], salt=SALT, compress=False)
    return settings.BASE_URL + reverse("alignment:invitation", args=(token,))


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """An invitation reached by its link, its state, and the account its address already has."""

    invite: Invite
    standing: str
    account: User | None

    @property
    def may_join(self) -> bool:
        """Whether the account may be used. One deactivated by every company is
        reactivated by joining another."""
        return self.account is not None and not was_closed_by_site(self.account)

    def is_for(self, reader: User | AnonymousUser) -> bool:
        return self.account is not None and self.account.pk == reader.pk


def find_link(token: str, now: datetime) -> InvitationLink | None:
    """None when the token is not one of ours, or whole."""
    try:
        pk, version = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    invite = Invite.objects.select_related("company", "user", "invited_by").filter(pk=pk).first()
    if invite is None:
        return None
    return InvitationLink(invite, _standing(invite, version, now), account_of(invite.email))


def _standing(invite: Invite, version: int, now: datetime) -> str:
    if invite.accepted_at is not None:
        return USED
    if invite.revoked_at is not None or invite.user is None:
        return REVOKED
    if version != invite.version:
        return REPLACED
    return EXPIRED if invite.has_expired(now) else OPEN


class InvitationTakenError(Exception):
    """The invitation was accepted, revoked or resent a moment ago, or the address has an account by now."""


def join_anew(invite: Invite, *, name: str, password: str, zone: str, locale: str, now: datetime) -> User:
    """Turn the invited stand-in into a person who signs in. Raises
    InvitationTakenError; nothing changes then."""
    person = invite.user
    if person is None or account_of(invite.email) is not None:
        raise InvitationTakenError
    try:
        return _open(person, invite, {"name": name, "timezone": zone, "locale": locale}, password, now)
    except IntegrityError as error:  # another company's invitation of the address was accepted in this moment
        raise InvitationTakenError from error


@transaction.atomic
def _open(person: User, invite: Invite, values: dict[str, str], password: str, now: datetime) -> User:
    if not invite.accept(now=now):
        raise InvitationTakenError
    person.email, person.invited_as, person.is_active = invite.email, "", True
    for name, value in values.items():
        setattr(person, name, value)
    person.joined_at = now
    person.set_password(password)
    person.save()
    note("person.joined", by=person, now=now, company=invite.company, about=person.name)
    return person


@transaction.atomic
def join_as(invite: Invite, account: User, *, now: datetime) -> None:
    """The account takes over what the invited stand-in has. Raises
    InvitationTakenError; nothing changes then."""
    stand_in = invite.user
    if stand_in is None or not invite.accept(now=now):
        raise InvitationTakenError
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=("is_active",))
    _replace_stand_in(stand_in, account, invite)
    note("person.joined", by=account, now=now, company=invite.company, about=account.name)


def _replace_stand_in(stand_in: User, account: User, invite: Invite) -> None:
    teams = set(Seat.objects.filter(user=stand_in).values_list("team", flat=True))
    own = Seat.objects.current().filter(user=account, team__in=teams).values_list("team", "since")
    for team, since in own:  # they sit there already, and nobody has two seats at once
        seats = Seat.objects.current().filter(user=stand_in, team=team)
        seats.filter(since__gte=since).delete()
        seats.update(until=since - ONE_DAY)
    joined = Membership.objects.get(company=invite.company, user=stand_in)
    Membership.objects.update_or_create(
        company=invite.company,
        user=account,
        defaults={"is_admin": joined.is_admin, "ended_at": None},
    )
    joined.delete()
    for relation in User._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's public name for it
        if isinstance(relation, models.ManyToOneRel):
            rows = relation.related_model._base_manager.filter(**{relation.field.name: stand_in})  # noqa: SLF001
            _point_at(account, rows, relation.field.name)
    stand_in.delete()
    for team in teams:
        Team.objects.bump_revision(team)


def _point_at(account: User, rows: models.QuerySet[Any], name: str) -> None:
    try:
        with transaction.atomic():
            rows.update(**{name: account})
    except IntegrityError:  # the account says some of it already, such as the same absence
        for row in rows:
            try:
                with transaction.atomic():
                    rows.filter(pk=row.pk).update(**{name: account})
            except IntegrityError:
                row.delete()
