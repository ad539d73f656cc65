from meetings.models.calendar_invites import CalendarInvite, TeamCalendar
from meetings.models.commitments import Commitment, Decision
from meetings.models.initiatives import Initiative, InitiativePoint
from meetings.models.issues import Issue
from meetings.models.meetings import Meeting
from meetings.models.misses import Correction, Flag, MissAnswer
from meetings.models.private_notes import PrivateNote
from meetings.models.ratings import Rating
from meetings.models.records import Attendance, Move, Record, Reopening
from meetings.models.sections import Section
from meetings.models.transition_errors import TransitionNotAllowed
from meetings.models.updates import Update

__all__ = [
    "Attendance",
    "CalendarInvite",
    "Commitment",
    "Correction",
    "Decision",
    "Flag",
    "Initiative",
    "InitiativePoint",
    "Issue",
    "Meeting",
    "MissAnswer",
    "Move",
    "PrivateNote",
    "Rating",
    "Record",
    "Reopening",
    "Section",
    "TeamCalendar",
    "TransitionNotAllowed",
    "Update",
]
