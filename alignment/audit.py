"""The audit: who changed what and when, for setup, goals, revenue, seats,
misses, records, sign-ins and exports.

Call `note` in the transaction of the change, where the change is made.
Facts only, never content of a meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from alignment.models import Company, Entry, User
from alignment.rules.periods import MONTH_NAMES

LABELS: dict[str, str] = {}
"""Every kind of entry and how a person reads it. Each app registers the kinds it writes, in its registry."""


def register_labels(labels: Mapping[str, str]) -> None:
    """Add an app's kinds. Raises ValueError for a kind with another label
    already: two apps would mean two things."""
    if taken := sorted(kind for kind, label in labels.items() if LABELS.get(kind, label) != label):
        raise ValueError(f"Registered already: {', '.join(taken)}")
    LABELS.update(labels)


def spelled(day: date) -> str:
    """ "9 November 2026", as the audit writes a day."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def note(
    what: str,
    *,
    by: User | None,
    now: datetime,
    company: Company | None,
    about: str = "",
    old: object = "",
    new: object = "",
    why: str = "",
) -> None:
    """Write one entry. `old` and `new` are in words, cut at 500 characters.
    Raises KeyError for an unregistered kind.

    `company` None is for what a person did outside any company, such as signing in.
    """
    LABELS[what]
    Entry.objects.create(
        company=company,
        at=now,
        by=by,
        what=what,
        about=about[:200],
        old=str(old)[:500],
        new=str(new)[:500],
        why=why[:300],
    )
