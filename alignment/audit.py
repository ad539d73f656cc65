"""The audit: who changed what and when, for setup, goals, revenue, seats, misses, records, sign-ins and exports.

Call `note` in the transaction of the change, where the change is made. Facts only, never words of a meeting.
"""

from __future__ import annotations

from datetime import date, datetime

from alignment.models import Company, Entry, User
from alignment.periods import MONTH_NAMES

WHAT = {
    "signed.in": "Signed in",
    "signed.out": "Signed out",
    "signin.failed": "Sign-in failed",
    "changes.exported": "Changes exported",
    "meeting.moved": "Meeting moved",
    "meeting.excused": "Meeting excused",
    "meeting.missed": "Meeting missed",
    "miss.corrected": "Missed meeting corrected",
    "meeting.closed": "Meeting closed",
    "meeting.reopened": "Meeting reopened",
    "flag.acknowledged": "Flag acknowledged",
    "company.made": "Company made",
    "company.changed": "Company changed",
    "holidays.changed": "Holidays changed",
    "team.made": "Team made",
    "team.changed": "Team changed",
    "team.ended": "Team ended",
    "team.taken_up": "Team taken up again",
    "seat.given": "Seat given",
    "seat.ended": "Seat ended",
    "seat.handed_over": "Seat handed over",
    "seat.planned": "Change of a seat planned",
    "seat.cancelled": "Planned change of a seat cancelled",
    "seat.impossible": "Planned change of a seat could not be made",
    "cadence.changed": "Cadence changed",
    "absence.added": "Absence entered",
    "absence.removed": "Absence taken back",
    "factor.added": "Second factor set up",
    "factor.removed": "Second factor removed",
    "recovery.made": "Recovery codes made",
    "password.changed": "Password changed",
    "sessions.ended": "Signed out of browsers",
    "provider.linked": "Sign-in provider linked",
    "signin.policy": "Second factor asked of everybody",
    "person.invited": "Person invited",
    "person.invited_again": "Invitation sent again",
    "invitation.revoked": "Invitation revoked",
    "person.joined": "Invitation accepted",
    "person.changed": "Person changed",
    "person.deactivated": "Person deactivated",
    "person.taken_back": "Person taken back",
    "admin.given": "Admin’s right given",
    "admin.taken": "Admin’s right taken",
    "password.link_sent": "Link to set a new password sent",
    "address.changed": "E-mail address changed",
    "archive.asked": "Export asked for",
    "archive.made": "Export made",
    "archive.failed": "Export given up",
    "archive.downloaded": "Export downloaded",
    "archive.removed": "Export deleted",
    "archive.expired": "Export lapsed and deleted",
    "archive.taken": "Export taken on the server",
    "archive.opened": "Passphrase of an export told on the server",
    "company.imported": "Company brought in from an archive",
    "person.forgotten": "Person forgotten",
    "goals.changed": "Goals changed",
    "goals.exported": "Goals exported",
    "revenue.added": "Revenue written down",
    "revenue.booked": "Revenue booked by a won deal",
    "revenue.imported": "Revenue imported",
    "revenue.corrected": "Revenue corrected",
    "revenue.exported": "Revenue exported",
}
"""Every kind of entry and how a person reads it."""


def spelled(day: date) -> str:
    """ "9 November 2026", as the audit writes a day."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def note(
    what: str, *, by: User | None, now: datetime, company: Company | None, about: str = "", old: object = "",
    new: object = "", why: str = "",
) -> None:  # fmt: skip
    """Write one entry. `old` and `new` are said in words, cut at 500 characters; a kind that WHAT lacks is a KeyError.

    `company` None is for what a person did outside any company, such as signing in.
    """
    WHAT[what]
    Entry.objects.create(
        company=company, at=now, by=by, what=what, about=about[:200], old=str(old)[:500], new=str(new)[:500], why=why[:300],
    )  # fmt: skip
