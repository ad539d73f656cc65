"""A cell as a month: "2027-03", "Mar 2027", "03/2027", "März", a day of it. Pure."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from alignment.rules.periods import MONTH_NAMES, Period, months_in
from deals.rules.sums import is_sum_word
from deals.tables import cells
from deals.tables.cells import CellError

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/]\d{1,2})?(?:[ T].*)?")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED = re.compile(r"([^\W\d_]+)\.?(?:[ \-/'’]*(\d{4}|\d{2}))?")
_NUMBER = re.compile(r"[\d,]+(?:[.,]\d+)?")
_YEAR_BEHIND = r"(?:[ /'’-]*(?:fy ?)?(?:20)?\d{2})?"
_SUM = re.compile(
    rf"(?:[qth][1-4]|[1-4][qth]|hj ?[12]|[1-4]\. ?(?:quartal|halbjahr)|(?:quarter|quartal) ?[1-4]){_YEAR_BEHIND}"
    rf"|(?:fy|gj|cy) ?(?:20)?\d{{2}}(?:[/-](?:20)?\d{{2}})?"
    rf"|(?:full |fiscal )?year{_YEAR_BEHIND}|(?:gesamt)?jahr{_YEAR_BEHIND}"
    r"|ytd|annual|année|all(?: \d+)? teams|(?:goal|actual) fy ?\d+"
    r"|(?:grand )?total(?: (?:fy ?)?\d{2,4}| goals?| revenue| all(?: \d+)? teams):?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")


def month(text: str, *, locale: str, year: Period) -> date | None:
    """The first day of the month the cell names; one without a year is in `year`.

    None for what is not a month.
    """
    first = _numbers(text) or _named(text, locale, year) or _day(text, locale)
    return first if first and cells.FIRST_YEAR <= first.year <= cells.LAST_YEAR else None


def is_sum(text: str) -> bool:
    """Whether the cell names a sum, such as "Q1" or "Total". Sums are not read but calculated again."""
    return is_sum_word(text) or bool(_SUM.fullmatch(text))


def heads_sum(text: str) -> bool:
    """The same for a column heading, which may also be a year."""
    return is_sum(text) or bool(_YEAR.fullmatch(text))


def _numbers(text: str) -> date | None:
    for pattern, year_at, month_at in ((_ISO, 1, 2), (_NUMBERS, 2, 1)):
        match = pattern.fullmatch(text)
        if match and 1 <= int(match[month_at]) <= 12:
            return date(int(match[year_at]), int(match[month_at]), 1) if int(match[year_at]) else None
    return None


def _day(text: str, locale: str) -> date | None:
    """Any day of the month.

    A bare number is not a day: an amount may look like one of Excel's day numbers.
    """
    if _NUMBER.fullmatch(text):
        return None
    try:
        return cells.day(text, month_leads=cells.month_comes_first(locale)).replace(day=1)
    except CellError:
        return None


def _named(text: str, locale: str, year: Period) -> date | None:
    match = _NAMED.fullmatch(text)
    number = _names(locale).get(match[1].casefold(), 0) if match else 0
    if match is None or not number:
        return None
    if match[2]:
        return date(int(match[2]) + (2000 if len(match[2]) == 2 else 0), number, 1)
    return next(first for first in months_in(year) if first.month == number)


@lru_cache(maxsize=64)
def _names(locale: str) -> dict[str, int]:
    """The names of the months in English and in the locale, in full and short."""
    names = {name.casefold(): number for number, name in enumerate(MONTH_NAMES, start=1)}
    names |= {name[:3]: number for name, number in names.items()} | {"sept": 9}
    return names | cells.names_of_months(locale)
