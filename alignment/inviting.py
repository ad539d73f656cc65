"""Inviting people to a company: each is known there from that moment and can be seated, before they accept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Q

from alignment import people
from alignment.addresses import Asked, BadList
from alignment.audit import note
from alignment.celery import nudge
from alignment.leaving import end_here
from alignment.models import Company, Invite, Membership, Notice, PlannedSeat, Seat, User
from alignment.models.invites import A_MOMENT, HOLDS

A_DAY = 1000
"""Invitations a company may send within 24 hours."""
TOO_LATE = "This invitation was accepted or revoked in the meantime. Nothing was changed."
ROLES = {True: "Admin", False: "Member"}


def invite(
    company: Company, asked: Sequence[Asked], *, is_admin: bool, by: User, now: datetime
) -> list[Invite]:
    """Make all of them known and owe each a mail. Raises BadList, and changes nothing then."""
    if told := list(dict.fromkeys(f"Line {each.line}: {said}" for each, said in _known(company, asked))):
        return _done_or_refused(BadList(told), company, asked, by, now)
    of_late = company.invites.filter(invited_at__gt=now - timedelta(days=1)).count()
    if of_late + len(asked) > A_DAY:
        raise BadList(
            [f"At most {A_DAY:,} invitations go out in a day. Nobody was invited; try again tomorrow."]
        )
    try:
        return _write(company, asked, is_admin=is_admin, by=by, now=now)
    except IntegrityError:
        wrong = BadList(
            ["Somebody else invited one of them a moment ago. Nobody was invited; look at the list."]
        )
        return _done_or_refused(wrong, company, asked, by, now)


def _known(company: Company, asked: Sequence[Asked]) -> Iterable[tuple[Asked, str]]:
    """Whoever is among the company's people already, and what to do about it."""
    addresses = [each.address for each in asked]
    here = people.everyone(company).filter(
        Q(invited_as__in=addresses) | Q(invited_as="", email__in=addresses)
    )
    states = {person.address: person.state for person in here if not _may_come_again(person)}
    said = {
        people.ACTIVE: "{} is among your people already.",
        people.INVITED: "{} was invited already. Open their page to send it again.",
        people.LEFT: "{} was deactivated. Open their page to take them back.",
    }
    for each in asked:
        if each.address in states:
            yield each, said[states[each.address]].format(each.address)


def _done_or_refused(
    wrong: BadList, company: Company, asked: Sequence[Asked], by: User, now: datetime
) -> list[Invite]:
    """The invitations of the same list that went out a moment ago: a second click. Otherwise raises what is wrong."""
    mine = Invite.objects.open().filter(company=company, invited_by=by, invited_at__gt=now - A_MOMENT)
    found = list(mine.filter(email__in=[each.address for each in asked]))
    if len(found) != len(asked):
        raise wrong
    return found


def _may_come_again(person: User) -> bool:
    """Whose invitation was revoked after they had been given a seat: the company knows them still."""
    return bool(person.invited_as) and person.state == people.LEFT  # type: ignore[attr-defined]  # annotated


@transaction.atomic
def _write(
    company: Company, asked: Sequence[Asked], *, is_admin: bool, by: User, now: datetime
) -> list[Invite]:
    before = people.everyone(company).filter(invited_as__in=[each.address for each in asked])
    again = {person.invited_as: person for person in before}
    fresh = [_stand_in(each, company, by) for each in asked if each.address not in again]
    by_address = again | {person.invited_as: person for person in User.objects.bulk_create(fresh)}
    members = [Membership(company=company, user=person, is_admin=is_admin) for person in by_address.values()]
    Membership.objects.bulk_create(
        members, update_conflicts=True, unique_fields=("company", "user"), update_fields=("is_admin", "ended_at")
    )  # fmt: skip
    invites = Invite.objects.bulk_create(
        Invite(company=company, user=by_address[each.address], email=each.address, invited_by=by, invited_at=now,
               expires_at=now + HOLDS)
        for each in asked
    )  # fmt: skip
    for each in asked:
        note("person.invited", by=by, now=now, company=company, about=each.address, new=ROLES[is_admin])
    _owe(invites, now)
    return invites


def _stand_in(each: Asked, company: Company, by: User) -> User:
    """Somebody who cannot sign in yet, in the company's zone and the inviter's way of writing amounts."""
    return User(
        email=f"{uuid.uuid4().int}@invited.invalid", invited_as=each.address, name=each.name, is_active=False,
        password=UNUSABLE_PASSWORD_PREFIX, timezone=company.timezone, locale=by.locale,
    )  # fmt: skip


def _owe(invites: Iterable[Invite], now: datetime) -> None:
    Notice.objects.owe(
        Notice(
            key=f"invite:{row.pk}-{row.version}:{row.user_id}", kind="invite", to_id=row.user_id,
            payload={"invite": row.pk, "version": row.version}, created_at=now, due_at=now, company_id=row.company_id,
        )
        for row in invites if row.user_id is not None
    )  # fmt: skip
    nudge("alignment.tasks.deliver_due")


@transaction.atomic
def send_again(row: Invite, *, by: User, now: datetime) -> bool:
    """A new link, for seven days from now; the old one stops working. False when it is open no more."""
    if not row.renew(by=by, now=now):
        return row.is_fresh(now)
    note("person.invited_again", by=by, now=now, company=row.company, about=row.email)
    _owe([row], now)
    return True


def send_elsewhere(row: Invite, address: str, *, by: User, now: datetime) -> str:
    """The address was mistyped: the invitation goes to another one, and seats given already stay. A sentence when it cannot."""
    for _, said in _known(row.company, [Asked(1, "", address)]):
        return said[0].upper() + said[1:]
    try:
        with transaction.atomic():
            return "" if _send_elsewhere(row, address, by, now) else TOO_LATE
    except IntegrityError:
        return f"{address} was invited a moment ago. Nothing was changed."


def _send_elsewhere(row: Invite, address: str, by: User, now: datetime) -> bool:
    old, person = row.email, row.user
    if person is None or not row.renew(by=by, now=now):
        return False
    row.email = person.invited_as = address
    row.save(update_fields=("email",))
    person.save(update_fields=("invited_as",))
    note("person.invited_again", by=by, now=now, company=row.company, about=person.name, old=old, new=address)
    _owe([row], now)
    return True


@transaction.atomic
def revoke(row: Invite, *, by: User, now: datetime) -> bool:
    """The link stops working, and a seat given already ends. Who never had one is forgotten. False when it is too late."""
    if not row.revoke(now=now):
        return False
    person = User.objects.get(invites=row)  # the first to revoke finds them
    note("invitation.revoked", by=by, now=now, company=row.company, about=row.email)
    if Seat.objects.filter(user=person).exists() or PlannedSeat.objects.filter(user=person).exists():
        end_here(person, row.company, by=by, now=now)
    else:
        person.delete()
    return True
