"""Money, dates and durations in templates: English words, a 24-hour clock, the reader's zone and locale.

None is shown as an en dash everywhere. Days are dates, instants are aware datetimes; they are turned to the
active zone here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django import template
from django.utils import timezone

from alignment import money as amounts

register = template.Library()

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


@register.filter
def money(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """In full: "$212,000"."""
    return NOTHING if amount is None else amounts.show(amount, currency=m.currency, locale=m.locale)


@register.filter
def compact(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """Short: "$212K"."""
    return NOTHING if amount is None else amounts.compact(amount, currency=m.currency, locale=m.locale)


@register.filter
def signed(amount: Decimal | None, m: HasMoneyFormat) -> str:
    """Short, with its sign: "−$212K", "+$38.0K"."""
    if amount is None:
        return NOTHING
    return amounts.compact(amount, currency=m.currency, locale=m.locale, signed=True)


@register.filter
def percent(share: Decimal | float | None) -> str:
    """A share of one as whole per cent: 0.315 → "32 %"."""
    if share is None:
        return NOTHING
    return f"{_number((Decimal(str(share)) * 100).quantize(Decimal(1), ROUND_HALF_UP))}\N{NO-BREAK SPACE}%"


@register.filter
def signed_number(value: Decimal | int | None) -> str:
    """ "+3", "−2", "0"."""
    if value is None:
        return NOTHING
    return f"+{value}" if value > 0 else _number(value)


@register.filter
def number(value: Decimal | int | None) -> str:
    """A measure's value without idle decimals: "1,250", "6.5", "−3"."""
    if value is None:
        return NOTHING
    whole, _, decimals = f"{value:,f}".replace("-", MINUS).partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".") if decimals.strip("0") else whole


@register.filter
def minutes_seconds(seconds: int | None) -> str:
    """A duration on a clock: 252 → "4:12"; over the hour the minutes go on: "75:00"."""
    if seconds is None:
        return NOTHING
    sign = MINUS if seconds < 0 else ""
    minutes, rest = divmod(abs(int(seconds)), 60)
    return f"{sign}{minutes}:{rest:02}"


@register.filter
def day(value: date | None) -> str:
    """ "18 Nov", with the year when it is not this one: "18 Nov 2025"."""
    return NOTHING if value is None else _day(_local(value), _today())


@register.filter
def longday(value: date | None) -> str:
    """ "Monday 23 November", with the year when it is not this one."""
    if value is None:
        return NOTHING
    local, today = _local(value), _today()
    year = "" if local.year == today.year else f" {local.year}"
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}{year}"


def spell_days(first: date, last: date) -> str:
    """ "on 3 August 2026", "from 3 to 14 August 2026": for words that are kept."""
    until = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return f"on {until}"
    month = f" {MONTHS[first.month - 1]}" if (first.year, first.month) != (last.year, last.month) else ""
    year = f" {first.year}" if first.year != last.year else ""
    return f"from {first.day}{month}{year} to {until}"


@register.filter
def clock(value: datetime | None) -> str:
    """ "09:00" in the reader's zone."""
    return NOTHING if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
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


@register.filter
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
