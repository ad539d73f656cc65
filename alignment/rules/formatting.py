"""Money, dates and durations as a reader sees them: English words, a
24-hour clock, the reader's zone and locale.

None is shown as an en dash everywhere. Days are dates, instants are aware datetimes; they are turned to the
reader's zone here and nowhere else. The reader's zone, and so the day it is for them, is the active one of
django.utils.timezone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Protocol

from babel.core import Locale, UnknownLocaleError
from django.utils import timezone

from alignment.rules import money as amounts

NOTHING = "–"
MINUS = amounts.MINUS
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class HasMoneyFormat(Protocol):
    """A company, a team or an agenda: anything that says in which currency and for which reader."""

    @property
    def currency(self) -> str: ...
    @property
    def locale(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MoneyFormat:
    """ISO currency code and BCP 47 locale, such as "EUR" and "de-DE"."""

    currency: str
    locale: str


def is_locale(name: str) -> bool:
    """Whether amounts can be written this way."""
    try:
        Locale.parse(name, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def money(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """In full: "$212,000"."""
    return NOTHING if amount is None else amounts.show(amount, currency=m.currency, locale=m.locale)


def compact(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """Short: "$212K"."""
    return NOTHING if amount is None else amounts.compact(amount, currency=m.currency, locale=m.locale)


def signed(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """Short, with its sign: "−$212K", "+$38.0K"."""
    if amount is None:
        return NOTHING
    return amounts.compact(amount, currency=m.currency, locale=m.locale, signed=True)


def signed_money(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """In full, with its sign: "−$212,000", "+$38,000"."""
    if amount is None:
        return NOTHING
    return amounts.show(amount, currency=m.currency, locale=m.locale, signed=True)


def compact_apart(m: HasMoneyFormat, *values: Decimal | None) -> list[str]:
    """Short, side by side: "$2.00M" beside "$2.00M" only where they are the same, else each in full."""
    known = [amount for amount in values if amount is not None]
    texts = amounts.compact_apart(known, currency=m.currency, locale=m.locale)
    return [NOTHING if amount is None else texts.pop(0) for amount in values]


def percent(share: Decimal | float | None) -> str:
    """A share of one as whole per cent: 0.315 → "32%"; "100%" only where it is: 0.995 → "99.5%"."""
    if share is None:
        return NOTHING
    exact = Decimal(str(share)) * 100
    rounded = exact.quantize(Decimal(1), ROUND_HALF_UP)
    if rounded == 100 and exact != 100:
        rounding = ROUND_DOWN if exact < 100 else ROUND_UP
        rounded = exact.quantize(Decimal("0.1"), rounding)
    return f"{_number(rounded)}%"


def times(ratio: Decimal | None) -> str:
    """How many times: "1.2 times"."""
    if ratio is None:
        return NOTHING
    return f"{number(ratio.quantize(Decimal('0.1'), ROUND_HALF_UP))} times"


def spell_number(value: int) -> str:
    """In words up to ten: "no", "one", "ten", "11"."""
    return NUMBERS[value] if value < len(NUMBERS) else str(value)


def counted(value: int, one: str, several: str = "") -> str:
    """A number in words with its noun, or its noun and verb: "one risk", "two risks have"."""
    return f"{spell_number(value)} {_plural(value, one, several)}"


def number_of(value: int, one: str, several: str = "") -> str:
    """The same in figures: "1 risk", "2 risks"."""
    return f"{value} {_plural(value, one, several)}"


def _plural(value: int, one: str, several: str) -> str:
    return one if value == 1 else several or f"{one}s"


def signed_number(value: Decimal | int | None) -> str:
    """ "+3", "−2", "0"."""
    if value is None:
        return NOTHING
    return f"+{value}" if value > 0 else _number(value)


def number(value: Decimal | int | None) -> str:
    """A measure's value without idle decimals: "1,250", "6.5", "−3"."""
    if value is None:
        return NOTHING
    whole, _, decimals = f"{value:,f}".replace("-", MINUS).partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".") if decimals.strip("0") else whole


def measured(value: Decimal | int | None, unit: str) -> str:
    """A measure's value with its unit: "26%", "3.6 days", "9"."""
    joint = "" if unit.startswith("%") else " "
    return f"{number(value)}{joint}{unit}".rstrip()


def minutes_seconds(seconds: int | None) -> str:
    """A duration on a clock: 252 → "4:12"; over the hour the minutes go on: "75:00"."""
    if seconds is None:
        return NOTHING
    sign = MINUS if seconds < 0 else ""
    minutes, rest = divmod(abs(int(seconds)), 60)
    return f"{sign}{minutes}:{rest:02}"


def day(value: date | None) -> str:
    """ "18 Nov", with the year when it is not this one: "18 Nov 2025"."""
    return NOTHING if value is None else _day(_local(value), _today())


def longday(value: date | None) -> str:
    """ "Monday 23 November", with the year when it is not this one."""
    if value is None:
        return NOTHING
    local, today = _local(value), _today()
    year = "" if local.year == today.year else f" {local.year}"
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}{year}"


def spell_days(first: date, last: date) -> str:
    """ "on 3 August 2026", "from 3 to 14 August 2026": for texts that are stored."""
    until = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return f"on {until}"
    month = f" {MONTHS[first.month - 1]}" if (first.year, first.month) != (last.year, last.month) else ""
    year = f" {first.year}" if first.year != last.year else ""
    return f"from {first.day}{month}{year} to {until}"


def clock(value: datetime | None) -> str:
    """ "09:00" in the reader's zone."""
    return NOTHING if value is None else f"{timezone.localtime(value):%H:%M}"


def when(value: datetime | None) -> str:
    """Near now by name: "today 09:00", "yesterday 16:40", "Thursday 10:00" within six days; else "18 Nov"."""
    if value is None:
        return NOTHING
    local, today = _local(value), _today()
    away = local - today
    if abs(away) > timedelta(days=6):
        return _day(local, today)
    names = {0: "today", -1: "yesterday", 1: "tomorrow"}
    return f"{names.get(away.days) or DAYS[local.weekday()]} {clock(value)}"


def beginning(text: str, length: int) -> str:
    """A text on one line, and of a longer one its beginning up to the end of a word: "Two reps first …"."""
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[:length].rsplit(' ', 1)[0]} …"


def iso(value: date | None) -> str:
    """For `<time datetime>` and date inputs; blank for None."""
    return "" if value is None else value.isoformat()


def _day(value: date, today: date) -> str:
    year = "" if value.year == today.year else f" {value.year}"
    return f"{value.day} {MONTHS[value.month - 1][:3]}{year}"


def _today() -> date:
    return timezone.localdate()


def _local(value: date) -> date:
    """The calendar day in the reader's zone."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _number(value: Decimal | int) -> str:
    return f"{MINUS}{-value}" if value < 0 else str(value)


def plain(value: Decimal | None) -> str:
    """A number as it is typed, without grouping: "1250.5"; blank for None.
    Read back the same in any locale."""
    return "" if value is None else f"{value:f}".removesuffix(".00")
