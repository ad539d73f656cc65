"""How much a team's settings may be: its forms ask it, and so does an import. Pure."""

from __future__ import annotations

from typing import Any

LONGEST_SECTION = 120
"""Minutes."""
LONGEST_WAIT = 336
"""Hours before or after a meeting: two weeks."""
LONGEST_OPEN = 168
MOST_MISSES = 26
MOST_REMINDERS = 6
MOST = {
    **dict.fromkeys(
        ("minutes_revenue", "minutes_deals", "minutes_risks", "minutes_initiatives", "minutes_issues"),
        LONGEST_SECTION,
    ),
    "preparation_hours": LONGEST_WAIT,
    "missed_after_hours": LONGEST_WAIT,
    "closes_after_hours": LONGEST_OPEN,
    "admins_told_after": MOST_MISSES,
    "red_after": MOST_MISSES,
}
"""By the name of the setting; the least is 1 for each."""


def are_reminders(hours: Any) -> bool:
    """Whether these are hours before a preparation is due at which it can be asked for."""
    return (
        isinstance(hours, list)
        and len(hours) <= MOST_REMINDERS
        and all(type(hour) is int and 1 <= hour <= LONGEST_WAIT for hour in hours)
    )
