"""What an admin may read of deals in an export: revenue. Deals and risks are for members of the team."""

from datetime import datetime

from babel.numbers import is_currency

from alignment.exports.former_names import (
    declare_former_column,
    declare_former_values,
)
from alignment.exports.schema import (
    declare_confidential,
    declare_facts,
    declare_local,
    declare_rule,
)
from alignment.rules.zones import EARLIEST_ZONE
from deals.models import Deal, RevenueEntry
from deals.sales_people.rep_names import RepNames

declare_facts(
    "deals.RevenueEntry",
    "team",
    "created_at",
    "created_by",
    "day",
    "amount",
    "kind",
    "original_amount",
    "original_currency",
    "rate",
    "note",
    "corrects",
    "source",
)
declare_confidential(
    "deals.RevenueEntry.account",
    "deals.RevenueEntry.deal",
    "deals.Account",
    "deals.Deal",
    "deals.DealChange",
    "deals.Risk",
    "deals.CapacityNeed",
    why="Deals and risks are for members of the team.",
)
declare_confidential(
    "deals.FollowUp", "deals.Touch", why="Key clients, and what they said, are for members of the team."
)
declare_confidential(
    "deals.CommittedDeal",
    "deals.Evidence",
    "deals.EvidenceRequest",
    why="What a sales leader committed, and why it will close, is for members of the team.",
)
declare_confidential("deals.Contact", why="People at accounts are for the members of a team that knows them.")
declare_confidential(
    "deals.Rep",
    "deals.RepTerm",
    "deals.RepSpelling",
    "deals.Pipeline",
    "deals.Stage",
    why="Who sells, and how the CRM names its stages, goes with the deals.",
)
declare_confidential(
    "deals.ImportRun",
    "deals.ImportMapping",
    "deals.RevenueEntry.run",
    why="What somebody uploaded is read by them; its figures are deals and revenue.",
)
declare_local(
    "deals.ImportRow",
    why="What a file says of rows by their numbers here; deleted after 30 days, and with it the way back.",
)
declare_local(
    *("deals.ImportRun.answers", "deals.ImportRun.choices", "deals.ImportRun.understanding"),
    why="About a file that stays here; deleted with it.",
)
declare_local("deals.Deal.merge_moves", why="Rows by their numbers here: the way back of a merge.")
declare_local("deals.UploadAddress", why="A secret: it opens something in this installation alone.")
declare_confidential("deals.RevenueEntry.version", why="A counter of changes for the software.")


def check_revenue(entry: RevenueEntry, now: datetime) -> None:
    if entry.day > (now + EARLIEST_ZONE).date():
        raise ValueError(f"day {entry.day} is in the future")
    if entry.original_currency and not is_currency(entry.original_currency):
        raise ValueError("original_currency is unknown")


declare_rule("deals.RevenueEntry", check_revenue)


def place_owner(deal: Deal, owner: object, known: dict[int, RepNames]) -> None:
    """Deals named their rep by a text: a rep of the team by that name."""
    if not isinstance(owner, str):
        raise TypeError("owner is no text")
    company = deal.team.company_id
    reps = known.setdefault(company, RepNames(company))
    deal.rep = reps.find_or_create(" ".join(owner.split()), team=deal.team, day=deal.created_at.date())


declare_former_column("deals.Deal", "owner", place_owner)


declare_former_values("deals.DealChange", field={"owner": "rep"})
