"""The page of the question whether the sales leader knows where they stand: for whoever is asked, alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from alignment.models import Team, User
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.feedback_talk.answers import note_of, other_of, quarter_now, read_talk
from meetings.models import FeedbackTalk, Meeting, PrivateNote
from meetings.rules.feedback_talk import BEGINNINGS, NOTE_AFTER, is_due, question


@dataclass(frozen=True, slots=True)
class FeedbackTalkPage:
    team: Team
    question: str
    other: str
    quarter: str
    first_day: date
    today: date
    answer: FeedbackTalk
    is_due: bool
    """Whether home puts the question now; it can be answered at any time."""
    beginnings: tuple[str, ...]
    note: str
    """The line for the private notes."""
    meeting: Meeting | None
    """The next one, to whose private notes it can be added."""
    has_note: bool

    @property
    def proposes_note(self) -> bool:
        return self.answer.talked_on is None and self.answer.not_yet >= NOTE_AFTER


def build_page(team: Team, user: User, now: datetime) -> FeedbackTalkPage | None:
    """Of a principal; None where nobody else has the other seat."""
    other, role = other_of(team, user), Role(team.role_of(user))
    if other is None:
        return None
    quarter, answer = quarter_now(team, now), read_talk(team, user, now)
    meeting = Meeting.objects.filter(team=team).ahead().first()
    note = note_of(team, user)
    notes = PrivateNote.objects.visible_to(user).filter(meeting=meeting) if meeting else ()
    since = max(seat.since for seat in team.current_seats if seat.role in PRINCIPAL_ROLES)
    return FeedbackTalkPage(
        team=team,
        question=question(role, other.first_name),
        other=other.first_name,
        quarter=quarter.label,
        first_day=quarter.start,
        today=team.today(now),
        answer=answer,
        is_due=is_due(
            today=team.today(now),
            quarter=quarter,
            together_since=since,
            talked_on=answer.talked_on,
            ask_on=answer.ask_on,
        ),
        beginnings=BEGINNINGS[role],
        note=note,
        meeting=meeting,
        has_note=any(note in row.text.splitlines() for row in notes),
    )
