"""What an admin may read of this app in an export: whether and when meetings took place, not what was said."""

from datetime import datetime

from alignment.exports.former_names import declare_former_names
from alignment.exports.schema import declare_confidential, declare_facts, declare_rule, declare_shape
from alignment.models.company import known_zone
from meetings.agenda.record import load_record
from meetings.agenda.record_references import AgendaShape, ReadersShape
from meetings.agreement.references import AgreementShape
from meetings.models import CalendarInvite, Meeting, QuarterSharing, Record

declare_facts(
    "meetings.Meeting",
    "team",
    "planned_start",
    "starts_at",
    "state",
    "due_not_before",
    "submitted_at",
    "submitted_by",
    "due_when_submitted",
    "missing_when_submitted",
    "started_at",
    "started_by",
    "closed_at",
    "closed_by",
    "reopened_at",
    "missed_at",
    "missed_by",
    "excused_at",
    "excused_by",
    "excused_why",
    "section",
    "running_since",
    "suspended_at",
    "seconds",
    "shortened_at",
    "recap_has_plans",
)
declare_facts("meetings.Meeting_recap_to", "meeting", "user")
declare_facts("meetings.Move", "meeting", "old", "new", "by", "at")
declare_facts("meetings.Reopening", "meeting", "by", "at")
declare_facts("meetings.Attendance", "meeting", "user", "role", "present", "at")
declare_facts(
    "meetings.Flag",
    "team",
    "meeting",
    "kind",
    "step",
    "raised_at",
    "acknowledged_at",
    "acknowledged_by",
    "comment",
    "cleared_at",
)
declare_facts("meetings.MissAnswer", "meeting", "user", "text", "at")
declare_facts(
    "meetings.Correction", "meeting", "old_state", "old_fault", "new_state", "new_fault", "by", "at", "why"
)
declare_facts(
    "meetings.CalendarInvite",
    "seat",
    "kind",
    "weekday",
    "nth",
    "local_time",
    "timezone",
    "starts_on",
    "ends_on",
    "created_at",
    "ended_at",
)

declare_confidential("meetings.Meeting.gap", why="A figure from the record: visible only to the team.")
declare_confidential(
    "meetings.Move.why", "meetings.Reopening.why", why="The reason is visible only to the team."
)
declare_confidential(
    "meetings.Meeting.revision",
    "meetings.Meeting.sequence",
    "meetings.CalendarInvite.uid",
    "meetings.CalendarInvite.sequence",
    "meetings.TeamCalendar",
    why="Used by pages and calendars to detect changes; no information about the company.",
)
declare_confidential(
    "meetings.Record",
    "meetings.Update",
    "meetings.Issue",
    "meetings.Initiative",
    "meetings.Commitment",
    "meetings.Decision",
    why="What was said, planned and agreed is visible only to the team; a rep's plan only to the CEO and the leader.",
)
declare_confidential(
    "meetings.CalendarInvite.address",
    why="The address of a person's calendar is visible only to that person.",
)
declare_confidential(
    "meetings.Congratulation", why="What the CEO wrote to a rep is visible only to the team."
)
declare_confidential(
    "meetings.Measure",
    "meetings.MeasurePoint",
    why="What a team measures besides revenue is for members of the team.",
)
declare_confidential(
    "meetings.Call", "meetings.CallDeal", why="What a sales leader calls is visible only to the team."
)
declare_confidential(
    "meetings.Expectation", "meetings.Struck", why="What a CEO expects is for the CEO and the sales leader."
)
declare_confidential(
    "meetings.Measure",
    "meetings.MeasurePoint",
    why="What a team measures besides revenue is for members of the team.",
)
declare_confidential(
    "meetings.CheckIn",
    "meetings.CheckInAnswer",
    why="A check-in is for the CEO and the sales leader it names, and for nobody else.",
)
declare_confidential(
    "meetings.HeadsUp", why="A heads-up is for the CEO and the sales leader it names, and for nobody else."
)
declare_confidential(
    "meetings.FeedbackTalk",
    why="Whether somebody talked about where they stand is visible only to that person.",
)
declare_confidential(
    "meetings.FirstMeeting",
    "meetings.FirstMeetingAnswer",
    why="A first meeting is for the CEO and the sales leader it names, and for nobody else.",
)
declare_confidential("meetings.Rating", why="Ratings are visible only to the team.")
declare_confidential(
    "meetings.ContactNote", why="What a team thinks of a contact is for its CEO and its sales leader."
)
declare_confidential(
    "meetings.SilencedReason", why="What a CEO does not want to read for a week is for that CEO alone."
)
declare_confidential(
    "meetings.QuarterSharing", why="What a CEO opens of a quarter's page is for those who read the team."
)
declare_confidential("meetings.PrivateNote", why="A private note is visible only to its author.")

declare_shape("alignment.Agreement", "content", AgreementShape())
declare_shape("alignment.Agreement", "facts", AgreementShape())
declare_shape("meetings.Record", "agenda", AgendaShape())
declare_shape("meetings.Record", "pair_texts", ReadersShape())

declare_former_names(
    "meetings.Meeting",
    submitted_at="handed_in_at",
    submitted_by_id="handed_in_by_id",
    due_when_submitted="due_at_hand_in",
    missing_when_submitted="missing_at_hand_in",
)
declare_former_names(
    "meetings.Initiative",
    approval="ceo_word",
    approval_why="ceo_why",
    approval_at="ceo_word_at",
    approval_by_id="ceo_word_by_id",
)
declare_former_names("meetings.Flag", comment="word")
declare_former_names("meetings.CalendarInvite", model="meetings.Invitation")


def check_meeting(meeting: Meeting, now: datetime) -> None:
    longest = 7 * 24 * 3600
    if not all(0 <= float(spent) <= longest for spent in meeting.seconds.values()):
        raise ValueError("seconds are no seconds of a meeting")


def check_calendar_invite(invite: CalendarInvite, now: datetime) -> None:
    known_zone(invite.timezone)
    if invite.weekday > 6 or invite.nth not in (-1, 1, 2, 3, 4):
        raise ValueError("its day is no weekday of a month")


def check_record(record: Record, now: datetime) -> None:
    load_record(record.agenda)
    if not all(isinstance(text, str) for text in record.pair_texts.values()):
        raise ValueError("pair_texts are no texts")


def check_quarter_sharing(sharing: QuarterSharing, now: datetime) -> None:
    if list(map(str, sharing.parts)) != sharing.open_parts:
        raise ValueError("open_parts are no parts of a quarter's page")


declare_rule("meetings.Meeting", check_meeting)
declare_rule("meetings.CalendarInvite", check_calendar_invite)
declare_rule("meetings.QuarterSharing", check_quarter_sharing)
declare_rule("meetings.Record", check_record)
