"""The two lines that the CEO writes to whoever won a deal."""

from __future__ import annotations

from alignment.forms.fields import AddressField, WordsField
from alignment.forms.layout import Question


class CongratulateForm(Question):
    layout = (("to_name", "to_address"), ("text",))

    to_name = WordsField(max_length=120, label="To", error_messages={"required": "Enter who earned it."})
    to_address = AddressField(
        max_length=254, label="Email address", error_messages={"required": "Enter the email address."}
    )
    text = WordsField(
        rows=3, max_length=1000, label="Message", error_messages={"required": "Write a line or two."}
    )
