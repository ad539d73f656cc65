"""The form of somebody at an account."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import AddressField, WordsField
from alignment.forms.versioned import RowForm
from deals.models import Account, Contact

NOT_SAID = ("", "Not said")


class ContactForm(RowForm[Contact]):
    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("name", "title"), ("level", "role"), ("email",))

    name = WordsField(max_length=120, label="Name", error_messages={"required": "Enter their name."})
    title = WordsField(max_length=120, required=False, label="Title")
    level = forms.ChoiceField(choices=[NOT_SAID, *Contact.Level.choices], required=False, label="Level")
    role = forms.ChoiceField(
        choices=[NOT_SAID, *Contact.Role.choices], required=False, label="Part in the decision"
    )
    email = AddressField(required=False, label="Email")

    class Meta:
        model = Contact
        fields = ("name", "title", "level", "role", "email")

    @transaction.atomic
    def write(self) -> Contact:
        """Raises VersionConflict when somebody saved in between."""
        submitted = self.submitted
        if not self.instance.pk:
            Account.objects.select_for_update(no_key=True).get(pk=self.instance.account_id)  # one at a time
            known = Contact.objects.filter(
                account=self.instance.account, **submitted
            ).first()  # a second click
            return known or Contact.objects.create(account=self.instance.account, **submitted)
        if not self.differs(submitted):
            return self.instance
        return self.instance.edit(version=self.submitted_version, **submitted)
