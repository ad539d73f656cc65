"""Amounts of money as people type and read them. Pure; a `locale` is "en_US", "de-DE" or "fr"."""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_currency,
    format_decimal,
    get_currency_precision,
    get_decimal_symbol,
    list_currencies,
)

MINUS = "\N{MINUS SIGN}"
MAX_DIGITS = 15
"""Decimals included: what an amount column holds."""
CENT = Decimal("0.01")
LIMIT = Decimal(10) ** (MAX_DIGITS - 2)
TOO_LARGE = f"This amount is too large: at most {MAX_DIGITS - 2} digits before the decimals."
SCALES = {"k": 1_000, "m": 1_000_000}
UNREADABLE = "This is not an amount. Write it in figures, such as 1250 or 1.2m."

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥"}
_SIGNS = frozenset("-+" + MINUS)
_TYPED = re.compile(r"(?P<before>[^0-9.,]*)(?P<number>[.,]?[0-9](?:[0-9.,'’\s]*[0-9])?)(?P<after>[^0-9]*)")
_SPACES = re.compile(r"['’\s]")
_GROUP = re.compile(r"[., ]")
_GROUPED = re.compile(r"\d*|\d{1,3}(?=([., ]))(?:\1\d{2,3})*\1\d{3}")  # in India "12,34,567"
_SHORT_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class BadAmount(ValueError):  # noqa: N818 - it is the text that is bad
    """The text is no amount; `str()` of it is a sentence for the person who typed it."""


def parse_amount(text: str, *, locale: str, allow_negative: bool = False) -> Decimal:
    """The amount to the cent: "1,234.50", "1 234,50", "$1.2m", "250k". Raises BadAmount.

    The locale decides what "1,234" means; what can only be read one way is read that way in any locale.
    """
    typed = text.translate(_FULL_WIDTH).strip()
    if not typed:
        raise BadAmount("Enter an amount.")
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise BadAmount(UNREADABLE)
    negative, before = _take_sign(match["before"].strip())
    if not _is_currency(before, locale):
        raise BadAmount(UNREADABLE)
    scale = _scale(match["after"].strip(), locale)
    return _checked(match["number"], locale, scale=scale, negative=negative, allow_negative=allow_negative)


def show(amount: Decimal, *, currency: str, locale: str, signed: bool = False) -> str:
    """In full: "$1,234,567", with decimals only when not whole: "−$1,234.50"; "+$38,000" when signed."""
    return _show(amount, currency, locale, signed=signed)


def compact(amount: Decimal, *, currency: str, locale: str, signed: bool = False) -> str:
    """Short, to three significant digits: "$1.84M", "−$212K"; in full where the locale has no short form."""
    return _compact(amount, currency, locale, signed=signed)


@lru_cache(maxsize=16_384)
def typed(amount: Decimal, *, locale: str) -> str:
    """As a person there types it, to stand in a field: "1,234.50"; parse_amount reads the same amount back."""
    whole = amount == amount.to_integral_value()
    return str(
        format_decimal(amount, "#,##0" if whole else "#,##0.00", _locale(locale), numbering_system="latn")
    )


@lru_cache(maxsize=8192)
def _show(amount: Decimal, currency: str, locale: str, *, signed: bool) -> str:
    exact = _rounded(amount, get_currency_precision(currency))
    whole = exact == exact.to_integral_value()
    pattern = _pattern(locale, whole=whole)
    sign = _sign(exact, signed=signed)
    text = format_currency(
        -abs(exact) if sign else exact, currency, pattern, _locale(locale), currency_digits=not whole
    )
    return text.replace("-", sign, 1) if sign else text


@lru_cache(maxsize=8192)
def _compact(amount: Decimal, currency: str, locale: str, *, signed: bool) -> str:
    units = _rounded(amount, 0)
    short = _rounded(amount, min(0, 2 - units.adjusted()))
    sign = _sign(short, signed=signed)
    text = format_compact_currency(
        -abs(short) if sign else short, currency, locale=_locale(locale), fraction_digits=2
    )
    if str(abs(int(short))) in text:
        return _show(units, currency, locale, signed=signed)
    text = _SHORT_NUMBER.sub(lambda found: _three_digits(found[0], locale), text, count=1)
    return text.replace("-", sign, 1) if sign else text


def _sign(amount: Decimal, *, signed: bool) -> str:
    if amount < 0:
        return MINUS
    return "+" if signed and amount > 0 else ""


def _three_digits(number: str, locale: str) -> str:
    """ "2" → "2.00", "18.4" stays: a column of short amounts lines up."""
    missing = 3 - sum(char.isdigit() for char in number)
    if missing <= 0:
        return number
    mark = _decimal_mark(locale)
    return number + (mark if mark not in number else "") + "0" * missing


def _rounded(amount: Decimal, places: int) -> Decimal:
    """Half-up to `places` decimals; −3 rounds to thousands. Never a negative zero."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def _take_sign(before: str) -> tuple[bool, str]:
    for place in (slice(0, 1), slice(-1, None)):
        if before[place] in _SIGNS:
            negative = before[place] != "+"
            return negative, (before[1:] if place.start == 0 else before[:-1]).strip()
    return False, before


def _scale(after: str, locale: str) -> int:
    """What the text behind the figures multiplies by: "k", "m €", "kr"."""
    if _is_currency(after, locale):
        return 1
    scale = SCALES.get(after[0].lower())
    if scale is None or not _is_currency(after[1:].strip(), locale):
        raise BadAmount(UNREADABLE)
    return scale


def _checked(figures: str, locale: str, *, scale: int, negative: bool, allow_negative: bool) -> Decimal:
    if sum(char.isdigit() for char in figures) > MAX_DIGITS:
        raise BadAmount(TOO_LARGE)
    amount = _number(figures, locale) * scale
    if amount >= LIMIT:
        raise BadAmount(TOO_LARGE)
    cents = amount.quantize(CENT, ROUND_HALF_UP)
    if amount != cents:
        raise BadAmount("Enter at most two decimals.")
    if negative and cents and not allow_negative:
        raise BadAmount("Enter an amount of zero or more.")
    return -cents if negative and cents else cents


def _number(figures: str, locale: str) -> Decimal:
    whole, decimals = _split(_SPACES.sub(" ", figures), _decimal_mark(locale))
    if not _GROUPED.fullmatch(whole):
        raise BadAmount(UNREADABLE)
    return Decimal(f"{_GROUP.sub('', whole) or '0'}.{decimals or '0'}")


def _split(figures: str, mark: str) -> tuple[str, str]:
    """Whole part and decimals. Another locale's mark counts only where it cannot be a thousands mark."""
    last = max(figures.rfind("."), figures.rfind(","))
    if last < 0 or figures.count(figures[last]) > 1:
        return figures, ""
    whole, decimals = figures[:last], figures[last + 1 :]
    if figures[last] == mark or len(decimals) != 3:
        return whole, decimals
    return figures, ""


def _is_currency(token: str, locale: str) -> bool:
    return not token or (len(token) == 1 and unicodedata.category(token) == "Sc") or token in _names(locale)


@lru_cache(maxsize=64)
def _names(locale: str) -> frozenset[str]:
    """Everything a currency may be called by a reader of this locale: "EUR", "kr", "US$"."""
    return frozenset(list_currencies()) | frozenset(_locale(locale).currency_symbols.values())


@lru_cache(maxsize=64)
def _decimal_mark(locale: str) -> str:
    return get_decimal_symbol(_locale(locale))


@lru_cache(maxsize=64)
def _pattern(locale: str, *, whole: bool) -> NumberPattern:
    pattern: NumberPattern = copy(_locale(locale).currency_formats["standard"])
    if whole:
        pattern.frac_prec = (0, 0)
    return pattern


@lru_cache(maxsize=64)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag.replace("-", "_"))
