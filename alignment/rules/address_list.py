"""E-mail addresses as people paste them: one person a line, with or without a name. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST = 500
"""People invited at once."""
LONGEST_NAME, LONGEST_ADDRESS = 120, 254
LONGEST_LOCAL = 64
"""Before the @, as the standard of mail has it."""
MOST_SHOWN = 10
"""Wrong lines named one by one; the others are counted."""

_ANGLES = re.compile(r"(?P<name>.*?)<(?P<address>[^<>]*)>[\s,;]*")
_NUMBERED = re.compile(r"\]$|\.\d+$")
"""A host by its number: “[127.0.0.1]”."""
_CELLS = re.compile(r"[\t;,]")
_HEADINGS = {
    "name",
    "mail",
    "email",
    "e-mail",
    "address",
    "first name",
    "last name",
    "e-mail address",
    "email address",
}


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite, as in the list."""

    line: int
    name: str
    address: str


class AddressListError(ValueError):
    """Some lines name no person. `sentences` says which line and what is wrong, `str()` joins them."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences[:MOST_SHOWN]
        if len(sentences) > MOST_SHOWN:
            self.sentences.append(f"And {len(sentences) - MOST_SHOWN} more lines are wrong.")
        super().__init__(" ".join(self.sentences))


def read_people(text: str) -> list[Invitee]:
    """The people of a pasted list: "Joe Keller <joe@x.com>", "joe@x.com", or name
    and address in cells of a spreadsheet.

    Empty lines and a line of headings are skipped. Raises AddressListError: nobody is read then.
    """
    lines = [(number, line) for number, line in enumerate(map(_plain, text.splitlines()), 1) if line]
    if lines and _is_heading(lines[0][1]):
        lines = lines[1:]
    if len(lines) > MOST:
        raise AddressListError(
            [f"This list has {len(lines):,} people. At most {MOST} can be invited at once."]
        )
    people: list[Invitee] = []
    wrong: list[str] = []
    line_of: dict[str, int] = {}
    for number, line in lines:
        try:
            person = _read(number, line)
        except ValueError as why:
            wrong.append(f"Line {number}: {why}")
            continue
        if person.address in line_of:
            wrong.append(f"Line {number}: {person.address} is already in line {line_of[person.address]}.")
        line_of.setdefault(person.address, number)
        people.append(person)
    if wrong:
        raise AddressListError(wrong)
    return people


def name_from(address: str) -> str:
    """The name until they enter one: "joe.keller@x.com" is Joe Keller."""
    parts = re.split(r"[._+-]+", address.partition("@")[0])
    return " ".join(part.capitalize() for part in parts if part)[:LONGEST_NAME] or address


def parse_address(typed: str) -> str:
    """The address in lower case, one that mail servers elsewhere take. Raises ValueError with a sentence."""
    address = typed.strip().strip("<>\"'").removeprefix("mailto:").strip().lower()
    if "@" not in address:
        raise ValueError("no email address found.")
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(f"the address is longer than {LONGEST_ADDRESS} characters.")
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise ValueError(f"“{address[:80]}” is not a valid email address.") from wrong
    local, _, host = address.rpartition("@")
    if len(local) > LONGEST_LOCAL or _NUMBERED.search(host) or "." not in host:
        raise ValueError(f"“{address[:80]}” is not a valid email address.")
    return address


def _read(number: int, line: str) -> Invitee:
    if match := _ANGLES.fullmatch(line):
        return _invitee(number, match["name"], match["address"])
    cells = [cell for cell in (_bare(cell) for cell in _split(line)) if cell]
    addresses = [cell for cell in cells if "@" in cell]
    if len(addresses) > 1:
        raise ValueError("several addresses found. Enter one per line.")
    if not addresses:
        raise ValueError("no email address found.")
    names = [cell for cell in cells if cell != addresses[0]]
    if not names and " " in addresses[0]:  # "Joe Keller joe@x.com"
        name, _, address = addresses[0].rpartition(" ")
        return _invitee(number, name, address)
    return _invitee(number, " ".join(names), addresses[0])


def _split(line: str) -> list[str]:
    """Cells; a separator within double quotes is part of the name."""
    quoted = re.sub(r'"([^"]*)"', lambda match: _CELLS.sub("\0", match[0]), line)
    return [cell.replace("\0", ",") for cell in _CELLS.split(quoted)]


def _invitee(number: int, name: str, address: str) -> Invitee:
    parsed, name = parse_address(address), _bare(name)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name is longer than {LONGEST_NAME} characters.")
    return Invitee(number, name or name_from(parsed), parsed)


def _bare(text: str) -> str:
    return text.strip().strip("\"'“”„«»").strip(" ,;\t")


def _plain(line: str) -> str:
    """Without what cannot be seen; every kind of space is one, a tab stays."""
    visible = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in line
        if char == "\t" or unicodedata.category(char)[0] != "C"
    )
    return re.sub(" {2,}", " ", visible).strip(" ,;")


def _is_heading(line: str) -> bool:
    cells = [_bare(cell).lower() for cell in _split(line)]
    return "@" not in line and all(cell in _HEADINGS for cell in cells)
