"""The rows of a file as typed values, one class a kind. None or empty: the file does not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    GOOD = "good"
    REFUSED = "refused"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """An amount in another currency than the company's, and the rate it was taken at: how much one unit is worth
    in the company's currency. `rate` is None where the CRM itself converted the amount.
    """

    amount: Decimal
    currency: str
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    """One deal. `amount` is in the company's currency; `foreign` what the file has where that is another."""

    number: int  # the row in the file
    external_id: str
    name: str
    has_name: bool  # False: made up of the product and the account
    account: str
    account_id: str = ""
    owner: str
    owner_email: str = ""
    manager: str
    stage: str
    status: str  # won, lost, open, or withdrawn: deleted in the CRM
    pipeline: str = ""
    record_type: str = ""
    amount: Decimal | None
    foreign: Foreign | None = None
    close_date: date | None
    opened_on: date | None
    deal_type: str = ""  # new, expansion, renewal; empty where the file's word is none of the known
    lead_source: str = ""  # prospecting, marketing, referral, client, partner, other
    next_step: str = ""
    next_step_on: date | None = None
    forecast_category: str = ""  # commit, best_case, pipeline, left_out
    loss_reason: str = ""
    contract_end: date | None = None

    @property
    def won(self) -> Decimal:
        """What it brought in; zero unless it is won."""
        return self.amount if self.status == "won" and self.amount else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    number: int
    external_id: str
    name: str
    status: str = ""  # prospect, client, former
    employees: int | None = None
    annual_revenue: Decimal | None = None  # in the company's currency
    owner: str = ""
    owner_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    number: int
    external_id: str
    name: str
    title: str = ""
    level: str = (
        ""  # c_level, vp_director, manager, specialist; empty where the title is not exactly a known one
    )
    role: str = ""  # decides, pays, champion, influences, against
    email: str = ""
    account: str = ""
    account_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueRow:
    """Money actually won, invoiced or recurring. Below zero: a credit, as somebody confirmed."""

    number: int
    external_id: str = ""  # of the entry itself, such as the number of an invoice
    day: date
    amount: Decimal
    foreign: Foreign | None = None
    kind: str = ""  # won, invoiced, recurring
    deal_id: str = ""
    deal: str = ""
    account: str = ""
    account_id: str = ""
    team: str = ""
    owner: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One change of one deal as the CRM recorded it. `old` and `new` are texts as DealChange keeps them: amounts
    with a point, days as year-month-day, stages as written; empty for none.
    """

    number: int
    deal_id: str
    field: str  # stage, amount, close_date
    old: str
    new: str
    moment: datetime  # aware
    by: str = ""


Values = DealRow | AccountRow | ContactRow | RevenueRow | HistoryRow


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the file, in its order. GOOD has `values`; REFUSED and LEFT_OUT have a `reason`, a sentence
    that names row and column. A deal that is deleted in the CRM is left out with its values, status withdrawn:
    one that is known from before can be withdrawn.

    `category` says why a row is left out: sum, note, heading, group, subitem, nothing (none
    of its cells is read), deleted, repeated, elsewhere (a pipeline
    or record type that does not belong here), no_deal (a stage of no deals), no_change (of a history).
    """

    number: int
    verdict: Verdict
    values: Values | None
    reason: str
    cells: tuple[str, ...]
    category: str = ""
