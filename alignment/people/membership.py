"""What an admin can do to a person of the company: admin role, profile, deactivation and reactivation.

A person is one row for all companies; each company ends and restarts its own membership. The
account itself is closed only when no company is left.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from alignment.audit import note
from alignment.models import Company, Invite, Membership, Notice, PlannedSeat, Seat, Team, User
from alignment.models.invitations import A_MOMENT
from alignment.outbox.notice_kinds import enqueue
from alignment.people.directory import was_closed_by_site
from alignment.people.overview_readers import end_overview
from alignment.sign_in import sessions

YOURSELF = "You cannot deactivate yourself. Another admin can do it."
ALONE = "{} is the only admin. Make someone else an admin first."


def is_last_admin(person: User, company: Company) -> bool:
    """Whether they are the only admin who can sign in."""
    admins = company.memberships.filter(is_admin=True, user__is_active=True)
    mine = company.memberships.filter(is_admin=True, user=person)
    return mine.exists() and not admins.exclude(user=person).exists()


def _lock_admins(company: Company) -> None:
    """Lock the admins until the transaction ends, so that two cannot remove each other at once."""
    list(Membership.objects.select_for_update().filter(company=company, is_admin=True).values_list("pk"))


def _lock(person: User) -> User:
    """The person as stored now, locked until the transaction ends."""
    return User.objects.select_for_update().get(pk=person.pk)


@transaction.atomic
def give_right(person: User, company: Company, *, is_admin: bool, by: User, now: datetime) -> str:
    """Give or remove the admin role. Returns why it is not possible; nothing changes then."""
    _lock_admins(company)
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
    """Close the company to them; what they did stays. Returns why it is not possible."""
    if person.pk == by.pk:
        return YOURSELF
    _lock_admins(company)
    if is_last_admin(person, company):
        return ALONE.format(person.name)
    _lock(person)
    if company.memberships.filter(user=person).exclude(ended_at=None).exists():
        return ""  # a second click
    ended = end_here(person, company, by=by, now=now)
    seats = ", ".join(f"{seat.get_role_display()} of {seat.team}" for seat in ended)
    note("person.deactivated", by=by, now=now, company=company, about=person.name, old=seats, why=why)
    return ""


def end_here(person: User, company: Company, *, by: User, now: datetime) -> list[Seat]:
    """End their seats, overview and membership; close the account when no company is
    left to it. The seats that ended."""
    ended = list(Seat.objects.current().filter(user=person, team__company=company).select_related("team"))
    for seat in ended:
        seat.until = max(seat.since, seat.team.today(now))
        seat.save(update_fields=("until",))
        Team.objects.bump_revision(seat.team_id)
    _cancel_planned(person, company, ended, now)
    end_overview(person, company, by=by, now=now)
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
    """Reactivate them without seats, overview and admin role. False when they are active, never accepted, or the site
    administrator closed their account."""
    person = _lock(person)
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
    """Send them a link to set a new password; the current one works until they use it."""
    _lock(person)
    of_late = Notice.objects.filter(to=person, kind="new_password", created_at__gt=now - A_MOMENT)
    if of_late.exists():
        return  # a second click
    about = f"{person.pk}-{now.timestamp():.6f}"
    enqueue("new_password", to=person, about=about, payload={"by": by.name}, now=now, company=company)
    note("password.link_sent", by=by, now=now, company=company, about=person.name)


@transaction.atomic
def change(
    person: User, values: dict[str, str], *, version: int, company: Company | None, by: User, now: datetime
) -> User:
    """Save their name, zone and formats, as changed by an admin or by themselves.

    Raises VersionConflict when somebody else saved in between.
    """
    locked = _lock(person)
    old = {name: getattr(locked, name) for name, value in values.items() if getattr(locked, name) != value}
    if not old:
        return locked
    new = {name: values[name] for name in old}
    saved = locked.edit(version=version, **new)
    note(
        "person.changed",
        by=by,
        now=now,
        company=company,
        about=locked.name,
        old=_describe(old),
        new=_describe(new),
    )
    return saved


def _describe(values: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value or 'none'}" for name, value in values.items())
