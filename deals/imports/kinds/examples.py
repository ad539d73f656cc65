"""Worked examples to download, one a kind: three rows that the import reads without a question. Also a sheet to start
from where there is no CRM.
"""

from __future__ import annotations

EXAMPLES = {
    "deals": (
        (
            "Deal ID,Deal Name,Account,Owner,Stage,Amount,Currency,Close Date,Created,Deal Type,Lead Source,Next Step,"
            "Next Step Date,Forecast Category,Lost Reason,Contract End"
        ),
        (
            "D-1001,Warehouse rollout,Brandt Logistics,Anna Keller,Won,84000,{currency},2026-01-15,2025-09-02,"
            "New,Referral,Kick-off with operations,2026-02-02,Commit,,2028-12-31"
        ),
        (
            "D-1002,Second plant,Orbis Foods,Anna Keller,Negotiation,52000,{currency},2026-12-18,2026-05-20,"
            "Expansion,Existing client,Send the revised offer,2026-11-30,Best Case,,"
        ),
        (
            "D-1003,Pilot in the north,Castell Energy,Tom Reuter,Lost,31500,{currency},2026-03-30,2025-11-11,"
            "New,Marketing,,,,Chose to build it themselves,"
        ),
    ),
    "accounts": (
        "Account ID,Account Name,Status,Employees,Annual Revenue,Owner,Owner Email",
        "A-1,Brandt Logistics,Client,1800,240000000,Anna Keller,anna.keller@example.com",
        "A-2,Orbis Foods,Client,420,61000000,Anna Keller,anna.keller@example.com",
        "A-3,Castell Energy,Prospect,9500,,Tom Reuter,tom.reuter@example.com",
    ),
    "contacts": (
        "Contact ID,Name,Job Title,Level,Role,Email,Account",
        "C-1,Maria Brandt,Managing Director,C-level,Decides,maria.brandt@example.com,Brandt Logistics",
        "C-2,Jonas Weber,IT Manager,Manager,Champion,jonas.weber@example.com,Brandt Logistics",
        "C-3,Claire Dubois,Purchasing Manager,Manager,Influences,claire.dubois@example.com,Orbis Foods",
    ),
    "revenue": (
        "Date,Amount,Currency,Kind,Deal ID,Deal,Account,Team,Note",
        "2026-01-15,84000,{currency},Won,D-1001,Warehouse rollout,Brandt Logistics,North,Order 4711",
        "2026-02-28,52000,{currency},Invoiced,D-1001,Warehouse rollout,Brandt Logistics,North,Invoice 88",
        "2026-03-31,31500,{currency},Recurring,,,Orbis Foods,North,Licences for a year",
    ),
    "history": (
        "Deal ID,Field,Old Value,New Value,Changed At,Changed By",
        "D-1002,Stage,Proposal,Negotiation,2026-09-14 10:30:00,Anna Keller",
        "D-1002,Close Date,2026-10-30,2026-12-18,2026-09-14 10:31:00,Anna Keller",
        "D-1002,Amount,48000,52000,2026-10-01 09:05:00,Anna Keller",
    ),
}


def example(kind: str, *, currency: str = "USD") -> str:
    """The example as CSV, in this currency."""
    return "\n".join(EXAMPLES[kind]).format(currency=currency) + "\n"
