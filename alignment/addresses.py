"""E-mail addresses as people paste them: one person a line, with or without a name. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST = 500
"""People invited in one go."""
LONGEST_NAME, LONGEST_ADDRESS = 120, 254
SHOWN = 10
"""Wrong lines named one by one; the others are counted."""

_ANGLES = re.compile(r"(?P<name>.*?)<(?P<address>[^<>]*)>[\s,;]*")
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
class Asked:
    """Somebody to be invited, as the list says."""

    line: int
    name: str
    address: str


class BadList(ValueError):  # noqa: N818 - it is the list that is bad
    """Some lines say no person. `sentences` name the line and what is wrong with it, `str()` of it joins them."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences[:SHOWN]
        if len(sentences) > SHOWN:
            self.sentences.append(f"And {len(sentences) - SHOWN} more lines are wrong.")
        super().__init__(" ".join(self.sentences))


def read_people(text: str) -> list[Asked]:
    """The people of a pasted list: "Joe Keller <joe@x.com>", "joe@x.com", or name and address in cells of a spreadsheet.

    Empty lines and a line of headings are skipped. Raises BadList: nobody is read then.
    """
    lines = [(number, line) for number, line in enumerate(map(_plain, text.splitlines()), 1) if line]
    if lines and _is_heading(lines[0][1]):
        lines = lines[1:]
    if len(lines) > MOST:
        raise BadList([f"These are {len(lines):,} people. At most {MOST} can be invited in one go."])
    people: list[Asked] = []
    wrong: list[str] = []
    seen: dict[str, int] = {}
    for number, line in lines:
        try:
            person = _read(number, line)
        except ValueError as why:
            wrong.append(f"Line {number}: {why}")
            continue
        if person.address in seen:
            wrong.append(f"Line {number}: {person.address} is in line {seen[person.address]} already.")
        seen.setdefault(person.address, number)
        people.append(person)
    if wrong:
        raise BadList(wrong)
    return people


def name_from(address: str) -> str:
    """What a person is called until they say: "joe.keller@x.com" is Joe Keller."""
    words = re.split(r"[._+-]+", address.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)[:LONGEST_NAME] or address


def checked(typed: str) -> str:
    """The address in lower case. Raises ValueError with a sentence."""
    address = typed.strip().strip("<>\"'").removeprefix("mailto:").strip().lower()
    if "@" not in address:
        raise ValueError("there is no e-mail address in it.")
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(f"the address is longer than {LONGEST_ADDRESS} characters.")
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise ValueError(f"“{address[:80]}” is not an e-mail address.") from wrong
    return address


def _read(number: int, line: str) -> Asked:
    if match := _ANGLES.fullmatch(line):
        return _asked(number, match["name"], match["address"])
    cells = [cell for cell in (_bare(cell) for cell in _split(line)) if cell]
    addresses = [cell for cell in cells if "@" in cell]
    if len(addresses) > 1:
        raise ValueError("there are several addresses in it. Write one a line.")
    if not addresses:
        raise ValueError("there is no e-mail address in it.")
    names = [cell for cell in cells if cell != addresses[0]]
    if not names and " " in addresses[0]:  # "Joe Keller joe@x.com"
        name, _, address = addresses[0].rpartition(" ")
        return _asked(number, name, address)
    return _asked(number, " ".join(names), addresses[0])


def _split(line: str) -> list[str]:
    """Cells; a separator within double quotes is part of the name."""
    quoted = re.sub(r'"([^"]*)"', lambda match: _CELLS.sub("\0", match[0]), line)
    return [cell.replace("\0", ",") for cell in _CELLS.split(quoted)]


def _asked(number: int, name: str, address: str) -> Asked:
    found, name = checked(address), _bare(name)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name is longer than {LONGEST_NAME} characters.")
    return Asked(number, name or name_from(found), found)


def _bare(text: str) -> str:
    return text.strip().strip("\"'“”„«»").strip(" ,;\t")


def _plain(line: str) -> str:
    """Without what cannot be seen; every kind of space is one, a tab stays."""
    shown = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in line
        if char == "\t" or unicodedata.category(char)[0] != "C"
    )
    return re.sub(" {2,}", " ", shown).strip(" ,;")


def _is_heading(line: str) -> bool:
    cells = [_bare(cell).lower() for cell in _split(line)]
    return "@" not in line and all(cell in _HEADINGS for cell in cells)
