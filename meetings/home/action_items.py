"""What the reader still has to do elsewhere: check-ins to answer, first days in a seat, missed meetings to comment
on, meetings to rate; and what others owe a CEO.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.urls import reverse

from alignment.models import User
from alignment.rules.formatting import day as short_day
from alignment.rules.formatting import number_of, when
from alignment.rules.roles import Role
from alignment.rules.text import first_name
from meetings.home.team_snapshots import TeamSnapshot
from meetings.home.values import (
    ActionItem,
    Addresses,
    FeedbackQuestion,
    FirstMeetingOffer,
    Last,
    OwedItem,
    TeamRow,
)
from meetings.needs import WaitingRow
from meetings.needs.queries import NEVER
from meetings.rules.escalation import describe_misses
from meetings.rules.feedback_talk import BEGINNINGS, is_due, question
from meetings.rules.first_days import DAYS, Tenure
from meetings.rules.first_meeting import occasion
from meetings.rules.ratings import can_be_rated
from meetings.rules.team_order import ReasonKind

NEW_SEAT = timedelta(days=DAYS)


def action_items(teams: Sequence[TeamSnapshot], now: datetime, addresses: Addresses) -> list[ActionItem]:
    """Everything that waits for the reader, the most pressing kind first."""
    return [
        *_open_check_ins(teams, addresses),
        *_first_days(teams, now, addresses),
        *_open_flags(teams),
        *_unrated_meetings(teams, now, addresses),
    ]


def _open_check_ins(teams: Sequence[TeamSnapshot], addresses: Addresses) -> Iterator[ActionItem]:
    """For the CEO and the sales leader each their own, the first to close first."""
    waiting = [(row, team) for team in teams for row in team.check_ins]
    for row, team in sorted(waiting, key=lambda pair: (pair[0].closes_at, pair[0].meeting)):
        href = addresses.check_in.of(row.meeting)
        yield ActionItem(f"Check-in is open until {when(row.closes_at)}", href, team.name)


def _first_days(teams: Sequence[TeamSnapshot], now: datetime, addresses: Addresses) -> Iterator[ActionItem]:
    """Of seats as CEO or sales leader, taken over from somebody else within the last 90 days."""
    newest_since = now.date() - NEW_SEAT
    seats = [(team.own, team) for team in teams if team.own and team.is_principal and team.is_taken_over]
    for seat, team in sorted(seats, key=lambda pair: pair[0].pk):
        if seat.since > newest_since:
            number = Tenure(seat.since, team.today).day
            href = addresses.first_days.of(team.slug)
            yield ActionItem(f"Your first 90 days: day {number}", href, team.name)


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


def _unrated_meetings(
    teams: Sequence[TeamSnapshot], now: datetime, addresses: Addresses
) -> Iterator[ActionItem]:
    """The newest meeting of each team that the reader may still rate, held since they took their seat."""
    for team in teams:
        ratable = _ratable_meetings(team, now) if team.is_principal else []
        unrated = next((held for held in ratable if not held.is_rated), None)
        if unrated and (team.since is None or unrated.starts_at.date() >= team.since):
            href = addresses.rate.of(unrated.id)
            yield ActionItem(f"Rate the meeting of {short_day(unrated.starts_at)}", href, team.name)


def _ratable_meetings(team: TeamSnapshot, now: datetime) -> list[Last]:
    return [
        meeting
        for meeting in team.held
        if can_be_rated(is_in_progress=False, closed_at=meeting.closed_at, now=now)
    ]


def feedback_question(teams: Sequence[TeamSnapshot]) -> FeedbackQuestion | None:
    """One at a time, of the pair that has met for the longest; never while its team is meeting."""
    due = [team for team in teams if _is_calm(team) and _is_question_due(team)]
    team = min(due, key=lambda team: (team.together_since, team.pk), default=None)
    if team is None:
        return None
    role, answer = Role(team.role), team.feedback_talk
    return FeedbackQuestion(
        team=team.name,
        slug=team.slug,
        question=question(role, first_name(team.other)),
        version=answer.version if answer else 0,
        today=team.today,
        beginnings=BEGINNINGS[role] if answer and answer.not_yet else (),
    )


def _is_calm(team: TeamSnapshot) -> bool:
    return not (team.next and team.next.in_session)


def _is_question_due(team: TeamSnapshot) -> bool:
    answer = team.feedback_talk
    return (
        team.is_principal
        and team.together_since is not None
        and is_due(
            today=team.today,
            quarter=team.quarter,
            together_since=team.together_since,
            talked_on=answer.talked_on if answer else None,
            ask_on=answer.ask_on if answer else None,
        )
    )


def first_meeting_offer(teams: Sequence[TeamSnapshot]) -> FirstMeetingOffer | None:
    """One at a time: what is open already, then of the pair that has met for the shortest."""
    offered = [team for team in teams if _is_first_meeting_open(team)]
    team = max(offered, key=_newest_pair, default=None)
    if team is None or team.together_since is None:
        return None
    row = team.first_meeting
    return FirstMeetingOffer(
        team=team.name,
        slug=team.slug,
        other=first_name(team.other),
        why=occasion(today=team.today, together_since=team.together_since, met_before=team.has_met_first),
        is_open=row is not None and row.opened_at is not None,
    )


def _newest_pair(team: TeamSnapshot) -> tuple[bool, int, int]:
    is_open = team.first_meeting is not None and team.first_meeting.opened_at is not None
    return is_open, team.together_since.toordinal() if team.together_since else 0, -team.pk


def _is_first_meeting_open(team: TeamSnapshot) -> bool:
    """Whether it waits for the reader: not over, not declined, and not prepared by them while it is not open."""
    if not team.is_principal or team.together_since is None:
        return False
    row = team.first_meeting
    if row is None:
        return True
    if row.ended_at is not None or row.declined_at is not None:
        return False
    return row.opened_at is not None or not row.is_prepared


# What others owe


def overdue_of_others(
    teams: Sequence[TeamSnapshot],
    rows: Mapping[int, TeamRow],
    waiting: Sequence[WaitingRow],
    user: User,
) -> tuple[OwedItem, ...]:
    """Late preparations, then overdue commitments of others, the oldest first; not what the reader silenced."""
    late = [
        OwedItem(
            text="Preparation",
            href=rows[team.pk].href,
            team=team.name,
            who=team.leader,
            when=f"was due {when(team.next.preparation_due)}",
            is_overdue=True,
        )
        for team in teams
        if team.next and rows[team.pk].tone == "bad"
    ]
    by_pk = {team.pk: team for team in teams if ReasonKind.OVERDUE not in rows[team.pk].silenced}
    overdue = [
        (row, by_pk[row.team])
        for row in waiting
        if row.kind == "commitment" and row.owner != user.pk and row.due and row.team in by_pk
    ]
    overdue = [(row, team) for row, team in overdue if row.due and row.due < team.today]
    return (
        *late,
        *(_overdue_item(row, team) for row, team in sorted(overdue, key=lambda pair: pair[0].due or NEVER)),
    )


def _overdue_item(row: WaitingRow, team: TeamSnapshot) -> OwedItem:
    days = (team.today - row.due).days if row.due else 0
    return OwedItem(
        text=row.title,
        href=reverse("meetings:commitment_edit", args=[row.pk]),
        team=team.name,
        who=team.names.get(row.owner or 0, ""),
        when=f"{number_of(days, 'day')} overdue",
        is_overdue=True,
    )
