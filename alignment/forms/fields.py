"""Form fields that say in a plain sentence what is wrong with what was typed."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alignment.money import BadAmount, parse_amount

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


def is_blank(text: str) -> bool:
    """Whether nothing can be seen in the text: white space, zero-width and direction marks count as nothing."""
    return not any(unicodedata.category(character)[0] not in "ZC" for character in text)


class WordsField(forms.CharField):
    """Text a person types. What only looks empty is empty; everything else is kept as typed."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "" if is_blank(text) else text.replace("\r\n", "\n")


class AmountField(forms.Field):
    """Money typed in the reader's way (1,234.50 or 1.234,50, also 250k), never negative, empty is None."""

    widget = forms.TextInput

    def __init__(self, *, locale: str = "en-US", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.locale = locale
        self.widget.attrs.update({"inputmode": "decimal", "class": "num", "maxlength": "40"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or is_blank(str(value)):
            return None
        try:
            return parse_amount(str(value), locale=self.locale)
        except BadAmount as wrong:
            raise ValidationError(str(wrong)) from wrong

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A calendar day between 1990 and 2100."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Write the day as year-month-day, such as 2026-11-23."}

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise ValidationError("Choose a day between 1990 and 2100.")
