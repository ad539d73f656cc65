"""Form fields that say in a plain sentence what is wrong with what was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from alignment.models import User
from alignment.money import BadAmount, parse_amount

TOO_LONG = "At most %(limit_value)d characters fit here; this is %(show_value)d."
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
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "" if is_blank(text) else text.replace("\r\n", "\n")


class AmountField(forms.Field):
    """Money typed in the reader's way (1,234.50 or 1.234,50, also 250k), never negative, empty is None."""

    widget = forms.TextInput
    css = "field--short"

    def __init__(self, *, locale: str = "en-US", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.locale = locale
        self.unit = ""
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

    css = "field--short"
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Write the day as year-month-day, such as 2026-11-23."}

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise ValidationError("Choose a day between 1990 and 2100.")


class PersonField(forms.ChoiceField):
    """One of the `people` given once the form is made; cleaned it is the User, or None when left empty."""

    people: dict[str, User]

    def __init__(self, *, nobody: str = "Nobody yet", **kwargs: Any) -> None:
        self.nobody = nobody
        said = {"invalid_choice": "Choose one of the people listed."} | kwargs.pop("error_messages", {})
        super().__init__(error_messages=said, **kwargs)

    def choose_from(self, people: Iterable[User]) -> None:
        self.people = {str(person.pk): person for person in people}
        nobody = [("", self.nobody)] if not self.required or self.nobody else []
        self.choices = [*nobody, *((pk, person.name) for pk, person in self.people.items())]

    def clean(self, value: Any) -> Any:
        return self.people.get(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")
