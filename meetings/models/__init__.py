from meetings.models.calendar_invites import CalendarInvite, TeamCalendar
from meetings.models.calls import Call, CallDeal
from meetings.models.check_in import CheckIn, CheckInAnswer
from meetings.models.commitments import Commitment, Decision
from meetings.models.congratulations import Congratulation
from meetings.models.contact_notes import ContactNote
from meetings.models.expectations import Expectation, Struck
from meetings.models.feedback_talks import FeedbackTalk
from meetings.models.first_meetings import FirstMeeting, FirstMeetingAnswer
from meetings.models.heads_up import HeadsUp
from meetings.models.initiatives import Initiative
from meetings.models.issues import Issue
from meetings.models.measures import Measure, MeasurePoint, ValueConflict
from meetings.models.meetings import Meeting
from meetings.models.misses import Correction, Flag, MissAnswer
from meetings.models.private_notes import PrivateNote
from meetings.models.quarter_sharing import QuarterSharing
from meetings.models.ratings import Rating
from meetings.models.records import Attendance, Move, Record, Reopening
from meetings.models.sections import Section
from meetings.models.silenced_reasons import SilencedReason
from meetings.models.transition_errors import TransitionNotAllowed
from meetings.models.updates import Update

__all__ = [
    "Attendance",
    "CalendarInvite",
    "Call",
    "CallDeal",
    "CheckIn",
    "CheckInAnswer",
    "Commitment",
    "Congratulation",
    "ContactNote",
    "Correction",
    "Decision",
    "Expectation",
    "FeedbackTalk",
    "FirstMeeting",
    "FirstMeetingAnswer",
    "Flag",
    "HeadsUp",
    "Initiative",
    "Issue",
    "Measure",
    "MeasurePoint",
    "Meeting",
    "MissAnswer",
    "Move",
    "PrivateNote",
    "QuarterSharing",
    "Rating",
    "Record",
    "Reopening",
    "Section",
    "SilencedReason",
    "Struck",
    "TeamCalendar",
    "TransitionNotAllowed",
    "Update",
    "ValueConflict",
]
