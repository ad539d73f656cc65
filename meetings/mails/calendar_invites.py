"""The mails of meetings.calendars.calendar_invites, written when they are sent, if they still apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from alignment.models import Notice, Seat, Team
from alignment.outbox.messages import compose
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.formatting import longday
from alignment.rules.roles import PRINCIPAL_ROLES
from meetings.calendars import invite_format
from meetings.calendars.feed import meeting_title, spell_moment, spell_note
from meetings.calendars.invite_format import Guest, Occurrence, Series
from meetings.models import CalendarInvite, Meeting
from meetings.models.team_cadence import due_rule_of
from meetings.rules.cadence import Cadence, has_slot
from meetings.rules.cadence_text import spell_due, spell_times
from meetings.schedule.days_off import DaysOff, find_days_off_for


@notice_type("invitation", label="Calendar invitation", has_words=False)
def invitation(notice: Notice) -> EmailMultiAlternatives | None:
    """Add a series to the calendar, or update it there."""
    sent = _invites().filter(pk=notice.payload["invitation"], sequence=notice.payload["sequence"]).first()
    if sent is None or sent.seat.until is not None or sent.address != sent.seat.user.email:
        return None
    team = sent.seat.team
    series = _series(sent, team, _guests(team.current_seats), notice.created_at)
    mail = compose(
        "invitation",
        to=notice.to,
        key=notice.key,
        currency=team.currency,
        sent=sent,
        team=team,
        title=series.title,
        pattern=spell_pattern(series.cadence),
        due=spell_due(due_rule_of(team)),
        zone=sent.timezone.replace("_", " "),
        first=invite_format.first_start(series.cadence),
        url=series.url,
        again=sent.sequence > 0,
        is_superseded=sent.ends_on not in (None, team.ends_on, sent.starts_on),
    )
    occurrences = _exceptions(team, series.cadence)
    return _attach(mail, "REQUEST", invite_format.request_series(series, occurrences))


@notice_type("moved", label="Meeting moved", waits=False)
def moved(notice: Notice) -> EmailMultiAlternatives | None:
    """One meeting at another time, also one started early. A later move has a notice of its own."""
    meeting = _meeting(notice)
    if meeting is None or meeting.state in (Meeting.State.EXCUSED, Meeting.State.MISSED):
        return None
    move = meeting.moves.select_related("by").last()
    sent = _invite_for(notice.to_id, meeting)
    if move is None or (sent is None and move.by_id == notice.to_id):
        return None
    mail = _mail(
        "moved",
        notice,
        meeting,
        move=move,
        due_passed=meeting.is_scheduled and meeting.preparation_due <= timezone.now(),
    )
    if sent is None:
        return mail
    series = _series(sent, meeting.team, _guests(meeting.team.current_seats), notice.created_at)
    return _attach(
        mail,
        "REQUEST",
        invite_format.request_occurrence(series, _occurrence(meeting, _days_off([meeting]))),
    )


@notice_type("cancelled", label="Meeting or series cancelled", waits=False, undoes=True)
def cancelled(notice: Notice) -> EmailMultiAlternatives | None:
    """One meeting will not be held, or a whole series is removed from the calendar."""
    if "invitation" in notice.payload:
        return _series_cancelled(notice)
    meeting = _meeting(notice)
    if meeting is None or meeting.state != Meeting.State.EXCUSED:
        return None
    sent = _invite_for(notice.to_id, meeting)
    if sent is None and meeting.excused_by_id == notice.to_id:
        return None
    following = Meeting.objects.ahead().after(meeting).first()
    mail = _mail("cancelled", notice, meeting, following=following)
    if sent is None:
        return mail
    series = _series(sent, meeting.team, _guests(meeting.team.current_seats), notice.created_at)
    return _attach(
        mail,
        "CANCEL",
        invite_format.cancel_occurrence(series, _occurrence(meeting, _days_off([meeting]))),
    )


def _series_cancelled(notice: Notice) -> EmailMultiAlternatives | None:
    sent = _invites().filter(pk=notice.payload["invitation"]).first()
    if sent is None:
        return None
    team, address = sent.seat.team, notice.payload.get("address") or notice.to.email
    guest = Guest(sent.seat.user.name, address, is_required=sent.seat.role in PRINCIPAL_ROLES)
    series = _series(sent, team, [guest], notice.created_at)
    mail = compose(
        "cancelled",
        to=notice.to,
        key=notice.key,
        currency=team.currency,
        sent=sent,
        team=team,
        went_to=address,
        url=settings.BASE_URL + reverse("meetings:home"),
    )
    mail.to = [address]
    return _attach(mail, "CANCEL", invite_format.cancel_series(series))


def spell_pattern(cadence: Cadence) -> str:
    """ "every Monday at 09:00"; of a single meeting "on Monday 30 November at 09:00"."""
    if cadence.starts_on == cadence.ends_on:
        return f"on {longday(cadence.starts_on)} at {cadence.time:%H:%M}"
    times = spell_times(cadence.kind, weekday=cadence.weekday, time=cadence.time, nth=cadence.nth)
    return f"{times[0].lower()}{times[1:]}"


# From rows to values


def _invites() -> QuerySet[CalendarInvite]:
    return CalendarInvite.objects.select_related("seat__team__company", "seat__user")


def _meeting(notice: Notice) -> Meeting | None:
    """The meeting of the notice; None when it has changed since, or the reader has left the team."""
    unchanged = Meeting.objects.filter(pk=notice.payload["meeting"], sequence=notice.payload["sequence"])
    meeting = unchanged.select_related("team__company", "excused_by").first()
    return meeting if meeting and meeting.can_read(notice.to) else None


def _invite_for(user: int, meeting: Meeting) -> CalendarInvite | None:
    """The person's live series with this meeting's slot, at the address they have now."""
    live = _invites().filter(ended_at=None, seat__team=meeting.team_id, seat__user=user, seat__until=None)
    here = live.filter(address=F("seat__user__email"))
    has_it = (sent for sent in here if has_slot(sent.cadence(minutes=0), meeting.planned_start))
    return next(has_it, None)


def _exceptions(team: Team, cadence: Cadence) -> list[Occurrence]:
    """The occurrences of the series that differ from its rule."""
    differs = Q(state=Meeting.State.EXCUSED) | ~Q(starts_at=F("planned_start"))
    first = invite_format.first_start(cadence)
    scheduled = Q(state=Meeting.State.SCHEDULED)
    meetings = list(team.meetings.filter(differs | scheduled, planned_start__gte=first).in_order())
    days_off = _days_off(meetings)
    occurrences = (_occurrence(meeting, days_off) for meeting in meetings)
    return [
        occurrence
        for occurrence in occurrences
        if (occurrence.is_cancelled or occurrence.note or occurrence.starts_at != occurrence.slot)
        and has_slot(cadence, occurrence.slot)
    ]


def _days_off(meetings: Sequence[Meeting]) -> DaysOff:
    return find_days_off_for(
        (meeting.team_id, meeting.starts_at) for meeting in meetings if meeting.is_scheduled
    )


def _occurrence(meeting: Meeting, days_off: DaysOff) -> Occurrence:
    url = settings.BASE_URL + reverse("meetings:review", args=(meeting.pk,))
    due = spell_moment(meeting.preparation_due, meeting.team.zone)
    start = meeting.starts_at
    off = days_off.on(meeting.team_id, start, meeting.team.timezone) if meeting.is_scheduled else ()
    return Occurrence(
        slot=meeting.planned_start,
        starts_at=start,
        text=url if off or not meeting.is_scheduled else f"Preparation is due on {due}.\n{url}",
        url=url,
        sequence=meeting.sequence,
        is_cancelled=meeting.state == Meeting.State.EXCUSED,
        note=spell_note(off),
    )


def _series(sent: CalendarInvite, team: Team, guests: Sequence[Guest], sent_at: datetime) -> Series:
    principals = [holder.name for role in PRINCIPAL_ROLES if (holder := team.holder(role))]
    url = settings.BASE_URL + reverse("meetings:team", args=(team.slug,))
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Series(
        uid=str(sent.uid),
        title=meeting_title(team.name, principals),
        text=f"Preparation is due {spell_due(due_rule_of(team))} each meeting.\n{url}",
        url=url,
        cadence=sent.cadence(minutes=team.minutes),
        organizer=Guest(name or "Alignment", address),
        guests=guests,
        sequence=sent.sequence,
        sent_at=sent_at,
    )


def _guests(seats: Sequence[Seat]) -> list[Guest]:
    return [
        Guest(seat.user.name, seat.user.email, is_required=seat.role in PRINCIPAL_ROLES)
        for seat in seats
        if invite_format.is_address(seat.user.email)
    ]


def _mail(name: str, notice: Notice, meeting: Meeting, **context: object) -> EmailMultiAlternatives:
    url = settings.BASE_URL + reverse("meetings:review", args=(meeting.pk,))
    return compose(
        name,
        to=notice.to,
        key=notice.key,
        currency=meeting.team.currency,
        meeting=meeting,
        team=meeting.team,
        url=url,
        **context,
    )


def _attach(mail: EmailMultiAlternatives, method: str, ics: bytes) -> EmailMultiAlternatives:
    """Attach the invite as a part that mail programs act on, and as a file for those that do not."""
    invite_format.mailto(mail.to[0])
    mail.attach_alternative(ics.decode(), f"text/calendar; method={method}")
    mail.attach("invite.ics", ics, "application/ics")
    return mail
