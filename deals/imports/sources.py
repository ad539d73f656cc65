"""What deal exports of the CRMs look like: which header means what. Data only.

Headers are compared in lower case, with "_" as a blank ("Close_Date" is "close date"). A role with several
names takes whichever is there; where two of them are, the file is ambiguous and a person must choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = {
    "external_id": "the deal's id",
    "name": "the deal's name",
    "account": "the account",
    "product": "the product",
    "owner": "the owner",
    "manager": "the owner's manager",
    "stage": "the stage",
    "status": "the status",
    "amount": "the amount",
    "currency": "the currency",
    "close_date": "the close date",
    "expected_on": "the expected close date",
    "won_on": "the day it was won",
    "lost_on": "the day it was lost",
    "closed_on": "the day it was closed",
    "opened_on": "the day it was opened",
    "is_won": "whether it is won",
    "is_lost": "whether it is lost",
    "is_closed": "whether it is closed",
    "is_deleted": "whether it is deleted",
}
"""Role of a column → what it is called in a sentence."""

NEEDED: tuple[tuple[str, ...], ...] = (
    ("external_id",),
    ("stage", "status"),
    ("amount",),
    ("close_date", "expected_on", "won_on", "closed_on"),
    ("name", "product", "account"),
)
"""At least one column of each group is required."""


@dataclass(frozen=True, slots=True)
class Source:
    """A CRM in one language. `locale` says how it writes amounts, unless the file shows otherwise."""

    name: str
    headers: Mapping[str, tuple[str, ...]]
    key: str = ""  # ids of one key are ids of one CRM, in whatever language it exports
    locale: str = "en-US"
    spellings: Mapping[str, str] = field(default_factory=dict)  # of products: as exported → as sold


SOURCES = (
    Source(
        "Maven's sample pipeline",
        {
            "external_id": ("opportunity id",),
            "owner": ("sales agent",),
            "product": ("product",),
            "account": ("account",),
            "stage": ("deal stage",),
            "opened_on": ("engage date",),
            "close_date": ("close date",),
            "amount": ("close value",),
        },
        key="maven",
        spellings={"GTXPro": "GTX Pro"},
    ),
    Source(
        "Salesforce",
        {
            "external_id": ("opportunity id",),
            "name": ("opportunity name",),
            "account": ("account name",),
            "owner": ("opportunity owner",),
            "manager": ("opportunity owner: manager",),
            "stage": ("stage", "opportunity stage"),
            "amount": ("amount", "opportunity amount", "total amount"),
            "currency": ("amount currency", "opportunity amount currency", "total amount currency"),
            "close_date": ("close date",),
            "opened_on": ("created date",),
            "is_won": ("won",),
            "is_closed": ("closed",),
        },
        key="salesforce",
    ),
    Source(
        "Salesforce in German",
        {
            "external_id": ("opportunity-id",),
            "name": ("opportunity-name", "opportunityname"),
            "account": ("accountname", "opportunity: account"),
            "owner": ("opportunity-inhaber",),
            "stage": ("phase",),
            "amount": ("opportunity-betrag", "betrag"),
            "currency": ("opportunity-betrag währung", "betrag währung"),
            "close_date": ("schlusstermin", "oppt.-schlusstermin"),
            "opened_on": ("erstelldatum",),
            "is_won": ("gewonnen",),
            "is_closed": ("geschlossen",),
        },
        key="salesforce",
        locale="de-DE",
    ),
    Source(
        "Salesforce's data export",
        {
            "external_id": ("id",),
            "name": ("name",),
            "owner": ("ownerid",),
            "stage": ("stagename",),
            "amount": ("amount",),
            "currency": ("currencyisocode",),
            "close_date": ("closedate",),
            "opened_on": ("createddate",),
            "is_won": ("iswon",),
            "is_closed": ("isclosed",),
            "is_deleted": ("isdeleted",),
        },
        key="salesforce",
    ),
    Source(
        "HubSpot",
        {
            "external_id": ("record id",),
            "name": ("deal name",),
            "account": ("associated company",),
            "owner": ("deal owner",),
            "stage": ("deal stage",),
            "amount": ("amount",),
            "currency": ("currency",),
            "close_date": ("close date",),
            "opened_on": ("create date",),
            "is_won": ("is closed won",),
            "is_lost": ("is closed lost",),
            "is_closed": ("is deal closed?",),
        },
        key="hubspot",
    ),
    Source(
        "Pipedrive",
        {
            "external_id": ("deal - id",),
            "name": ("deal - title",),
            "account": ("deal - organization", "organization - name"),
            "owner": ("deal - owner",),
            "stage": ("deal - stage",),
            "status": ("deal - status",),
            "amount": ("deal - value", "deal - deal value"),
            "currency": ("deal - currency", "deal - currency of value"),
            "expected_on": ("deal - expected close date",),
            "won_on": ("deal - won time",),
            "lost_on": ("deal - lost time",),
            "closed_on": ("deal - closed on",),
            "opened_on": ("deal - deal created", "deal - deal created on"),
        },
        key="pipedrive",
    ),
    Source(
        "Zoho",
        {
            "external_id": ("record id",),
            "name": ("deal name", "potential name"),
            "account": ("account name",),
            "owner": ("deal owner", "potential owner"),
            "stage": ("stage",),
            "amount": ("amount",),
            "currency": ("currency",),
            "close_date": ("closing date",),
            "opened_on": ("created time",),
        },
        key="zoho",
    ),
    Source(
        "a plain table of deals",
        {
            "external_id": ("id", "deal id", "opportunity id", "external id", "record id"),
            "name": ("name", "deal", "deal name", "opportunity", "opportunity name", "title"),
            "account": ("account", "account name", "company", "customer", "organization", "organisation"),
            "product": ("product",),
            "owner": (
                "owner",
                "deal owner",
                "opportunity owner",
                "rep",
                "sales rep",
                "sales agent",
                "salesperson",
            ),
            "manager": ("manager", "sales manager"),
            "stage": ("stage", "deal stage", "sales stage"),
            "status": ("status", "deal status"),
            "amount": ("amount", "value", "deal value", "deal amount", "close value"),
            "currency": ("currency",),
            "close_date": ("close date", "closing date"),
            "expected_on": (
                "expected close date",
                "expected close",
                "est. close date",
                "estimated close date",
            ),
            "won_on": ("won on", "won date", "won time", "date won"),
            "lost_on": ("lost on", "lost date", "lost time", "date lost"),
            "closed_on": ("closed on", "closed date", "date closed", "actual close date"),
            "opened_on": ("created", "created on", "created date", "create date", "opened on", "engage date"),
        },
    ),
)
"""Specific sources before general ones: of two that fit equally well, the first is taken."""
