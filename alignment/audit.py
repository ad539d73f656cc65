"""The audit: who changed what and when, for setup, goals, revenue, seats, misses, records, sign-ins and exports.

Call `note` in the transaction of the change, where the change is made. Facts only, never words of a meeting.
"""

from __future__ import annotations

from datetime import datetime

from alignment.models import Company, Entry, User

WHAT = {
    "company.changed": "Company changed",
    "holidays.changed": "Holidays changed",
    "team.made": "Team made",
    "team.changed": "Team changed",
    "cadence.changed": "Cadence changed",
    "absence.added": "Absence entered",
    "absence.removed": "Absence taken back",
}
"""Every kind of entry and how a person reads it."""


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
