"""Who is owed which calendar entry by mail. Nothing is sent here: the outbox does, from meetings.invitation_mails.

A seat has at most one live Invitation: a repeating entry in its person's calendar. Later mails change or end it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alignment.models import Seat, Team, User
from alignment.models.teams import THE_TWO, Role
from alignment.notices import owe
from meetings.cadence import next_slot
from meetings.models import Invitation, Meeting
from meetings.planning import cadence_of

log = logging.getLogger(__name__)
JUST_NOW = timedelta(seconds=30)
"""In which another clock may have invited the others for the same change; they need it no second time."""


@transaction.atomic
def invite(seat: Seat, now: datetime, *, since: date | None = None) -> Invitation | None:
    """Owe the seat's person the team's series, from the next slot (not before the day `since`) on.

    Once: while an invitation is live, that one is returned. None when no meeting is ahead or the person wants none.
    """
    cadence = cadence_of(seat.team)
    after = max(now, datetime.combine(since, time(), cadence.zone) - timedelta(seconds=1)) if since else now
    first = next_slot(cadence, after)
    if first is None or not seat.user.calendar_mail:
        return None
    sent = {
        "kind": cadence.kind.value, "weekday": cadence.weekday, "nth": cadence.nth, "local_time": cadence.time,
        "timezone": cadence.zone.key, "starts_on": first.astimezone(cadence.zone).date(),
        "ends_on": cadence.ends_on, "created_at": now,
    }  # fmt: skip
    invitation, is_new = Invitation.objects.get_or_create(seat=seat, ended_at=None, defaults=sent)
    if is_new:
        _owe(invitation, now)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, now: datetime) -> bool:
    """Owe the end of the series: it leaves the calendar. A second time changes nothing, and says so."""
    if not _bump(invitation, ended_at=now):
        return False
    seat = invitation.seat
    owe(
        "cancelled", to=seat.user, about=f"series-{invitation.pk}", payload={"invitation": invitation.pk}, now=now,
        company=seat.team.company,
    )  # fmt: skip
    return True


@transaction.atomic
def renew(team: Team, now: datetime, *, since: date) -> None:
    """After the team's cadence changed from that day on: each series ends the day before, and a new one begins.

    One that had not begun by then is taken back.
    """
    for invitation in _live(team):
        if invitation.starts_on >= since:
            withdraw(invitation, now)
        elif _bump(invitation, ended_at=now, ends_on=since - timedelta(days=1)):
            _owe(invitation, now)
        if invitation.seat.until is None:
            invite(invitation.seat, now, since=since)


@transaction.atomic
def want(user: User, now: datetime, *, wanted: bool) -> None:
    """Invitations by mail from now on; or none, and those in the calendar are cancelled."""
    user.calendar_mail = wanted
    user.save(update_fields=("calendar_mail",))
    for seat in _uninvited(now).filter(user=user):
        invite(seat, now)
    for invitation in _lapsed().filter(seat__user=user):
        withdraw(invitation, now)


def tell_moved(meeting: Meeting, now: datetime) -> None:
    """Owe everyone seated the new time. Call it after Meeting.move, in the same transaction."""
    _tell("moved", meeting, now)


def tell_excused(meeting: Meeting, now: datetime) -> None:
    """Owe everyone seated that it will not be held. Call it after Meeting.excuse, in the same transaction."""
    _tell("cancelled", meeting, now)


def catch_up(now: datetime) -> int:
    """Invite the seats taken and end the series of those given up; two queries when there are none.

    Where the CEO or the leader changed, the others get their series again, for its title names the two.
    Returns how many were invited.
    """
    changed: set[int] = set()
    invited = 0
    for seat in _uninvited(now):
        try:
            invitation = invite(seat, now)
            # begun by another clock, it is that clock which tells the others
            if invitation and invitation.created_at == now:
                invited += 1
                changed |= {seat.team_id} if seat.role in THE_TWO else set()
        except (ZoneInfoNotFoundError, ValueError, OSError):  # whatever a zone name that is none raises
            log.warning("seat %s was not invited: its team's time zone is unknown", seat.pk)
    for invitation in _lapsed():
        if withdraw(invitation, now) and invitation.seat.role in THE_TWO:
            changed.add(invitation.seat.team_id)
    if changed:
        others = Invitation.objects.live().filter(seat__team__in=changed, created_at__lt=now - JUST_NOW)
        _send_again(others.select_related("seat__team__company", "seat__user"), now)
    return invited


# Sets and steps


def _uninvited(now: datetime) -> QuerySet[Seat]:
    """Seats of complete teams whose people want mail and have no series in their calendar."""
    lasting = Q(team__ends_on=None) | Q(team__ends_on__gte=now.date())
    seats = Seat.objects.current()
    held = {role: seats.filter(team=OuterRef("team"), role=role) for role in THE_TWO}
    live = Invitation.objects.live().filter(seat=OuterRef("pk"))
    wanting = seats.filter(lasting, user__is_active=True, user__calendar_mail=True)
    complete = wanting.filter(Exists(held[Role.CEO]), Exists(held[Role.LEADER]), ~Exists(live))
    return complete.select_related("team__company", "user")


def _lapsed() -> QuerySet[Invitation]:
    """Series of seats given up, and of people who left or want no mail."""
    gone = Q(seat__until__isnull=False) | Q(seat__user__is_active=False) | Q(seat__user__calendar_mail=False)
    return Invitation.objects.live().filter(gone).select_related("seat__team__company", "seat__user")


def _live(team: Team) -> QuerySet[Invitation]:
    return (
        Invitation.objects.live().filter(seat__team=team).select_related("seat__team__company", "seat__user")
    )


def _send_again(invitations: Iterable[Invitation], now: datetime) -> None:
    for invitation in invitations:
        if _bump(invitation):
            _owe(invitation, now)


def _bump(invitation: Invitation, **fields: object) -> bool:
    """The next version of a live series; False when another process has ended it."""
    live = Invitation.objects.live().filter(pk=invitation.pk)
    bumped = live.update(sequence=F("sequence") + 1, **fields)
    invitation.refresh_from_db(fields=("sequence", "ends_on", "ended_at"))
    return bool(bumped)


def _owe(invitation: Invitation, now: datetime) -> None:
    version = {"invitation": invitation.pk, "sequence": invitation.sequence}
    about, seat = f"series-{invitation.pk}-{invitation.sequence}", invitation.seat
    owe("invitation", to=seat.user, about=about, payload=version, now=now, company=seat.team.company)


def _tell(kind: str, meeting: Meeting, now: datetime) -> None:
    version, company = {"meeting": meeting.pk, "sequence": meeting.sequence}, meeting.team.company
    about = f"meeting-{meeting.pk}-{meeting.sequence}"
    for seat in meeting.team.current_seats:
        owe(kind, to=seat.user, about=about, payload=version, now=now, company=company)
