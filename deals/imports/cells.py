"""One cell as a day, an amount, a yes or a status. Pure; what cannot be read raises BadCell with a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import list_currencies

from alignment.money import BadAmount, parse_amount
from alignment.periods import MONTH_NAMES

FIRST_YEAR, LAST_YEAR = 1990, 2100
EXCEL_DAY_NULL = date(1899, 12, 30)
CURRENCIES = frozenset(list_currencies())
MONTHS = {name[:3].casefold(): number for number, name in enumerate(MONTH_NAMES, start=1)}

_TIME = r"(?:[ T]\d{1,2}:\d{2}.*)?"
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _TIME)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})" + _TIME)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})" + _TIME)
_SPOKEN = re.compile(
    r"(?:([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})|(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4}))" + _TIME
)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
_CODE = re.compile(r"[A-Z]{3}")
_OF_SIGN = {"€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "₹": ("INR",)}

YES = frozenset({"1", "true", "yes", "ja", "wahr"})
NO = frozenset({"", "0", "false", "no", "nein", "falsch"})
WON = frozenset({"won", "closedwon", "gewonnen", "gewonnene"})
LOST = frozenset({"lost", "closedlost", "verloren", "verlorene"})
ENDED = frozenset(
    {"closed", "geschlossen", "geschlossene", "abgeschlossen", "deleted", "cancelled", "dead", "archived"}
)
NOT = frozenset({"not", "nicht", "un", "non"})
_WORD = re.compile(r"[^\W\d_]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class BadCell(ValueError):  # noqa: N818 - it is the cell that is bad
    """The cell cannot be read; `str()` of it is the end of a sentence that began with the row."""


def month_comes_first(locale: str) -> bool:
    """How a date with slashes is written there: 11/23/2026, not 23/11/2026."""
    pattern: str = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern.casefold()
    return pattern.index("m") < pattern.index("d")


def month_first(cells: Iterable[str]) -> bool | None:
    """What the dates with slashes among the cells show; None when there are none. Raises BadCell when they do not tell."""
    slashed = [(int(match[1]), int(match[2]), match[0]) for match in map(_SLASHED.fullmatch, cells) if match]
    day_first = next((text for first, _, text in slashed if first > 12), None)
    month_leads = next((text for _, second, text in slashed if second > 12), None)
    if day_first and month_leads:
        raise BadCell(f"“{day_first}” puts the day first and “{month_leads}” the month")
    if slashed and not day_first and not month_leads:
        raise BadCell(f"“{slashed[0][2]}” may put the day or the month first")
    return bool(month_leads) if slashed else None


@lru_cache(maxsize=16_384)
def day(text: str, *, month_leads: bool) -> date:
    """2026-11-23, 23.11.2026, 11/23/2026 or 23/11/2026, Nov 23, 2026, a day number of Excel; a time after it is left out."""
    try:
        found = _day(text, month_leads=month_leads)
    except ValueError:
        found = None
    if found is None:
        raise BadCell(f"“{shown(text)}” is not a day; write it as year-month-day, such as 2026-11-23")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell(f"“{shown(text)}” lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _day(text: str, *, month_leads: bool) -> date | None:
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DOTTED.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := _SLASHED.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        month, of_month = (first, second) if month_leads else (second, first)
        return date(int(match[3]), month, of_month)
    if match := _SPOKEN.fullmatch(text):
        name, number, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return date(int(year), MONTHS.get(name[:3].casefold(), 0), int(number))
    if match := _SERIAL.fullmatch(text):
        return EXCEL_DAY_NULL + timedelta(days=int(match[1]))
    return None


@lru_cache(maxsize=16_384)
def amount(text: str, *, locale: str, currency: str) -> Decimal:
    """Money of zero or more in the company's currency."""
    stated = CURRENCIES.intersection(_CODE.findall(text))
    wrong = next((code for code in stated if code != currency), None)
    wrong = wrong or next(
        (sign for sign, codes in _OF_SIGN.items() if sign in text and currency not in codes), None
    )
    if wrong:
        raise BadCell(f"“{shown(text)}” is in {wrong}, and the company counts in {currency}")
    try:
        return parse_amount(text, locale=locale)
    except BadAmount as trouble:
        raise BadCell(f"“{shown(text)}”: {trouble}".rstrip(".")) from trouble


def words(text: str, *, longest: int) -> str:
    """Text on one line with single blanks."""
    plain = " ".join(text.split())
    if _CONTROL.search(plain):
        raise BadCell(f"“{shown(plain)}” holds a character that cannot be stored")
    if len(plain) > longest:
        raise BadCell(f"“{shown(plain)}” is longer than {longest} characters")
    return plain


def yes(text: str) -> bool:
    plain = text.casefold()
    if plain not in YES | NO:
        raise BadCell(f"“{shown(text)}” is neither yes nor no")
    return plain in YES


def status_of(stage: str) -> str:
    """What the name of a stage or a status says: won, lost or open. Raises BadCell for one that is over but not how."""
    words = set(_WORD.findall(stage.casefold()))
    won, lost = bool(words & WON), bool(words & LOST)
    unclear = (won and lost) or ((won or lost) and words & NOT)
    if unclear or (not won and not lost and words & ENDED):
        raise BadCell(f"“{shown(stage)}” does not say whether the deal was won or lost")
    return "won" if won else "lost" if lost else "open"


def shown(text: str) -> str:
    """A cell as a sentence quotes it: short, and harmless in a terminal."""
    clean = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return clean if len(clean) <= 40 else clean[:39] + "…"
