"""The form of what a team thinks of a contact."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django import forms
from django.db import transaction

from alignment.forms.fields import WordsField
from alignment.forms.versioned import RowForm
from alignment.models import User, VersionConflict
from meetings.models import ContactNote


class ContactNoteForm(RowForm[ContactNote]):
    layout: ClassVar[tuple[tuple[str, ...], ...]] = (("stance",), ("what_matters",), ("politics",))

    stance = forms.ChoiceField(
        choices=[("", "Not said"), *ContactNote.Stance.choices], required=False, label="Where they stand"
    )
    what_matters = WordsField(max_length=300, required=False, label="What matters to them")
    politics = WordsField(
        max_length=300, required=False, label="Politics", help_text="Who they work with, and against."
    )

    class Meta:
        model = ContactNote
        fields = ("stance", "what_matters", "politics")

    @transaction.atomic
    def write(self, *, by: User, now: datetime) -> ContactNote:
        """Raises VersionConflict when somebody saved in between."""
        submitted = self.submitted
        if self.instance.pk:
            if not self.differs(submitted):
                return self.instance
            return self.instance.edit(version=self.submitted_version, by=by, changed_at=now, **submitted)
        about = {"contact": self.instance.contact, "team": self.instance.team}
        note, is_new = ContactNote.objects.get_or_create(
            **about, defaults={"by": by, "changed_at": now, **submitted}
        )
        if not is_new and note.differs_from(submitted):
            raise VersionConflict(note)
        return note
