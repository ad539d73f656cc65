"""Labels of meetings, teams and absences in the audit log."""

from alignment.audit import register_labels

LABELS = {
    "meeting.moved": "Meeting moved",
    "meeting.excused": "Meeting excused",
    "meeting.missed": "Meeting missed",
    "miss.corrected": "Missed meeting corrected",
    "meeting.closed": "Meeting ended",
    "meeting.reopened": "Meeting reopened",
    "flag.acknowledged": "Flag acknowledged",
    "team.made": "Team created",
    "team.changed": "Team changed",
    "team.ended": "Team ended",
    "team.taken_up": "Team restarted",
    "cadence.changed": "Schedule changed",
    "absence.added": "Time off added",
    "absence.removed": "Time off removed",
}
register_labels(LABELS)
