"""What an export looks like inside: its files, its manifest, its rows as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from alignment.rules.spreadsheet import plain

FORMAT = 2
PRODUCT = "alignment"
MANIFEST = "manifest.json"
README = "README.txt"
Contents = Literal["facts", "whole"]
FACTS: Contents = "facts"
"""What an admin of the company may read."""
WHOLE: Contents = "whole"
"""All that the company has here."""

ABOUT = """{company}, exported at {made_at} UTC by Alignment {version}.

{contents}
Each table is included twice: as .csv for spreadsheets and as .json for programs. manifest.json lists the contents and
the checksum of each file.

Times are in UTC, dates are in the team's time zone, amounts are in the company's currency. In a .csv, text that a
spreadsheet would read as a formula begins with an apostrophe. Passwords, tokens and sessions are not included.
"""
CONTENTS: dict[Contents, str] = {
    FACTS: """facts/ contains what an admin of the company can see in Alignment: people, teams, members,
schedules, goals, revenue, when meetings were held or missed, and the audit log. It does not include deals, plans,
notes or what was said in meetings, and it cannot be imported. A server administrator can export the whole company:
manage.py export_company.
""",
    WHOLE: """whole/ contains everything the company has in Alignment, including agendas, notes, plans and records.
It is confidential: protect this file like the database, and encrypt it before you send it.
To import it into another installation of Alignment: manage.py import_company FILE.
""",
}


@dataclass(frozen=True)
class Member:
    """One file of an export, by its checksum and its size in bytes once unpacked."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """`made_at` is an ISO time in UTC; `rows` and `fields` are by the label of the model."""

    contents: Contents
    version: str
    made_at: str
    company: Mapping[str, str]
    migrations: list[list[str]]
    rows: dict[str, int]
    fields: dict[str, list[str]]
    members: dict[str, Member] = field(default_factory=dict)
    product: str = PRODUCT
    format: int = FORMAT


def member_name(contents: Contents, label: str, extension: str) -> str:
    """“facts/alignment.team.csv”."""
    return f"{contents}/{label.lower()}.{extension}"


def as_json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=plain).encode()
