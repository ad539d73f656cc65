"""On which day the two talked about where the sales leader stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from alignment.forms.fields import DayField
from alignment.forms.layout import Question
from alignment.rules.formatting import day
from alignment.rules.periods import Period


class AnswerForm(Question):
    """The version that the button was made from; 0 before the first answer of the quarter."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class TalkedForm(AnswerForm):
    on = DayField(label="On which day?", error_messages={"required": "Choose the day on which you talked."})

    def __init__(self, data: Any = None, *, quarter: Period, today: date, **kwargs: Any) -> None:
        self.quarter, self.today = quarter, today
        super().__init__(data, **kwargs)
        self.fields["on"].widget.attrs |= {"min": quarter.start.isoformat(), "max": today.isoformat()}

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not self.quarter.start <= on <= self.today:
            raise ValidationError(f"Choose a day from {day(self.quarter.start)} to today.")
        return on
