"""The round of a meeting: whom it names, what it asks, until when it is open."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q

from alignment.models import Seat, Team
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.models import CheckIn, Meeting
from meetings.rules.check_in import closes_at, is_full, statement_to_guess
from meetings.rules.first_days import Tenure


def round_of(meeting: Meeting) -> CheckIn | None:
    """The stored one, or the one that the first answer would store; None where there are no two people to ask."""
    stored = CheckIn.objects.select_related("ceo", "leader").filter(meeting=meeting).first()
    if stored is not None and not _is_of_former_pair(stored, meeting):
        stored.meeting = meeting
        return stored
    return draft_round(meeting) if meeting.is_in_progress else None


def open_round(meeting: Meeting) -> None:
    """Its meeting was closed: it can be answered for 24 hours. Whether anybody has answered already changes nothing."""
    if meeting.closed_at is None:
        return
    delete_of_former_pair(meeting)
    stored = CheckIn.objects.filter(meeting=meeting).first()
    check_in = stored or draft_round(meeting)
    if check_in is None:
        return
    check_in.closes_at = closes_at(closed_at=meeting.closed_at, before=check_in.closes_at)
    check_in.save(update_fields=("closes_at",) if stored else None)


def delete_of_former_pair(meeting: Meeting) -> None:
    """The one answer of a pair that is no more goes unread: it was about somebody who has left the seat."""
    stored = CheckIn.objects.filter(meeting=meeting).first()
    if stored is not None and _is_of_former_pair(stored, meeting):
        stored.delete()


def _is_of_former_pair(stored: CheckIn, meeting: Meeting) -> bool:
    """Whether a seat changed while the meeting ran and only one of the two had answered. Whom a meeting asks depends
    on the seats alone, never on whether somebody was quick; what both had answered stays theirs."""
    if stored.is_settled:
        return False
    pair = _principals(meeting.team)
    return pair is None or (stored.ceo_id, stored.leader_id) != (pair[0].user_id, pair[1].user_id)


def draft_round(meeting: Meeting) -> CheckIn | None:
    """The round of the CEO and the sales leader who sit there now, not stored."""
    pair = _principals(meeting.team)
    if pair is None:
        return None
    ceo, leader = pair
    guessed = _guessed(meeting, ceo, leader)
    return CheckIn(meeting=meeting, ceo=ceo.user, leader=leader.user, guessed=guessed)


def _principals(team: Team) -> tuple[Seat, Seat] | None:
    """Their seats; None where one is empty or both are one person's."""
    seats = {seat.role: seat for seat in team.current_seats if seat.role in PRINCIPAL_ROLES}
    ceo, leader = seats.get(Role.CEO), seats.get(Role.LEADER)
    if ceo is None or leader is None or ceo.user_id == leader.user_id:
        return None
    return ceo, leader


def _guessed(meeting: Meeting, ceo: Seat, leader: Seat) -> str:
    """The statement to guess, or nothing where only the one tap is asked."""
    together = max(ceo.since, leader.since)
    before = _held_together(meeting, together)
    last = before[0] if before else None
    zone, day = meeting.team.zone, meeting.team.today(meeting.starts_at)
    eve = Tenure(leader.since, together).day - 1
    day_before = Tenure(leader.since, last.astimezone(zone).date()).day if last else eve
    full = is_full(held_before=len(before), day=Tenure(leader.since, day).day, day_before=day_before)
    return statement_to_guess(_full_before(meeting, ceo, leader)) if full else ""


def _held_together(meeting: Meeting, since: date) -> list[datetime]:
    """When the meetings that this pair held before started, the newest first."""
    begins = datetime.combine(since, time.min, tzinfo=meeting.team.zone)
    held = Meeting.objects.before(meeting).filter(state=Meeting.State.HELD, starts_at__gte=begins)
    return list(held.values_list("starts_at", flat=True))


def _full_before(meeting: Meeting, ceo: Seat, leader: Seat) -> int:
    pair = Q(ceo=ceo.user_id, leader=leader.user_id, meeting__team=meeting.team_id)
    return CheckIn.objects.filter(pair).exclude(guessed="").count()
