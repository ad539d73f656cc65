"""One cell as a day, a text, a yes or no. Pure; raises CellError for what cannot be read."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from babel import Locale

from alignment.rules.folding import fold

FIRST_YEAR, LAST_YEAR = 1990, 2100
LANGUAGES = ("en", "de", "fr")
"""In which the name of a month is understood inside a date."""

UNCLEAR_YEAR = "may begin or end with the year; write the year with four digits"

_TIME = (
    r"(?:,?[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_SPOKEN = re.compile(
    r"(?:([^\W\d_]{3,12})\.? (\d{1,2}),? (\d{4})|(\d{1,2})\.?[ -]([^\W\d_]{3,12})\.?(?:,? |-)(\d{4}|\d{2}))"
    + _TIME
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SHORT = re.compile(r"\d{2}-\d{1,2}-\d{1,2}" + _TIME)
_WITHOUT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]?")
_WEEKDAY = re.compile(r"([^\W\d_]{2,12})\.?,? (?=\S)")
_SPOILT = re.compile(r"#+|#[A-Z0-9/]+[!?]?|\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)

YES = frozenset({"1", "1.0", "true", "yes", "ja", "wahr", "oui", "vrai"})
NO = frozenset({"", "0", "0.0", "false", "no", "nein", "falsch", "non", "faux"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class CellError(ValueError):
    """The cell cannot be read. `str()` of it is the end of a sentence that begins with the row."""


def month_comes_first(locale: str) -> bool:
    """How a date with slashes is written there: 11/23/2026, not 23/11/2026."""
    pattern: str = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern.casefold()
    return pattern.index("m") < pattern.index("d")


def year_comes_first(locale: str) -> bool:
    """Where 05/01/26 begins with the year, as in Japan, and elsewhere ends with it."""
    pattern: str = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern.casefold()
    return pattern.index("y") < pattern.index("m")


def has_short_year(text: str) -> bool:
    """Whether the cell is a date in figures with two of them for the year: 05/01/26."""
    match = _NUMERIC.fullmatch(_without_weekday(text))
    return match is not None and len(match[4]) == 2


def shown_order(text: str) -> str:
    """What a date in figures shows of its order: "day" or "month" first, "unclear", or "" where it is none. With points
    the day comes first.
    """
    if text[:4].isdigit():  # the year: most programs put it first
        return ""
    match = _NUMERIC.fullmatch(_without_weekday(text))
    if match is None:
        return ""
    if int(match[1]) > 12 or match[2] == ".":
        return "day"
    return "month" if int(match[3]) > 12 else "unclear"


def day(text: str, *, month_leads: bool, zone: tzinfo | None = None) -> date:
    """2026-11-23, 23.11.2026, 11/23/2026 or 23/11/2026, Nov 23, 2026, 23-Nov-2026, also with two digits of
    the year and with a weekday before it.

    A time after the day is ignored, unless it names its zone: then the day is the one in the reader's `zone`.
    Midnight in UTC is how programs write a day alone. Raises CellError for anything else.
    """
    plain = _without_weekday(text)
    if _SHORT.fullmatch(plain):
        raise CellError(f"“{quote(text)}” {UNCLEAR_YEAR}")
    if _WITHOUT_YEAR.fullmatch(plain):
        raise CellError(f"“{quote(text)}” has no year; write it as year-month-day, such as 2026-11-23")
    try:
        parsed = _day(plain, month_leads=month_leads, zone=zone)
    except (ValueError, OverflowError):
        parsed = None
    if parsed and (weekdays := _weekdays(text)) and parsed.weekday() not in weekdays:
        raise CellError(f"“{quote(text)}” names another weekday than that day has")
    if parsed is None and _NUMBER.fullmatch(text):
        raise CellError(f"“{quote(text)}” is a number, not a day; format the column as a date")
    if parsed is None:
        raise CellError(f"“{quote(text)}” is not a day; write it as year-month-day, such as 2026-11-23")
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise CellError(f"“{quote(text)}” is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return parsed


def moment(text: str, *, month_leads: bool) -> tuple[date, time | None, bool]:
    """The day of a moment, its time of day (None where only the day is stated), and whether that is in UTC because the
    cell names its zone; both without one are as written. Raises CellError.
    """
    day(text, month_leads=month_leads)
    plain = _without_weekday(text)
    match = _ISO.fullmatch(plain) or _NUMERIC.fullmatch(plain) or _SPOKEN.fullmatch(plain)
    assert match is not None, "a day was read"
    written = _written_day(match, month_leads=month_leads)
    if not match["hour"]:
        return written, None, False
    if not match["zone"]:
        return written, _time_of_day(match), False
    stated = _in_utc(written, match)
    return stated.date(), stated.time(), True


@lru_cache(maxsize=16_384)
def _day(text: str, *, month_leads: bool, zone: tzinfo | None = None) -> date | None:
    match = _ISO.fullmatch(text) or _NUMERIC.fullmatch(text) or _SPOKEN.fullmatch(text)
    if match is None:
        return None
    written = _written_day(match, month_leads=month_leads)
    return _in_zone(written, match, zone) if zone and match["zone"] else written


def _in_zone(written: date, match: re.Match[str], zone: tzinfo) -> date:
    """The day in the zone at the moment that the match names."""
    if _time_of_day(match) == time() and match["zone"].strip("+-0:ZUTCGM") == "":
        return written
    return _in_utc(written, match).astimezone(zone).date()


def _time_of_day(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    return time(hour, int(match["minute"]), int(match["second"] or 0))


def _in_utc(written: date, match: re.Match[str]) -> datetime:
    offset = match["zone"] if match["zone"][0] in "+-" else "+0000"
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    stated = datetime.combine(written, _time_of_day(match), UTC)
    return stated - timedelta(minutes=int(f"{offset[0]}{minutes}"))


def _written_day(match: re.Match[str], *, month_leads: bool) -> date:
    if match.re is _ISO:
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match.re is _NUMERIC:
        first, second = int(match[1]), int(match[3])
        month, of_month = (first, second) if month_leads and match[2] != "." else (second, first)
        return date(_year(match[4]), month, of_month)
    name, number, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    return date(_year(year), _month_names().get(name.casefold(), 0), int(number))


@lru_cache(maxsize=16_384)
def _without_weekday(text: str) -> str:
    """The date with single plain blanks, as the patterns expect it: "Mon, 5 Jan 2026" → "5 Jan 2026"."""
    plain = " ".join(text.split())
    return plain if not _weekdays(text) else _WEEKDAY.sub("", plain, count=1)


def _weekdays(text: str) -> set[int]:
    match = _WEEKDAY.match(" ".join(text.split()))
    return _weekday_names().get(match[1].casefold(), set()) if match else set()


@lru_cache(maxsize=1)
def _weekday_names() -> dict[str, set[int]]:
    """In full and short, and which days are called so: "Di" is two in two languages. Monday is 0. What is a month
    too ("mar" in French) is none.
    """
    names: dict[str, set[int]] = {}
    for language in LANGUAGES:
        days = Locale.parse(language).days["format"]
        for number, name in (
            pair for width in ("wide", "abbreviated", "short") for pair in days[width].items()
        ):
            names.setdefault(str(name).rstrip(".").casefold(), set()).add(number)
    return {name: numbers for name, numbers in names.items() if name not in _month_names()}


def _year(digits: str) -> int:
    """ "26" is 2026, "98" is 1998."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    """Whole names of the months and their usual short forms, in lower case."""
    return {"sept": 9} | {
        name: number for language in LANGUAGES for name, number in names_of_months(language).items()
    }


@lru_cache(maxsize=64)
def names_of_months(locale: str) -> dict[str, int]:
    """In full and short."""
    spoken = Locale.parse(locale.replace("-", "_")).months
    return {
        str(name).rstrip(".").casefold(): number
        for how in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in spoken[how][width].items()
    }


def is_dotted(text: str) -> bool:
    """Whether the cell is a date as written in German: 23.11.2026."""
    match = _NUMERIC.fullmatch(_without_weekday(text))
    return match is not None and match[2] == "."


def is_spoilt(text: str) -> bool:
    """Whether a spreadsheet has destroyed what the cell held: "1.23457E+11", "########", "#N/A"."""
    return bool(_SPOILT.fullmatch(text))


def clean_text(text: str, *, longest: int) -> str:
    """Text on one line with single blanks; empty where nothing can be seen.

    Raises CellError for control characters and for too long a text.
    """
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    if not plain.isascii() and not fold(plain):
        return ""
    if _CONTROL.search(plain):
        raise CellError(f"“{quote(plain)}” has a character that cannot be stored")
    if len(plain) > longest:
        raise CellError(f"“{quote(plain)}” is longer than {longest} characters")
    return plain


def parse_flag(text: str) -> bool:
    plain = text.casefold()
    if plain not in YES | NO:
        raise CellError(f"“{quote(text)}” is neither yes nor no")
    return plain in YES


def quote(text: str) -> str:
    """A cell as quoted in a message: short, and safe to print in a terminal."""
    clean = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return clean if len(clean) <= 40 else clean[:39] + "…"
