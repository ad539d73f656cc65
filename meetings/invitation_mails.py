"""The mails of meetings.invitations, made when they are sent: what no longer holds by then closes itself unsent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from alignment.mail import compose
from alignment.models import Notice, Seat, Team
from alignment.models.teams import Role
from alignment.notices import maker
from meetings import calendar
from meetings.cadence import Cadence, slots
from meetings.cadence_words import cadence_words
from meetings.calendar import Guest, Occurrence, Series
from meetings.feed import spelled, title
from meetings.models import Invitation, Meeting


@maker("invitation", label="Invitation to the calendar", has_words=False)
def invitation(notice: Notice) -> EmailMultiAlternatives | None:
    """A series put into the calendar, or put there again as it is now."""
    sent = _invitations().filter(pk=notice.payload["invitation"], sequence=notice.payload["sequence"]).first()
    if sent is None or sent.seat.until is not None:
        return None
    team = sent.seat.team
    series = _series(sent, team, team.current_seats, notice.created_at)
    mail = compose(
        "invitation", to=notice.to, key=notice.key, currency=team.currency, sent=sent, team=team,
        title=series.title, pattern=spoken(series.cadence), zone=sent.timezone.replace("_", " "),
        first=calendar.first(series.cadence), url=series.url,
        again=sent.sequence > 0,
    )  # fmt: skip
    return _with(mail, "REQUEST", calendar.request(series, _changed(sent, team, series.cadence)))


@maker("moved", label="Meeting moved", waits=False)
def moved(notice: Notice) -> EmailMultiAlternatives | None:
    """One meeting at another time. A later move has a notice of its own."""
    meeting = _meeting(notice)
    if meeting is None or not meeting.is_scheduled:
        return None
    move = meeting.moves.select_related("by").last()
    sent = _lying_in_the_calendar_of(notice.to_id, meeting)
    if move is None or (sent is None and move.by_id == notice.to_id):
        return None
    mail = _mail("moved", notice, meeting, move=move)
    if sent is None:
        return mail
    series = _series(sent, meeting.team, meeting.team.current_seats, notice.created_at)
    return _with(mail, "REQUEST", calendar.request_one(series, _occurrence(meeting)))


@maker("cancelled", label="Meeting or series cancelled", waits=False)
def cancelled(notice: Notice) -> EmailMultiAlternatives | None:
    """One meeting that will not be held, or a whole series out of the calendar."""
    if "invitation" in notice.payload:
        return _series_cancelled(notice)
    meeting = _meeting(notice)
    if meeting is None or meeting.state != Meeting.State.EXCUSED:
        return None
    sent = _lying_in_the_calendar_of(notice.to_id, meeting)
    if sent is None and meeting.excused_by_id == notice.to_id:
        return None
    following = Meeting.objects.ahead().filter(team=meeting.team, starts_at__gt=meeting.starts_at).first()
    mail = _mail("cancelled", notice, meeting, following=following)
    if sent is None:
        return mail
    series = _series(sent, meeting.team, meeting.team.current_seats, notice.created_at)
    return _with(mail, "CANCEL", calendar.cancel_one(series, _occurrence(meeting)))


def _series_cancelled(notice: Notice) -> EmailMultiAlternatives | None:
    sent = _invitations().filter(pk=notice.payload["invitation"]).first()
    if sent is None:
        return None
    team = sent.seat.team
    series = _series(sent, team, [sent.seat], notice.created_at)
    mail = compose(
        "cancelled", to=notice.to, key=notice.key, currency=team.currency, sent=sent, team=team,
        url=settings.BASE_URL + reverse("meetings:home"),
    )  # fmt: skip
    return _with(mail, "CANCEL", calendar.cancel(series))


def spoken(cadence: Cadence) -> str:
    """ "every Monday at 09:00"."""
    said = cadence_words(cadence.kind, weekday=cadence.weekday, time=cadence.time, nth=cadence.nth)
    return f"{said[0].lower()}{said[1:]}"


# From rows to values


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("seat__team__company", "seat__user")


def _meeting(notice: Notice) -> Meeting | None:
    """The meeting as the notice knew it; None when it changed again, or the reader has left the team."""
    named = Meeting.objects.filter(pk=notice.payload["meeting"], sequence=notice.payload["sequence"])
    meeting = named.select_related("team__company", "excused_by").first()
    return meeting if meeting and meeting.can_read(notice.to) else None


def _lying_in_the_calendar_of(user: int, meeting: Meeting) -> Invitation | None:
    """The live series of the person that has this meeting's slot."""
    live = _invitations().filter(ended_at=None, seat__team=meeting.team_id, seat__user=user, seat__until=None)
    sent = live.first()
    return sent if sent and _has(sent.cadence(minutes=0), meeting.planned_start) else None


def _has(cadence: Cadence, slot: datetime) -> bool:
    return slot in slots(cadence, after=slot - timedelta(seconds=1), until=slot)


def _changed(sent: Invitation, team: Team, cadence: Cadence) -> list[Occurrence]:
    """The slots of the series that are no longer what the rule says."""
    other = Q(state=Meeting.State.EXCUSED) | ~Q(starts_at=F("planned_start"))
    first = calendar.first(cadence)
    meetings = Meeting.objects.filter(other, team=team, planned_start__gte=first).order_by("planned_start")
    return [_occurrence(meeting) for meeting in meetings if _has(cadence, meeting.planned_start)]


def _occurrence(meeting: Meeting) -> Occurrence:
    url = settings.BASE_URL + reverse("meetings:review", args=(meeting.pk,))
    due = spelled(meeting.preparation_due, meeting.team.zone)
    return Occurrence(
        slot=meeting.planned_start, starts_at=meeting.starts_at, text=f"Preparation is due on {due}.\n{url}",
        url=url, sequence=meeting.sequence, is_off=meeting.state == Meeting.State.EXCUSED,
    )  # fmt: skip


def _series(sent: Invitation, team: Team, seats: Sequence[Seat], sent_at: datetime) -> Series:
    two = [holder.name for role in (Role.CEO, Role.LEADER) if (holder := team.holder(role))]
    url = settings.BASE_URL + reverse("meetings:team", args=(team.slug,))
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Series(
        uid=str(sent.uid), title=title(team.name, two), url=url,
        text=f"Preparation is due {team.preparation_hours} hours before each meeting.\n{url}",
        cadence=sent.cadence(minutes=team.minutes), organizer=Guest(name or "Alignment", address),
        guests=[_guest(seat) for seat in seats if calendar.is_address(seat.user.email)],
        sequence=sent.sequence, sent_at=sent_at,
    )  # fmt: skip


def _guest(seat: Seat) -> Guest:
    return Guest(seat.user.name, seat.user.email, is_needed=seat.role in (Role.CEO, Role.LEADER))


def _mail(name: str, notice: Notice, meeting: Meeting, **context: object) -> EmailMultiAlternatives:
    url = settings.BASE_URL + reverse("meetings:review", args=(meeting.pk,))
    return compose(
        name, to=notice.to, key=notice.key, currency=meeting.team.currency, meeting=meeting, team=meeting.team,
        url=url, **context,
    )  # fmt: skip


def _with(mail: EmailMultiAlternatives, method: str, ics: bytes) -> EmailMultiAlternatives:
    """As a part that mail programs act upon, and as a file for those that do not."""
    calendar.mailto(mail.to[0])
    mail.attach_alternative(ics.decode(), f"text/calendar; method={method}")
    mail.attach("invite.ics", ics, "application/ics")
    return mail
