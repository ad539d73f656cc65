"""What an archive looks like inside: its members, its manifest, its rows as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

FORMAT = 1
PRODUCT = "alignment"
MANIFEST = "manifest.json"
README = "README.txt"
FACTS, WORDS, SEALED = "facts", "words", "sealed"

ABOUT = """{company}, as it stood {made_at} UTC. Made by Alignment {version}.

facts/    what an admin of the company sees in Alignment: people, teams, seats, cadence, goals, revenue, meetings, the audit.
          Each kind of row twice: .csv to open in a spreadsheet, .json to read by a program.
{words}
manifest.json says what is in each file, and its checksum.

Times are in UTC, days are the team's, amounts are in the company's currency. In a .csv a text that a spreadsheet would take
for a formula begins with an apostrophe. No passwords, tokens or sessions are in it.
It can be put into another installation of Alignment: manage.py import_company FILE.
"""
IN_CLEAR = """words/    what was said: agendas, notes, plans, records. Confidential: keep this file as you keep the database.
"""
UNDER_SEAL = """sealed/   what was said: agendas, notes, plans, records. Admins may not read it, so it is encrypted. Whoever runs the
          installation it comes from can tell its passphrase: manage.py archive_passphrase FILE.
"""


@dataclass(frozen=True)
class Member:
    """One file of an archive: its checksum and size as it lies there, and its size before it was sealed."""

    sha256: str
    size: int
    plain: int


@dataclass(frozen=True)
class Manifest:
    """`made_at` is an ISO time in UTC; `rows` and `fields` are by the label of the model; `salt` is empty unless sealed."""

    key: str
    version: str
    made_at: str
    company: Mapping[str, str]
    migrations: list[list[str]]
    rows: dict[str, int]
    fields: dict[str, dict[str, list[str]]]
    members: dict[str, Member] = field(default_factory=dict)
    salt: str = ""
    product: str = PRODUCT
    format: int = FORMAT

    @property
    def is_sealed(self) -> bool:
        return bool(self.salt)


def member_name(part: str, label: str, kind: str) -> str:
    """“facts/alignment.team.csv”; sealed ones are compressed first."""
    return f"{part}/{label.lower()}.{kind}" + (".gz.enc" if part == SEALED else "")


def plain(value: Any) -> Any:
    """A value of a row as JSON holds it: amounts, days and times as text, so that nothing is rounded."""
    if isinstance(value, (date, time)):  # a datetime is a date too
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, UUID)) else value


def as_json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=plain).encode()


DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_cell(value: Any) -> str:
    """A value for a spreadsheet: a text that it would take for a formula is shown as the text it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(DANGEROUS) else value
    return str(plain(value))
