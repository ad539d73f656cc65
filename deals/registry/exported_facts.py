"""What an admin may read of deals in an export: revenue. Deals and risks are for members of the team."""

from datetime import datetime

from alignment.exports.schema import declare_confidential, declare_facts, declare_rule
from alignment.rules.zones import EARLIEST_ZONE
from deals.models import RevenueEntry

declare_facts(
    "deals.RevenueEntry", "team", "created_at", "created_by", "day", "amount", "note", "corrects", "source"
)
declare_confidential(
    "deals.RevenueEntry.deal",
    "deals.Account",
    "deals.Deal",
    "deals.DealChange",
    "deals.Risk",
    why="Deals and risks are for members of the team.",
)
declare_confidential("deals.RevenueEntry.version", why="A counter of changes for the software.")


def check_revenue(entry: RevenueEntry, now: datetime) -> None:
    if entry.day > (now + EARLIEST_ZONE).date():
        raise ValueError(f"day {entry.day} is in the future")


declare_rule("deals.RevenueEntry", check_revenue)
