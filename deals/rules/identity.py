"""How a deal of a CRM is recognised again, however its id was written. Pure."""

from __future__ import annotations

import re
import unicodedata

_ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SALESFORCE = re.compile(r"[a-zA-Z0-9]{15}|[a-zA-Z0-9]{18}")
_WHOLE = re.compile(r"(\d+)\.0+")
_AS_TEXT = re.compile(r'="(.*)"')
_TAGS = ("zcrm_",)
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_PLACEHOLDERS = frozenset(
    {
        "na",
        "n/a",
        "n.a.",
        "null",
        "none",
        "nil",
        "nan",
        "undefined",
        "unknown",
        "blank",
        "empty",
        "tbd",
        "k.a.",
    }
    | {"leer", "keine", "keiner", "ohne", "unbekannt", "aucun", "inconnu", "no id", "noid"}
)
"""What people and programs write where there is no id."""


def deal_key(external_id: str, *, source: str) -> str:
    """The id as it is stored and compared within one source.

    Blanks, invisible signs, the width of digits, a spreadsheet's ".0", its apostrophe or formula for a text ("=\"7\"")
    and the CRM's own prefix go; Salesforce's 15 characters become 18, so that both forms are one deal.
    """
    key = external_id
    if not (key.isascii() and key.isalnum()):
        key = "".join(
            sign
            for sign in unicodedata.normalize("NFKC", external_id)
            if unicodedata.category(sign)[0] not in "ZC" and sign not in _SELECTORS
        )
        key = (as_text[1] if (as_text := _AS_TEXT.fullmatch(key)) else key).strip("'’‘")
    for tag in _TAGS:
        key = key.removeprefix(tag)
    if whole := _WHOLE.fullmatch(key):
        key = whole[1]
    if source == "salesforce" and _SALESFORCE.fullmatch(key):
        return _with_checksum(key)
    return key


def is_placeholder(key: str) -> bool:
    """Whether the id only says that there is none: "-", "n/a", "null", "0"."""
    return key.casefold().strip("()[]<>") in _PLACEHOLDERS or not any(map(str.isalnum, key.replace("0", "")))


def spellings(key: str, *, source: str) -> set[str]:
    """Every way in which that id may have been stored before ids were normalised."""
    older = {key, f"{key}.0", f"'{key}", *(f"{tag}{key}" for tag in _TAGS)}
    return older | {key[:15]} if source == "salesforce" and len(key) == 18 else older


def _with_checksum(key: str) -> str:
    """Each five characters give one sign that says which of them are capitals. A form of 18 characters whose
    case was lost is repaired from that sign.
    """
    start, checksum = key[:15], key[15:].upper()
    if checksum and checksum != _checksum(start):
        bits = [_ID_CHARACTERS.find(sign) for sign in checksum]
        if min(bits) >= 0:
            start = "".join(
                sign.upper() if bits[at // 5] >> at % 5 & 1 else sign.lower() for at, sign in enumerate(start)
            )
    return start + _checksum(start)


def _checksum(start: str) -> str:
    letters = ""
    for at in (0, 5, 10):
        number = sum(
            1 << position
            for position, sign in enumerate(start[at : at + 5])
            if sign.isascii() and sign.isupper()
        )
        letters += _ID_CHARACTERS[number]
    return letters
