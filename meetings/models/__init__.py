from meetings.models.agenda_items import Initiative, InitiativePoint, Issue, Update
from meetings.models.commitments import Commitment, Decision
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting, NotNow, Section
from meetings.models.records import Attendance, Move, PrivateNote, Rating, Record, Reopening

__all__ = [
    "Attendance",
    "Commitment",
    "Decision",
    "Initiative",
    "InitiativePoint",
    "Invitation",
    "Issue",
    "Meeting",
    "Move",
    "NotNow",
    "PrivateNote",
    "Rating",
    "Record",
    "Reopening",
    "Section",
    "Update",
]
