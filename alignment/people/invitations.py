"""Inviting people to a company: each can be given seats at once, before they accept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Q

from alignment.audit import note
from alignment.celery import nudge
from alignment.models import Company, Invite, Membership, Notice, PlannedSeat, Seat, User
from alignment.models.invitations import A_MOMENT, HOLDS
from alignment.people import directory
from alignment.people.membership import end_here
from alignment.rules.address_list import AddressListError, Invitee

A_DAY = 1000
"""Invitations a company may send within 24 hours."""
TOO_LATE = "This invitation has been accepted or revoked in the meantime. Nothing was changed."
ROLES = {True: "Admin", False: "Member"}


def invite(
    company: Company, invitees: Sequence[Invitee], *, is_admin: bool, by: User, now: datetime
) -> list[Invite]:
    """Invite all of them and enqueue their mails. Raises AddressListError; nothing changes then."""
    if sentences := list(
        dict.fromkeys(f"Line {invitee.line}: {sentence}" for invitee, sentence in _known(company, invitees))
    ):
        return _repeated_or_raise(AddressListError(sentences), company, invitees, by, now)
    of_late = company.invites.filter(invited_at__gt=now - timedelta(days=1)).count()
    if of_late + len(invitees) > A_DAY:
        raise AddressListError(
            [f"At most {A_DAY:,} invitations can be sent in a day. Nobody was invited; try again tomorrow."]
        )
    try:
        return _write(company, invitees, is_admin=is_admin, by=by, now=now)
    except IntegrityError:
        wrong = AddressListError(
            ["Someone else just invited one of these people. Nobody was invited; check the list."]
        )
        return _repeated_or_raise(wrong, company, invitees, by, now)


def _known(company: Company, invitees: Sequence[Invitee]) -> Iterable[tuple[Invitee, str]]:
    """The invitees who already belong to the company, and what to do about it."""
    addresses = [invitee.address for invitee in invitees]
    here = directory.everyone(company).filter(
        Q(invited_as__in=addresses) | Q(invited_as="", email__in=addresses)
    )
    states = {person.address: person.state for person in here if not _may_come_again(person)}
    sentences = {
        directory.ACTIVE: "{} is already in your company.",
        directory.INVITED: "{} was already invited. Open their page to resend the invitation.",
        directory.LEFT: "{} was deactivated. Open their page to reactivate them.",
    }
    for invitee in invitees:
        if invitee.address in states:
            yield invitee, sentences[states[invitee.address]].format(invitee.address)


def _repeated_or_raise(
    wrong: AddressListError, company: Company, invitees: Sequence[Invitee], by: User, now: datetime
) -> list[Invite]:
    """The invitations of the same list sent a moment ago, after a double click. Otherwise raises `wrong`."""
    mine = Invite.objects.open().filter(company=company, invited_by=by, invited_at__gt=now - A_MOMENT)
    invites = list(mine.filter(email__in=[invitee.address for invitee in invitees]))
    if len(invites) != len(invitees):
        raise wrong
    return invites


def _may_come_again(person: User) -> bool:
    """Whether their invitation was revoked after they had been given a seat."""
    return bool(person.invited_as) and person.state == directory.LEFT  # type: ignore[attr-defined]  # annotated


@transaction.atomic
def _write(
    company: Company, invitees: Sequence[Invitee], *, is_admin: bool, by: User, now: datetime
) -> list[Invite]:
    before = directory.everyone(company).filter(invited_as__in=[invitee.address for invitee in invitees])
    returning = {person.invited_as: person for person in before}
    new_people = [_stand_in(invitee, company, by) for invitee in invitees if invitee.address not in returning]
    by_address = returning | {person.invited_as: person for person in User.objects.bulk_create(new_people)}
    members = [Membership(company=company, user=person, is_admin=is_admin) for person in by_address.values()]
    Membership.objects.bulk_create(
        members,
        update_conflicts=True,
        unique_fields=("company", "user"),
        update_fields=("is_admin", "ended_at"),
    )
    invites = Invite.objects.bulk_create(
        Invite(
            company=company,
            user=by_address[invitee.address],
            email=invitee.address,
            invited_by=by,
            invited_at=now,
            expires_at=now + HOLDS,
        )
        for invitee in invitees
    )
    for invitee in invitees:
        note("person.invited", by=by, now=now, company=company, about=invitee.address, new=ROLES[is_admin])
    _enqueue(invites, now)
    return invites


def _stand_in(invitee: Invitee, company: Company, by: User) -> User:
    """Somebody who cannot sign in yet, with the company's zone and the inviter's number format."""
    return User(
        email=f"{uuid.uuid4().int}@invited.invalid",
        invited_as=invitee.address,
        name=invitee.name,
        is_active=False,
        password=UNUSABLE_PASSWORD_PREFIX,
        timezone=company.timezone,
        locale=by.locale,
    )


def _enqueue(invites: Iterable[Invite], now: datetime) -> None:
    Notice.objects.enqueue(
        Notice(
            key=f"invite:{row.pk}-{row.version}:{row.user_id}",
            kind="invite",
            to_id=row.user_id,
            payload={"invite": row.pk, "version": row.version},
            created_at=now,
            due_at=now,
            company_id=row.company_id,
        )
        for row in invites
        if row.user_id is not None
    )
    nudge("alignment.tasks.deliver_due")


@transaction.atomic
def resend(row: Invite, *, by: User, now: datetime) -> bool:
    """Send a new link, for seven days; the old one stops working. False when
    the invitation is no longer open."""
    if not row.renew(by=by, now=now):
        return row.is_fresh(now)
    note("person.invited_again", by=by, now=now, company=row.company, about=row.email)
    _enqueue([row], now)
    return True


def send_elsewhere(row: Invite, address: str, *, by: User, now: datetime) -> str:
    """Correct a mistyped address: the invitation goes to the new one, seats
    stay. Returns why it is not possible."""
    for _, sentence in _known(row.company, [Invitee(1, "", address)]):
        return sentence[0].upper() + sentence[1:]
    try:
        with transaction.atomic():
            return "" if _send_elsewhere(row, address, by, now) else TOO_LATE
    except IntegrityError:
        return f"{address} has just been invited. Nothing was changed."


def _send_elsewhere(row: Invite, address: str, by: User, now: datetime) -> bool:
    old, person = row.email, row.user
    if person is None or not row.renew(by=by, now=now):
        return False
    row.email = person.invited_as = address
    row.save(update_fields=("email",))
    person.save(update_fields=("invited_as",))
    note("person.invited_again", by=by, now=now, company=row.company, about=person.name, old=old, new=address)
    _enqueue([row], now)
    return True


@transaction.atomic
def revoke(row: Invite, *, by: User, now: datetime) -> bool:
    """The link stops working, and a seat given already ends. Whoever never had
    one is deleted. False if too late."""
    if not row.revoke(now=now):
        return False
    person = User.objects.get(invites=row)  # the first to revoke finds them
    note("invitation.revoked", by=by, now=now, company=row.company, about=row.email)
    if Seat.objects.filter(user=person).exists() or PlannedSeat.objects.filter(user=person).exists():
        end_here(person, row.company, by=by, now=now)
    else:
        person.delete()
    return True
