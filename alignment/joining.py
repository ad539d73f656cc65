"""The way in: the link of an invitation, and what accepting it does.

The link is signed and names the invitation and its version; nothing that opens a door is kept in the database, and
the mail can be made at delivery. A link works once, for seven days, until it is revoked or sent again.
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
from alignment.people import was_closed_by_site

SALT = "alignment.invite"
OPEN, USED, REVOKED, EXPIRED, REPLACED = "open", "used", "revoked", "expired", "replaced"


def url_for(invite: Invite) -> str:
    """The address in the mail, on the host of the settings."""
    token = signing.dumps([invite.pk, invite.version], salt=SALT, compress=False)
    return settings.BASE_URL + reverse("alignment:invitation", args=(token,))


@dataclass(frozen=True, slots=True)
class Door:
    """An invitation that somebody holds the link of, how it stands, and the account its address has already."""

    invite: Invite
    standing: str
    account: User | None

    @property
    def may_join(self) -> bool:
        """Whether the account may be used. One that every company has deactivated opens again by joining another."""
        return self.account is not None and not was_closed_by_site(self.account)

    def is_for(self, reader: User | AnonymousUser) -> bool:
        return self.account is not None and self.account.pk == reader.pk


def door(token: str, now: datetime) -> Door | None:
    """None when the token is not one of ours, or whole."""
    try:
        pk, version = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    invite = Invite.objects.select_related("company", "user", "invited_by").filter(pk=pk).first()
    if invite is None:
        return None
    return Door(invite, _standing(invite, version, now), account_of(invite.email))


def _standing(invite: Invite, version: int, now: datetime) -> str:
    if invite.accepted_at is not None:
        return USED
    if invite.revoked_at is not None or invite.user is None:
        return REVOKED
    if version != invite.version:
        return REPLACED
    return EXPIRED if invite.has_expired(now) else OPEN


def account_of(address: str) -> User | None:
    """Who signs in with this address, in any company; closed accounts too."""
    return User.objects.filter(email__iexact=address, invited_as="").first()


class Taken(Exception):  # noqa: N818 - said to a person
    """The invitation was accepted, revoked or sent again a moment ago, or the address has an account by now."""


def join_anew(invite: Invite, *, name: str, password: str, zone: str, locale: str, now: datetime) -> User:
    """The person the company knows becomes one who signs in with the address. Raises Taken, and changes nothing then."""
    person = invite.user
    if person is None or account_of(invite.email) is not None:
        raise Taken
    try:
        return _open(person, invite, {"name": name, "timezone": zone, "locale": locale}, password, now)
    except IntegrityError as error:  # another company's invitation of the address was accepted in this moment
        raise Taken from error


@transaction.atomic
def _open(person: User, invite: Invite, told: dict[str, str], password: str, now: datetime) -> User:
    if not invite.accept(now=now):
        raise Taken
    person.email, person.invited_as, person.is_active = invite.email, "", True
    for name, value in told.items():
        setattr(person, name, value)
    person.joined_at = now
    person.set_password(password)
    person.save()
    note("person.joined", by=person, now=now, company=invite.company, about=person.name)
    return person


@transaction.atomic
def join_as(invite: Invite, account: User, *, now: datetime) -> None:
    """The account takes over all that the company gave the person it invited. Raises Taken, and changes nothing then."""
    stand_in = invite.user
    if stand_in is None or not invite.accept(now=now):
        raise Taken
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=("is_active",))
    _hand_over(stand_in, account, invite, now)
    note("person.joined", by=account, now=now, company=invite.company, about=account.name)


def _hand_over(stand_in: User, account: User, invite: Invite, now: datetime) -> None:
    teams = set(Seat.objects.filter(user=stand_in).values_list("team", flat=True))
    mine = Seat.objects.current().filter(user=account, team__in=teams).values("team")
    for seat in Seat.objects.current().filter(user=stand_in, team__in=mine).select_related("team"):
        seat.until = max(seat.since, seat.team.today(now))  # they sit there already
        seat.save(update_fields=("until",))
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
        Team.objects.stir(team)


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
