"""What a heading or a title says of the amounts below it: "Amount (EUR)", "Umsatz in TEUR", "$000s". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from alignment.rules.currencies import CURRENCIES_IN_USE, Unit, is_called, read_unit
from deals.tables.cells import quote
from deals.tables.csv_reader import Line

LONGEST = 200
"""Characters of a heading; a longer text is none."""

_ABOUT = r"(?:(?:all )?(?:amounts|values|figures|beträge|werte) )?(?:in |en )?"
_BRACKETS = re.compile(rf"(.*?)\s*[(\[{{]\s*{_ABOUT}([^()\[\]{{}}]+?)\s*[)\]}}]", re.IGNORECASE)
_IN = re.compile(r"(?:(.*?)[\s,:;/–-]+)?(?:in|en)\s+(.+)", re.IGNORECASE)
_LAST = re.compile(r"(?:(.*?)[\s,:;/–-]+)?(\S+)")
_FIRST = re.compile(r"(\S+)[\s,:;/–-]+(.+)")
_CURRENCY_HEADING = re.compile(
    r"currency|währung|waehrung|devise|moneda|valuta|monnaie|\bccy\b|\bcurr\b", re.IGNORECASE
)


def split_unit(heading: str) -> tuple[str, list[Unit]]:
    """ "Amount (EUR)" → "Amount" and the unit; "Umsatz, EUR in thousands" → "Umsatz" and two."""
    units: list[Unit] = []
    rest = " ".join(heading.split())
    while 0 < len(rest) <= LONGEST and (taken := _take_unit(rest)):
        rest, unit = taken
        units.append(unit)
    return rest, units


def describe_unit(heading: str, currency: str) -> str:
    """Why amounts below this heading may not be taken as they are written; empty where they may."""
    for unit in split_unit(heading)[1]:
        if unit.currency and not is_called(unit.currency, currency):
            return f"“{quote(heading)}” says {quote(unit.currency)}, but the company uses {currency}"
        if unit.scale != 1:
            return (
                f"“{quote(heading)}” says that amounts are not in full. Write them in full, such as 15000 and not 15, "
                "and take that out of the heading"
            )
    return ""


def check_headings(lines: Iterable[Line], cells: Sequence[int] | None, currency: str) -> Iterator[str]:
    """A sentence for each of these cells of the lines (all for None) that says another unit."""
    for line in lines:
        for column, cell in enumerate(line.cells):
            if (cells is None or column in cells) and (problem := describe_unit(cell, currency)):
                yield f"Row {line.number}: {problem}."


def stated_code(heading: str) -> str:
    """The code of the currency in the heading, if it has one."""
    codes = (unit.currency.upper() for unit in split_unit(heading)[1])
    return next((code for code in codes if code in CURRENCIES_IN_USE), "")


def is_currency_heading(heading: str) -> bool:
    """ "Currency", "Betrag Währung": its cells name currencies, or nobody knows what they say."""
    return bool(_CURRENCY_HEADING.search(heading))


def _take_unit(text: str) -> tuple[str, Unit] | None:
    """What is left of the text, and the unit at its end or its beginning."""
    for pattern in (_BRACKETS, _IN):
        if (match := pattern.fullmatch(text)) and (unit := read_unit(match[2])):
            return (match[1] or "").rstrip(" ,:;/–-"), unit
    for pattern, rest_at, unit_at in ((_LAST, 1, 2), (_FIRST, 2, 1)):
        if (match := pattern.fullmatch(text)) and (unit := _clear_unit(match[unit_at])):
            return match[rest_at] or "", unit
    return None


def _clear_unit(word: str) -> Unit | None:
    """A unit that needs no brackets: a code in capitals, a sign, or thousands of one."""
    unit = read_unit(word)
    if unit is None or not unit.currency:
        return None
    is_code = unit.currency.isupper() and unit.currency in CURRENCIES_IN_USE
    return unit if is_code or not unit.currency.isascii() or "$" in unit.currency else None
