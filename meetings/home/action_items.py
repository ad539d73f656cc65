"""What the reader still has to do: meetings to join or rate, plans to approve, questions to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse

from alignment.models import User
from alignment.rules.formatting import day as short_day
from alignment.rules.roles import Role, Side
from meetings.home.addresses import Addresses
from meetings.home.queries import CeoRequest, ceo_requests, rated_meetings_of
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import ActionItem, Last
from meetings.rules.escalation import describe_misses
from meetings.rules.first_days import DAYS, Tenure
from meetings.rules.ratings import can_be_rated

NEW_SEAT = timedelta(days=DAYS)


def action_items(
    teams: Sequence[TeamSnapshot], user: User, now: datetime, addresses: Addresses
) -> list[ActionItem]:
    """Everything that waits for the reader, the most pressing kind first."""
    return [
        *_first_days(teams, now, addresses),
        *_meetings_in_session(teams),
        *_open_flags(teams),
        *_requests_to_ceo(teams, user),
        *_unrated_meetings(teams, user, now, addresses),
    ]


def _first_days(teams: Sequence[TeamSnapshot], now: datetime, addresses: Addresses) -> Iterator[ActionItem]:
    """Of seats as CEO or sales leader, taken over from somebody else within the last 90 days."""
    newest_since = now.date() - NEW_SEAT
    seats = [(team.own, team) for team in teams if team.own and team.is_principal and team.is_taken_over]
    for seat, team in sorted(seats, key=lambda pair: pair[0].pk):
        if seat.since > newest_since:
            number = Tenure(seat.since, team.today).day
            href = addresses.first_days.of(team.slug)
            yield ActionItem(f"Your first 90 days: day {number}", href, team.name)


def _meetings_in_session(teams: Sequence[TeamSnapshot]) -> Iterator[ActionItem]:
    for team in teams:
        if team.is_principal and team.next and team.next.in_session:
            href = reverse("meetings:present", args=[team.next.id])
            yield ActionItem("Join now", href, team.name)


def _open_flags(teams: Sequence[TeamSnapshot]) -> Iterator[ActionItem]:
    """Missed meetings on which nobody has commented yet, for the CEO, the sales leader and the admins."""
    for team in teams:
        if (team.is_principal or team.part == "admin") and team.flag and not team.flag.comment:
            href = f"{reverse('meetings:team', args=[team.slug])}#flag"
            yield ActionItem(_comment_on_misses(team.missed), href, team.name)


def _comment_on_misses(missed: int) -> str:
    if missed < 2:
        return "Comment on the missed meeting"
    return f"Comment on {describe_misses(missed)}"


def _requests_to_ceo(teams: Sequence[TeamSnapshot], user: User) -> Iterator[ActionItem]:
    """What the CEO's side is asked for; whoever is on no such side is spared the query."""
    by_pk = {team.pk: team for team in teams}
    for_ceo = [team.pk for team in teams if team.side == Side.CEO]
    as_ceo = [team.pk for team in teams if team.role == Role.CEO]
    requests = ceo_requests(user, as_ceo=as_ceo, for_ceo=for_ceo) if for_ceo else []
    return (_request_to_ceo(request, by_pk[request.team]) for request in requests)


def _request_to_ceo(request: CeoRequest, team: TeamSnapshot) -> ActionItem:
    item, verb = ("initiative", "Approve") if request.kind == "agree" else ("issue", "Answer")
    if team.next:
        href = f"{reverse('meetings:review', args=[team.next.id])}#{item}-{request.id}"
    else:
        href = reverse(f"meetings:{item}_edit", args=[request.id])
    return ActionItem(f"{verb} “{request.text}”", href, team.name)


def _unrated_meetings(
    teams: Sequence[TeamSnapshot], user: User, now: datetime, addresses: Addresses
) -> Iterator[ActionItem]:
    """The newest meeting of each team that the reader may still rate, held since they took their seat.

    The query is spared for whoever has none to rate.
    """
    ratable = {team.pk: _ratable_meetings(team, now) for team in teams if team.is_principal}
    meetings = [meeting.id for held in ratable.values() for meeting in held]
    rated = rated_meetings_of(user, meetings) if meetings else set()
    for team in teams:
        unrated = next((held for held in ratable.get(team.pk, ()) if held.id not in rated), None)
        if unrated and (team.since is None or unrated.starts_at.date() >= team.since):
            href = addresses.rate.of(unrated.id)
            yield ActionItem(f"Rate the meeting of {short_day(unrated.starts_at)}", href, team.name)


def _ratable_meetings(team: TeamSnapshot, now: datetime) -> list[Last]:
    return [
        meeting
        for meeting in team.held
        if can_be_rated(is_in_progress=False, closed_at=meeting.closed_at, now=now)
    ]
