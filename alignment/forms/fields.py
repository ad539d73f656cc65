"""Form fields that say in a plain sentence what is wrong with what was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from babel.numbers import get_currency_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.urls import reverse

from alignment.models import User
from alignment.rules.address_list import parse_address
from alignment.rules.money import AmountError, Marks, parse_amount
from alignment.rules.periods import FIRST_DAY, LAST_DAY
from alignment.rules.text import is_blank

TOO_LONG = "At most %(limit_value)d characters; this text has %(show_value)d."


class WordsField(forms.CharField):
    """Text a person types. What looks empty is empty; everything else is saved as typed,
    with its letters composed.

    A pasted text that is too long is never cut: static/js/limit.js says it while typing, the server when it is sent.
    """

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        limit = attrs.pop("maxlength", None)
        return attrs | {"data-limit": limit} if limit else attrs

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "" if is_blank(text) else unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


class AddressField(forms.EmailField):
    """An email address, in lower case: by the same rule wherever one is typed or pasted."""

    default_validators = []
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "This is not a valid email address."}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return parse_address(text) if text else ""
        except ValueError as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong


class AmountField(forms.Field):
    """Money typed in the reader's way (1,234.50 or 1.234,50, also 250k), never negative, empty is None.

    What can be read in two ways is asked back, another currency is refused.
    """

    widget = forms.TextInput
    css = "field--short"
    allow_negative = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.currency, self.unit, self.marks = "", "", Marks.habit("en-US")
        self.widget.attrs.update({"inputmode": "decimal", "class": "num", "maxlength": "40"})

    def write_for(self, locale: str, *, currency: str) -> None:
        """For a reader who writes amounts as in `locale`; `currency` is the only one they may be in."""
        self.marks = Marks.habit(locale)
        self.currency = currency
        self.unit = get_currency_symbol(currency, locale=locale.replace("-", "_")) if currency else ""
        if currency:  # what was understood is said beside the field: alignment.views.amounts
            self.widget.attrs |= {
                "hx-get": f"{reverse('alignment:amount')}?currency={currency}",
                # Later than a click that leaves the field: what appears may move the button under it.
                "hx-trigger": "change delay:300ms",
                "hx-target": "next .understood",
                "hx-swap": "innerHTML",
            }

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or is_blank(str(value)):
            return None
        try:
            return parse_amount(
                str(value), currency=self.currency, marks=self.marks, allow_negative=self.allow_negative
            )
        except AmountError as wrong:
            raise ValidationError(str(wrong)) from wrong

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A calendar day between 1990 and 2100. What was understood is said below it: components/repeats_day.html."""

    repeats_day = True
    css = "field--short"
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Enter the date as year-month-day, for example 2026-11-23."}

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise ValidationError("Choose a date between 1990 and 2100.")


class PersonField(forms.ChoiceField):
    """One of the `people` given once the form is made; cleaned it is the User, or None when left empty."""

    people: dict[str, User]

    def __init__(self, *, nobody: str = "Unassigned", **kwargs: Any) -> None:
        self.nobody = nobody
        messages = {"invalid_choice": "Choose someone from the list."} | kwargs.pop("error_messages", {})
        super().__init__(error_messages=messages, **kwargs)

    def choose_from(self, people: Iterable[User]) -> None:
        self.people = {str(person.pk): person for person in people}
        nobody = [("", self.nobody)] if not self.required or self.nobody else []
        self.choices = [*nobody, *((pk, person.name) for pk, person in self.people.items())]

    def clean(self, value: Any) -> Any:
        return self.people.get(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")
