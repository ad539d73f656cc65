"""Where a company or a person is: the time zone and the currency, as people know them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_currency_name
from django import forms
from django.core.exceptions import ValidationError

from alignment.rules.periods import MONTH_NAMES

NO_ZONE = "“%(name)s” is not a known time zone. Choose one from the list, for example Europe/Paris."


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The zones people live in, by name: "Europe/Paris" rather than "CET" or "Etc/GMT-1"."""
    offered = {
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    }
    return ("UTC", *sorted(offered))


@lru_cache(maxsize=1)
def _spelled() -> dict[str, str]:
    """Each zone by its name in lower case, and by its town where only one zone is called so."""
    by_town: dict[str, list[str]] = {}
    for name in zone_names():
        by_town.setdefault(name.rpartition("/")[2].lower(), []).append(name)
    towns = {town: names[0] for town, names in by_town.items() if len(names) == 1}
    return towns | {name.lower(): name for name in available_timezones()}


class ZoneField(forms.CharField):
    """A time zone by its name, in any case, or its town alone: "paris". The page gives the list `zones`."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "zones", "spellcheck": "false", "autocapitalize": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**{"max_length": 64, **kwargs})

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        known = _spelled().get("_".join(typed.split()).lower())
        if known is None:
            raise ValidationError(NO_ZONE, params={"name": typed})
        return known


@lru_cache(maxsize=1)
def currency_choices() -> tuple[tuple[str, str], ...]:
    """Every currency that is legal tender somewhere today, by its English name: ("EUR", "Euro (EUR)")."""
    spent = get_global("territory_currencies")
    codes = {code for used in spent.values() for code, _, until, tender in used if until is None and tender}
    named = ((code, f"{get_currency_name(code, locale='en')} ({code})") for code in codes)
    return tuple(sorted(named, key=lambda choice: choice[1]))


class CurrencyField(forms.ChoiceField):
    """One of today's currencies; one that is no more stays where it was chosen before."""

    default_error_messages = {"invalid_choice": "Choose a currency from the list."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=currency_choices, **kwargs)

    def add_choice(self, code: str) -> None:
        if code not in dict(currency_choices()):
            self.choices = [(code, code), *currency_choices()]


class MonthField(forms.TypedChoiceField):
    """A month of the year, 1 to 12."""

    default_error_messages = {"invalid_choice": "Choose a month."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list(enumerate(MONTH_NAMES, start=1)), coerce=int, **kwargs)
