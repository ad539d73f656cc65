"""What a column of an import can be, kind by kind, and which columns a kind cannot do without. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNREAD = "-"
"""Of a column that is not to be read."""

_DEALS = {
    "external_id": "the deal's id",
    "name": "the deal's name",
    "account": "the account",
    "account_id": "the account's id",
    "product": "the product",
    "owner": "the owner",
    "owner_email": "the owner's e-mail address",
    "manager": "the owner's manager",
    "stage": "the stage",
    "status": "the status",
    "pipeline": "the pipeline",
    "record_type": "the record type",
    "amount": "the amount",
    "won_amount": "the amount it was won for",
    "currency": "the currency",
    "converted_amount": "the amount converted by the CRM",
    "converted_currency": "the currency of the converted amount",
    "close_date": "the close date",
    "expected_on": "the expected close date",
    "won_on": "the day it was won",
    "lost_on": "the day it was lost",
    "closed_on": "the day it was closed",
    "opened_on": "the day it was opened",
    "is_won": "whether it is won",
    "is_lost": "whether it is lost",
    "is_closed": "whether it is closed",
    "is_active": "whether it is active",
    "is_deleted": "whether it is deleted",
    "deal_type": "the type of deal",
    "lead_source": "the lead source",
    "next_step": "the next step",
    "next_step_on": "the day of the next step",
    "forecast_category": "the forecast category",
    "loss_reason": "the reason it was lost",
    "contract_end": "the end of the contract",
}
_ACCOUNTS = {
    "external_id": "the account's id",
    "name": "the account's name",
    "status": "the status",
    "employees": "the number of employees",
    "annual_revenue": "the account's annual revenue",
    "currency": "the currency",
    "owner": "the owner",
    "owner_email": "the owner's e-mail address",
    "is_deleted": "whether it is deleted",
}
_CONTACTS = {
    "external_id": "the contact's id",
    "name": "the name",
    "first_name": "the first name",
    "last_name": "the last name",
    "title": "the job title",
    "level": "the level",
    "role": "the role in the decision",
    "email": "the e-mail address",
    "account": "the account",
    "account_id": "the account's id",
    "is_deleted": "whether it is deleted",
}
_REVENUE = {
    "external_id": "the entry's id",
    "day": "the day",
    "amount": "the amount",
    "currency": "the currency",
    "converted_amount": "the amount converted",
    "converted_currency": "the currency of the converted amount",
    "revenue_kind": "the kind of revenue",
    "deal_id": "the deal's id",
    "deal": "the deal's name",
    "account": "the account",
    "account_id": "the account's id",
    "team": "the team",
    "owner": "the owner",
    "note": "the note",
}
_HISTORY = {
    "deal_id": "the deal's id",
    "field": "which field was changed",
    "old": "the old value",
    "new": "the new value",
    "moment": "when it was changed",
    "by": "who changed it",
    "stage": "the stage after the change",
    "amount": "the amount after the change",
    "close_date": "the close date after the change",
    "old_stage": "the stage before the change",
    "old_amount": "the amount before the change",
    "old_close_date": "the close date before the change",
    "currency": "the currency",
    "is_deleted": "whether it is deleted",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`roles`: role → what it is called in a sentence. Of each group in `needed` one role must have a column;
    `deciding` roles settle money, day, owner or identity: two columns for one of them are asked about.
    """

    plural: str
    roles: Mapping[str, str]
    needed: tuple[tuple[str, ...], ...]
    deciding: frozenset[str]
    days: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "deals": Kind(
        "deals",
        _DEALS,
        (
            ("stage", "status"),
            ("amount",),
            ("close_date", "expected_on", "won_on", "closed_on"),
            ("name", "product", "account"),
        ),
        frozenset(
            {
                "external_id",
                "owner",
                "stage",
                "status",
                "amount",
                "won_amount",
                "currency",
                "converted_amount",
            }
            | {"close_date", "expected_on", "won_on", "lost_on", "closed_on"}
            | {"is_won", "is_lost", "is_closed", "is_active", "is_deleted"}
        ),
        (
            *("close_date", "expected_on", "won_on", "lost_on", "closed_on"),
            *("opened_on", "next_step_on", "contract_end"),
        ),
        ("amount", "won_amount", "converted_amount"),
    ),
    "accounts": Kind(
        "accounts",
        _ACCOUNTS,
        (("name",),),
        frozenset({"external_id", "name", "owner", "status"}),
        (),
        ("annual_revenue",),
    ),
    "contacts": Kind(
        "contacts",
        _CONTACTS,
        (("name", "last_name"), ("account", "account_id")),
        frozenset({"external_id", "name", "email", "account", "account_id"}),
    ),
    "revenue": Kind(
        "revenue",
        _REVENUE,
        (("day",), ("amount",)),
        frozenset({"external_id", "day", "amount", "currency", "converted_amount", "deal_id", "team"}),
        ("day",),
        ("amount", "converted_amount"),
    ),
    "history": Kind(
        "changes",
        _HISTORY,
        (("deal_id",), ("moment",), ("field", "stage", "amount", "close_date")),
        frozenset({"deal_id", "moment", "field", "old", "new", "stage", "amount", "close_date"}),
        ("moment", "close_date", "old_close_date"),
        ("amount", "old_amount"),
    ),
}
