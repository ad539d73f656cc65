from meetings.models.agenda_items import Initiative, InitiativePoint, Issue, Update
from meetings.models.commitments import Commitment, Decision
from meetings.models.flags import Correction, Flag, MissAnswer
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Attendance, Move, PrivateNote, Rating, Record, Reopening
from meetings.models.sections import NotNow, Section

__all__ = [
    "Attendance",
    "Commitment",
    "Correction",
    "Decision",
    "Flag",
    "Initiative",
    "InitiativePoint",
    "Invitation",
    "Issue",
    "Meeting",
    "MissAnswer",
    "Move",
    "NotNow",
    "PrivateNote",
    "Rating",
    "Record",
    "Reopening",
    "Section",
    "Update",
]
