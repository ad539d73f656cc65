"""Which calendar invites are due. They are enqueued here; the outbox sends them
(meetings.mails.calendar_invites).

An Invitation is an entry in somebody's calendar. It is kept up to date until its last day is over, also when
another one has followed it. What all of a team's entries show is compared with what was last sent
(TeamCalendar), and the difference is sent, so that nothing that changes it needs to know of calendars.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alignment.models import Seat, Team, User
from alignment.outbox.notice_kinds import enqueue
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.calendars.entry_digests import EntryDigests, slot_key
from meetings.calendars.team_entries import TeamEntries, read_team_entries
from meetings.models import CalendarInvite, Meeting, TeamCalendar
from meetings.models.team_cadence import cadence_of
from meetings.rules.cadence import Cadence, Kind, has_slot, next_slot

LONG_OVER = timedelta(days=40)
"""After its last day, when no meeting of it can lie ahead any more: a move reaches the next slot at most."""


@transaction.atomic
def send_calendar_invite(seat: Seat, now: datetime, *, since: date | None = None) -> CalendarInvite | None:
    """Enqueue the team's series for the seat's person, from the next meeting (not before the day `since`) on.

    Meetings ahead that are in none of their entries, as those of an earlier cadence, are sent one by one. None
    when no meeting is ahead or no invite is wanted.
    """
    if lasting := CalendarInvite.objects.lasting(seat.team.ends_on).filter(seat=seat).first():
        return lasting
    if not seat.user.calendar_mail:
        return None
    cadence = cadence_of(seat.team)
    begin = max(now, datetime.combine(since, time(), cadence.zone) - timedelta(seconds=1)) if since else now
    entries = [entry.cadence(minutes=0) for entry in CalendarInvite.objects.live().filter(seat=seat)]

    def is_covered(slot: datetime) -> bool:
        return any(has_slot(entry, slot) for entry in entries)

    coming = next_slot(cadence, begin)
    while coming is not None and is_covered(coming):
        coming = next_slot(cadence, coming)
    starts = [coming] if coming else []
    ahead = Meeting.objects.ahead().filter(team=seat.team, starts_at__gt=now)
    for slot in ahead.values_list("planned_start", flat=True):
        if is_covered(slot):
            continue
        if has_slot(cadence, slot) and (since is None or slot > begin):
            starts.append(slot)
        else:
            local = slot.astimezone(cadence.zone)
            _invite(seat, _single(cadence, local), local.date(), now)
    return _invite(seat, cadence, min(starts).astimezone(cadence.zone).date(), now) if starts else None


def _single(cadence: Cadence, start: datetime) -> Cadence:
    """A series of one meeting."""
    return replace(
        cadence,
        kind=Kind.WEEKLY,
        weekday=start.weekday(),
        time=start.time().replace(tzinfo=None),
        starts_on=start.date(),
        ends_on=start.date(),
    )


def _invite(seat: Seat, cadence: Cadence, first: date, now: datetime) -> CalendarInvite:
    values = {
        "address": seat.user.email,
        "kind": cadence.kind.value,
        "weekday": cadence.weekday,
        "nth": cadence.nth,
        "local_time": cadence.time,
        "timezone": cadence.zone.key,
        "ends_on": cadence.ends_on,
        "created_at": now,
    }
    invite, is_new = CalendarInvite.objects.get_or_create(
        seat=seat, starts_on=first, ended_at=None, defaults=values
    )
    if is_new:
        _enqueue_series(invite, now)
    return invite


@transaction.atomic
def withdraw_calendar_invite(invite: CalendarInvite, now: datetime) -> bool:
    """Enqueue the end of the entry: it is removed from the calendar it went to. False when it has ended already."""
    address = invite.address
    if not _bump(invite, ended_at=now, address=""):
        return False
    seat = invite.seat
    enqueue(
        "cancelled",
        to=seat.user,
        about=f"series-{invite.pk}",
        payload={"invitation": invite.pk, "address": address},
        now=now,
        company=seat.team.company,
    )
    return True


@transaction.atomic
def renew_calendar_invites(team: Team, now: datetime, *, since: date) -> None:
    """After a change of the cadence from the day `since`: each series ends the day before a new one."""
    seats = {}
    for invite in _live(team):
        shorten_calendar_invite(invite, since - timedelta(days=1), now)
        if invite.seat.until is None and invite.seat.user.is_active:
            seats[invite.seat_id] = invite.seat
    for seat in seats.values():
        send_calendar_invite(seat, now, since=since)
    for entries in read_team_entries(Team.objects.filter(pk=team.pk), now):
        TeamCalendar.objects.update_or_create(
            team=team,
            defaults={"last_sent": asdict(entries.digests), "changed_at": now, "sequence": F("sequence") + 1},
            create_defaults={"last_sent": asdict(entries.digests), "changed_at": now},
        )


def shorten_calendar_invite(invite: CalendarInvite, last: date, now: datetime) -> None:
    """Let an entry that lies beyond the day `last` end with it; one that would start later is withdrawn."""
    if invite.starts_on > last:
        withdraw_calendar_invite(invite, now)
    elif (invite.ends_on is None or invite.ends_on > last) and _bump(invite, ends_on=last):
        _enqueue_series(invite, now)


@transaction.atomic
def set_calendar_mail(user: User, now: datetime, *, enabled: bool) -> None:
    """Switch calendar invites by mail on, or off: those in the calendar are then cancelled."""
    user.calendar_mail = enabled
    user.save(update_fields=("calendar_mail",))
    for seat in _uninvited(now).filter(user=user):
        send_calendar_invite(seat, now)
    for invite in _lapsed(now).filter(seat__user=user):
        withdraw_calendar_invite(invite, now)


def enqueue_move(meeting: Meeting, now: datetime) -> None:
    """Send everyone on the team the new time. Call it after Meeting.move, in the same transaction."""
    _enqueue_change("moved", meeting, now)


def enqueue_excuse(meeting: Meeting, now: datetime) -> None:
    """Notify everyone that it will not be held. Call it after Meeting.excuse, in the same transaction."""
    _enqueue_change("cancelled", meeting, now)


@dataclass(slots=True)
class ChangedTeam:
    """A team, with what does not match its seats: whom to invite, and which entries to end."""

    pk: int
    entries: TeamEntries | None = None
    uninvited: list[Seat] = field(default_factory=list)
    lapsed: list[CalendarInvite] = field(default_factory=list)


def find_teams(now: datetime) -> Iterable[ChangedTeam]:
    """Every team that has not ended, and those whose entries outlast them: seven queries."""
    lasting = Team.objects.filter(Q(ends_on=None) | Q(ends_on__gte=now.date()))
    teams = {
        entries.team.pk: ChangedTeam(entries.team.pk, entries) for entries in read_team_entries(lasting, now)
    }
    for seat in _uninvited(now):
        teams.setdefault(seat.team_id, ChangedTeam(seat.team_id)).uninvited.append(seat)
    for invite in _lapsed(now):
        team = invite.seat.team_id
        teams.setdefault(team, ChangedTeam(team)).lapsed.append(invite)
    return teams.values()


def is_changed(team: ChangedTeam, now: datetime) -> bool:
    if team.uninvited or team.lapsed or team.entries is None:
        return True
    calendar = getattr(team.entries.team, "calendar", None)
    return calendar is None or _differs(team.entries.digests, EntryDigests(**calendar.last_sent), now)


@transaction.atomic
def update_calendar_invites(team: ChangedTeam, now: datetime) -> int:
    """Send what is missing, end what is too much, and what has changed; returns how many were invited."""
    for invite in team.lapsed:
        _end_lapsed(invite, now)
    invites = [send_calendar_invite(seat, now) for seat in team.uninvited]
    if team.entries is not None:
        _send_changes(team.entries, now)
    # created by another process, that one counts it
    return sum(invite is not None and invite.created_at == now for invite in invites)


def _end_lapsed(invite: CalendarInvite, now: datetime) -> None:
    seat, last = invite.seat, invite.seat.team.ends_on
    is_wanted = seat.until is None and seat.user.is_active and seat.user.calendar_mail
    if invite.ends_on and invite.ends_on < (now - LONG_OVER).date():
        _bump(invite, ended_at=now, address="")
    elif is_wanted and invite.address == seat.user.email and last is not None:
        shorten_calendar_invite(invite, last, now)
    elif withdraw_calendar_invite(invite, now) and is_wanted:
        send_calendar_invite(seat, now)  # to the new address


def _send_changes(entries: TeamEntries, now: datetime) -> None:
    """Send the entries again that show something else now. What two processes find is sent by one of them."""
    digests = entries.digests
    calendar, is_new = TeamCalendar.objects.select_for_update().get_or_create(
        team=entries.team, defaults={"last_sent": asdict(digests), "changed_at": now}
    )
    last_sent = EntryDigests(**calendar.last_sent)
    if is_new or not _differs(digests, last_sent, now):
        return
    slots = digests.changed_slots(last_sent, now)
    for invite in _live(entries.team).filter(created_at__lt=now):
        cadence = invite.cadence(minutes=0)
        if digests.has_other_head(last_sent) or any(has_slot(cadence, slot) for slot in slots):
            _resend(invite, now)
    calendar.last_sent, calendar.changed_at = asdict(digests), now
    calendar.sequence += 1
    calendar.save()


def _differs(digests: EntryDigests, last_sent: EntryDigests, now: datetime) -> bool:
    return digests.has_other_head(last_sent) or bool(digests.changed_slots(last_sent, now))


# Queries and steps


def _uninvited(now: datetime) -> QuerySet[Seat]:
    """Seats of complete teams whose people want invites by mail and have no live series."""
    lasting = Q(team__ends_on=None) | Q(team__ends_on__gte=now.date())
    seats = Seat.objects.current()
    held = {role: seats.filter(team=OuterRef("team"), role=role) for role in PRINCIPAL_ROLES}
    live = CalendarInvite.objects.lasting(OuterRef("team__ends_on")).filter(seat=OuterRef("pk"))
    willing = seats.filter(lasting, user__is_active=True, user__calendar_mail=True)
    complete = willing.filter(Exists(held[Role.CEO]), Exists(held[Role.LEADER]), ~Exists(live))
    return complete.select_related("team__company", "user")


def _lapsed(now: datetime) -> QuerySet[CalendarInvite]:
    """Entries of ended seats and teams, of people who left, moved to another address or want no invites."""
    last = F("seat__team__ends_on")
    is_lapsed = (
        Q(seat__until__isnull=False)
        | Q(seat__user__is_active=False)
        | Q(seat__user__calendar_mail=False)
        | ~Q(address=F("seat__user__email"))
        | Q(seat__team__ends_on__isnull=False, ends_on=None)
        | Q(ends_on__gt=last)
        | Q(ends_on__lt=(now - LONG_OVER).date())
    )
    return CalendarInvite.objects.live().filter(is_lapsed).select_related("seat__team__company", "seat__user")


def _live(team: Team) -> QuerySet[CalendarInvite]:
    return (
        CalendarInvite.objects.live()
        .filter(seat__team=team)
        .select_related("seat__team__company", "seat__user")
    )


def _resend(invite: CalendarInvite, now: datetime) -> None:
    if _bump(invite):
        _enqueue_series(invite, now)


def _bump(invite: CalendarInvite, **fields: object) -> bool:
    """The next version of a live series; False when another process has ended it."""
    live = CalendarInvite.objects.live().filter(pk=invite.pk)
    bumped = live.update(sequence=F("sequence") + 1, **fields)
    invite.refresh_from_db(fields=("sequence", "ends_on", "ended_at", "address"))
    return bool(bumped)


def _enqueue_series(invite: CalendarInvite, now: datetime) -> None:
    version = {"invitation": invite.pk, "sequence": invite.sequence}
    about, seat = f"series-{invite.pk}-{invite.sequence}", invite.seat
    enqueue("invitation", to=seat.user, about=about, payload=version, now=now, company=seat.team.company)


def _enqueue_change(kind: str, meeting: Meeting, now: datetime) -> None:
    version, company = {"meeting": meeting.pk, "sequence": meeting.sequence}, meeting.team.company
    about = f"meeting-{meeting.pk}-{meeting.sequence}"
    for seat in meeting.team.current_seats:
        enqueue(kind, to=seat.user, about=about, payload=version, now=now, company=company)
    _remember(meeting, now)


def _remember(meeting: Meeting, now: datetime) -> None:
    """Everybody was sent this slot: the sweep need not send it again."""
    [entries] = read_team_entries(Team.objects.filter(pk=meeting.team_id), now)
    calendar = TeamCalendar.objects.select_for_update().filter(team=meeting.team_id).first()
    if calendar is None:
        return
    key, slots = slot_key(meeting.planned_start), entries.digests.slots
    last_sent = {slot: value for slot, value in calendar.last_sent["slots"].items() if slot != key}
    calendar.last_sent["slots"] = last_sent | ({key: slots[key]} if key in slots else {})
    calendar.save(update_fields=("last_sent",))
