"""Amounts of money as people type and read them. Pure; a `locale` is "en_US", "de-DE" or "fr".

Nothing else turns text into money. A text is one amount, or it is refused (AmountError), or it can be read in
two ways and somebody has to say which (AmbiguousAmount).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_currency,
    format_decimal,
    get_currency_precision,
    get_group_symbol,
)

from alignment.rules.currencies import UNCLEAR, is_called, read_unit

MINUS = "\N{MINUS SIGN}"
MAX_DIGITS = 15
"""Decimals included: what an amount column holds."""
STORED_DECIMALS = 2
LIMIT = Decimal(10) ** (MAX_DIGITS - STORED_DECIMALS)
TOO_LARGE = (
    f"This amount is too large: use at most {MAX_DIGITS - STORED_DECIMALS} digits before the decimals."
)
UNREADABLE = "This is not an amount. Enter digits, for example 1250 or 1.2m."
TWO_AMOUNTS = "This looks like two amounts. Enter one, without blanks."

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥"}
_SIGNS = frozenset("-+" + MINUS)
_TYPED = re.compile(r"(?P<before>[^0-9.,]*)(?P<number>[.,]?[0-9](?:[0-9.,'’\s]*[0-9])?)(?P<after>[^0-9]*)")
_NO_CENTS = re.compile(r"(?<=[0-9])([.,])\s?[-–—]{1,2}(?=[^0-9]*$)")
_BRACKETS = re.compile(r"([^0-9()]*)\(([^()]*)\)([^0-9()]*)")
_LINE_BREAK = re.compile(r"[\t-\r\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"['’\s]")
_PLAIN_BLANK = re.compile(r"\d{3} \d")
_GROUP = re.compile(r"[., ]")
_GROUPED = re.compile(r"\d*|\d{1,3}(?=([., ]))(?:\1\d{2,3})*\1\d{3}")  # in India "12,34,567"
_ONE_MARK = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
TENS_OF_THOUSANDS = 4
"""The exponent of ten of such an amount."""


class AmountError(ValueError):
    """The text is no amount. `str()` of it is a sentence for the person who typed it; `about` ends a sentence
    that begins with the text itself.
    """

    def __init__(self, sentence: str, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


class AmbiguousAmount(AmountError):
    """The text can be read in two ways, a thousand times apart."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How amounts are written. One mark with three digits behind it is read only where its meaning is known:
    `group` separates thousands, `decimal` decimals. Empty: not known.
    """

    decimal: str = ""
    group: str = ""

    @classmethod
    def habit(cls, locale: str) -> Marks:
        """Of a person who types: thousands as they write them; another mark may be somebody else's writing."""
        return cls(group=_group_mark(locale))

    @classmethod
    def stated(cls, decimal: str) -> Marks:
        """As somebody said, or as the other amounts of a table prove: "." or "," is the decimal mark."""
        return cls(decimal, "," if decimal == "." else ".")

    @classmethod
    def proven(cls, texts: Iterable[str]) -> Marks | None:
        """What the amounts of one table show together; None when they show nothing, or do not agree."""
        marks = {mark for text in texts if (mark := proven_mark(text))}
        return cls.stated(marks.pop()) if len(marks) == 1 else None


def proven_mark(text: str) -> str:
    """The decimal mark that an amount shows by itself: "1.250,5" a comma; empty when it shows none."""
    match = _TYPED.fullmatch(_unfolded(text))
    return _proven(_SPACES.sub("", match["number"])) if match else ""


def currency_beside(text: str, *, currency: str = "") -> str:
    """What stands beside the figures and names a currency: "A$" of "A$1,000", "EUR" of "12 EUR"; empty for none.

    `currency` as in read_unit.
    """
    match = _TYPED.fullmatch(_unfolded(text))
    if match is None:
        return ""
    sides = (_take_sign(side.strip())[1] for side in (match["before"], match["after"]))
    units = (read_unit(side, currency=currency) for side in sides if side)
    return next((unit.currency for unit in units if unit and unit.currency), "")


def parse_amount(text: str, *, currency: str, marks: Marks, allow_negative: bool = False) -> Decimal:
    """The amount as the currency counts it: "1,234.50", "1 234,50", "$1.2m", "250k". Raises AmountError.

    `currency` is the only one it may be in, empty for a bare number.
    """
    typed = _unfolded(text)
    if not typed:
        raise AmountError("Enter an amount.", "is empty")
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise AmountError(UNREADABLE, "is not an amount")
    negative, before = _take_sign(match["before"].strip())
    is_behind, after = _take_sign(match["after"].strip())
    if match["after"].strip().endswith("+"):  # no sign behind figures: "1000+" is more than that
        raise AmountError(UNREADABLE, "is not an amount")
    negative = negative or is_behind
    before_scale, after_scale = (_scale(text, currency) for text in (before, after))
    if before_scale > 1 < after_scale:
        raise AmountError(UNREADABLE, "is not an amount")
    scale = before_scale * after_scale
    if scale > 1 and not marks.decimal:  # "1.234m" is no thousand
        marks = replace(marks, decimal={",": ".", ".": ","}.get(marks.group, "."))
    number = _number(match["number"], marks)
    return _checked(number * scale, currency, negative=negative, allow_negative=allow_negative)


def decimals_of(currency: str) -> int:
    """How many decimals an amount in this currency has: 2 in dollars, none in yen."""
    return min(STORED_DECIMALS, get_currency_precision(currency)) if currency else STORED_DECIMALS


def counts_thousandths(currency: str) -> bool:
    """Whether amounts in it are written with three decimals, as Kuwaiti dinars are: "1.234" is no thousand there."""
    return bool(currency) and get_currency_precision(currency) > STORED_DECIMALS


def show_original(amount: Decimal, *, currency: str, rate: Decimal, locale: str) -> str:
    """What an amount was before it was converted, and at which rate: "€9,900 at 1.1"."""
    return f"{show(amount, currency=currency, locale=locale)} at {rate.normalize():f}"


def show(amount: Decimal, *, currency: str, locale: str, signed: bool = False) -> str:
    """In full: "$1,234,567", with decimals only when not whole: "−$1,234.50"; "+$38,000" when signed."""
    return _show(amount, currency, locale, signed=signed)


def compact(amount: Decimal, *, currency: str, locale: str, signed: bool = False) -> str:
    """Short, to three significant digits at most and without zeros at the end: "$1.84M", "$1.8M", "−$212K"; tens
    of thousands in whole thousands: "$95K". In full where the locale has no short form.
    """
    return _compact(amount, currency, locale, signed=signed)


def compact_apart(amounts: Sequence[Decimal], *, currency: str, locale: str) -> list[str]:
    """Short, unless two amounts that differ would look alike: then each in full."""
    short = [compact(amount, currency=currency, locale=locale) for amount in amounts]
    if len(set(short)) == len({amount.normalize() for amount in amounts}):
        return short
    return [show(amount, currency=currency, locale=locale) for amount in amounts]


@lru_cache(maxsize=16_384)
def typed(amount: Decimal, *, locale: str) -> str:
    """As a person there types it, for a field: "1,234.50"; parse_amount reads the same amount back."""
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
    digits = 2 if units.adjusted() == TENS_OF_THOUSANDS else 3
    short = _rounded(amount, min(0, digits - 1 - units.adjusted()))
    sign = _sign(short, signed=signed)
    text = format_compact_currency(
        -abs(short) if sign else short, currency, locale=_locale(locale), fraction_digits=2
    )
    if str(abs(int(short))) in text:
        return _show(units, currency, locale, signed=signed)
    return text.replace("-", sign, 1) if sign else text


def _sign(amount: Decimal, *, signed: bool) -> str:
    if amount < 0:
        return MINUS
    return "+" if signed and amount > 0 else ""


def _rounded(amount: Decimal, places: int) -> Decimal:
    """Half-up to `places` decimals; −3 rounds to thousands. Never a negative zero."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def _unfolded(text: str) -> str:
    """With plain digits and signs: "(1,054)" is "-1,054", "1'054.–" is "1'054.00"."""
    plain = text.translate(_FULL_WIDTH).strip()
    if plain.isdigit():
        return plain
    if "(" in plain and (brackets := _BRACKETS.fullmatch(plain)):
        plain = f"-{brackets[1]}{brackets[2]}{brackets[3]}"
    return _NO_CENTS.sub(r"\g<1>00", plain)


def _take_sign(before: str) -> tuple[bool, str]:
    for part in (slice(0, 1), slice(-1, None)):
        if before[part] in _SIGNS:
            negative = before[part] != "+"
            return negative, (before[1:] if part.start == 0 else before[:-1]).strip()
    return False, before


def _scale(beside: str, currency: str) -> int:
    """What the text beside the figures multiplies by: "k", "m €", "kr". Raises AmountError for another
    currency and for what is no unit.
    """
    unit = read_unit(beside, currency=currency)
    if unit is None and ("%" in beside or "‰" in beside):
        raise AmountError("This is a percentage. Enter an amount.", "is a percentage, not an amount")
    if unit is None:
        raise AmountError(UNREADABLE, "is not an amount")
    if currency and unit.currency and not is_called(unit.currency, currency):
        raise AmountError(
            f"This amount is in {unit.currency}, but amounts here are in {currency}.",
            f"is in {unit.currency}, but the company uses {currency}",
        )
    if unit.scale == UNCLEAR:
        raise AmountError(
            "Write this amount in full: its unit can mean different things.",
            "has a unit that can mean different things; write the amount in full",
        )
    return unit.scale


def _checked(amount: Decimal, currency: str, *, negative: bool, allow_negative: bool) -> Decimal:
    if amount >= LIMIT:
        raise AmountError(TOO_LARGE, "is too large")
    decimals = decimals_of(currency)
    exact = amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if amount != exact:
        if not decimals:
            raise AmountError(
                f"Enter a whole amount: {currency} has no decimals.",
                f"has decimals, and {currency} has none",
            )
        raise AmountError(
            "Enter at most two decimals: amounts are kept with no more.",
            "has more than two decimals, and amounts are kept with no more",
        )
    if negative and exact and not allow_negative:
        raise AmountError("Enter an amount of zero or more.", "is below zero")
    amount = exact.quantize(Decimal(1).scaleb(-STORED_DECIMALS))
    return -amount if negative and amount else amount


def _number(typed: str, marks: Marks) -> Decimal:
    if sum(char.isdigit() for char in typed) > MAX_DIGITS:
        raise AmountError(TOO_LARGE, "is too large")
    figures = _SPACES.sub(" ", typed)
    if _LINE_BREAK.search(typed) or (marks.group != " " and _PLAIN_BLANK.match(typed)):
        raise AmountError(TWO_AMOUNTS, "looks like two amounts")
    whole, decimals = _split(figures, marks)
    if not _GROUPED.fullmatch(whole) or not (decimals.isdigit() or not decimals):
        raise AmountError(UNREADABLE, "is not an amount")
    return Decimal(f"{_GROUP.sub('', whole) or '0'}.{decimals or '0'}")


def _split(figures: str, marks: Marks) -> tuple[str, str]:
    """Whole part and decimals."""
    mark = _proven(figures.replace(" ", ""))
    if not mark and _ONE_MARK.fullmatch(figures):
        mark = _settled(figures, marks)
    whole, _, decimals = figures.rpartition(mark) if mark and mark in figures else (figures, "", "")
    return whole, decimals


def _proven(figures: str) -> str:
    """The last of two marks; the mark that is not repeated; the only one, unless three digits follow it."""
    last = figures[max(figures.rfind("."), figures.rfind(","))]
    if last.isdigit() or _ONE_MARK.fullmatch(figures):
        return ""
    return ("," if last == "." else ".") if figures.count(last) > 1 else last


def _settled(figures: str, marks: Marks) -> str:
    """The decimal mark of "1.234", which shows none by itself."""
    mark = "." if "." in figures else ","
    if mark == marks.group:
        return "," if mark == "." else "."
    if mark == marks.decimal:
        return mark
    whole, decimals = figures.split(mark)
    large, small = whole + decimals, f"{whole}.{decimals}".rstrip("0").rstrip(".")
    clear = "it as one of these" if decimals.endswith("0") else f"{large}, or at most two decimals"
    raise AmbiguousAmount(f"This can be {large} or {small}. Write {clear}.", f"can be {large} or {small}")


@lru_cache(maxsize=64)
def _group_mark(locale: str) -> str:
    """ "." or ",", a blank where thousands are written with one, else an apostrophe."""
    return _SPACES.sub(" ", get_group_symbol(_locale(locale))) if locale else ""


@lru_cache(maxsize=64)
def _pattern(locale: str, *, whole: bool) -> NumberPattern:
    pattern: NumberPattern = copy(_locale(locale).currency_formats["standard"])
    if whole:
        pattern.frac_prec = (0, 0)
    return pattern


@lru_cache(maxsize=64)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag.replace("-", "_"))
