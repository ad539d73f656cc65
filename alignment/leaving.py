"""What an admin does to a person of the company: their right, their name, their way out and back in.

People are one row for all companies; a company ends and takes up what is between it and them. Their account itself is
closed only when no company is left to them.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from alignment import sessions
from alignment.audit import note
from alignment.models import Company, Invite, Membership, Notice, PlannedSeat, Seat, Team, User
from alignment.models.invites import A_MOMENT
from alignment.notices import owe
from alignment.people import was_closed_by_site

YOURSELF = "You cannot deactivate yourself. Another admin can do it."
ALONE = (
    "{} is the only admin. Give somebody else the right first, so that the company stays in somebody’s hands."
)


def is_last_admin(person: User, company: Company) -> bool:
    """Whether nobody else who can sign in would be left to set the company up."""
    admins = company.memberships.filter(is_admin=True, user__is_active=True)
    mine = company.memberships.filter(is_admin=True, user=person)
    return mine.exists() and not admins.exclude(user=person).exists()


def _hold_admins(company: Company) -> None:
    """Until the transaction ends nobody else changes who is an admin: two cannot take each other's right at once."""
    list(Membership.objects.select_for_update().filter(company=company, is_admin=True).values_list("pk"))


def _hold(person: User) -> User:
    """The person as they are now; nobody else changes them until the transaction ends."""
    return User.objects.select_for_update().get(pk=person.pk)


@transaction.atomic
def give_right(person: User, company: Company, *, is_admin: bool, by: User, now: datetime) -> str:
    """Make them an admin, or no more. A sentence when it cannot be: then nothing was changed."""
    _hold_admins(company)
    if not is_admin and is_last_admin(person, company):
        return ALONE.format(person.name)
    row, _ = Membership.objects.get_or_create(company=company, user=person)
    if row.is_admin != is_admin:
        row.is_admin = is_admin
        row.save(update_fields=("is_admin",))
        note("admin.given" if is_admin else "admin.taken", by=by, now=now, company=company, about=person.name)
    return ""


@transaction.atomic
def deactivate(person: User, company: Company, *, by: User, now: datetime, why: str = "") -> str:
    """They get into the company no more and hear nothing of it; what they did stays. A sentence when it cannot be."""
    if person.pk == by.pk:
        return YOURSELF
    _hold_admins(company)
    if is_last_admin(person, company):
        return ALONE.format(person.name)
    _hold(person)
    if company.memberships.filter(user=person).exclude(ended_at=None).exists():
        return ""  # a second click
    ended = end_here(person, company, by=by, now=now)
    seats = ", ".join(f"{seat.get_role_display()} of {seat.team}" for seat in ended)
    note("person.deactivated", by=by, now=now, company=company, about=person.name, old=seats, why=why)
    return ""


def end_here(person: User, company: Company, *, by: User, now: datetime) -> list[Seat]:
    """End their seats and membership; close the account when no company is left to it. The seats that ended."""
    ended = list(Seat.objects.current().filter(user=person, team__company=company).select_related("team"))
    for seat in ended:
        seat.until = max(seat.since, seat.team.today(now))
        seat.save(update_fields=("until",))
        Team.objects.stir(seat.team_id)
    _cancel_planned(person, company, ended, now)
    Invite.objects.open().filter(user=person, company=company).update(revoked_at=now)
    Membership.objects.update_or_create(
        company=company, user=person, defaults={"is_admin": False, "ended_at": now}
    )
    runs_the_site = person.is_staff
    if person.is_active and not runs_the_site and not _has_a_company(person):
        person.is_active = False
        person.save(update_fields=("is_active",))
        sessions.end(person, by=by, now=now, company=company)
    return ended


def _cancel_planned(person: User, company: Company, ended: list[Seat], now: datetime) -> None:
    """Seats they were to take, and ends planned for those that have ended now."""
    waiting = PlannedSeat.objects.waiting().filter(team__company=company)
    waiting.filter(user=person).update(cancelled_at=now)
    waiting.filter(user=None, ends_seat__in=ended).update(cancelled_at=now)


def _has_a_company(person: User) -> bool:
    return (
        person.memberships.filter(ended_at=None).exists()
        or Seat.objects.current().filter(user=person).exists()
    )


@transaction.atomic
def take_back(person: User, company: Company, *, by: User, now: datetime) -> bool:
    """They get in again; seats and the admin's right are given anew. False when they are there, never accepted, or those
    who run the site closed their account."""
    person = _hold(person)
    member = company.memberships.filter(user=person).first()
    if person.invited_as or was_closed_by_site(person) or (member and member.ended_at is None):
        return False
    Membership.objects.update_or_create(company=company, user=person, defaults={"ended_at": None})
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=("is_active",))
    note("person.taken_back", by=by, now=now, company=company, about=person.name)
    return True


@transaction.atomic
def send_password(person: User, company: Company, *, by: User, now: datetime) -> None:
    """Owe them a link to set a new password; the one they have holds until they use it."""
    _hold(person)
    of_late = Notice.objects.filter(to=person, kind="new_password", created_at__gt=now - A_MOMENT)
    if of_late.exists():
        return  # a second click
    about = f"{person.pk}-{now.timestamp():.6f}"
    owe("new_password", to=person, about=about, payload={"by": by.name}, now=now, company=company)
    note("password.link_sent", by=by, now=now, company=company, about=person.name)


@transaction.atomic
def change(person: User, told: dict[str, str], *, company: Company | None, by: User, now: datetime) -> None:
    """Their name, zone and formats, as an admin or they themselves say."""
    held = _hold(person)
    old = {name: getattr(held, name) for name, value in told.items() if getattr(held, name) != value}
    if not old:
        return
    for name in old:
        setattr(person, name, told[name])
    person.save(update_fields=tuple(old))
    note(
        "person.changed", by=by, now=now, company=company, about=held.name,
        old=_words(old), new=_words({name: told[name] for name in old}),
    )  # fmt: skip


def _words(told: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value or 'none'}" for name, value in told.items())
