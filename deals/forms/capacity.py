"""What delivering a deal takes."""

from __future__ import annotations

from typing import Any

from alignment.forms.fields import DayField, WordsField
from alignment.forms.versioned import ItemForm
from deals.models import CapacityNeed, Deal


class CapacityNeedForm(ItemForm[CapacityNeed]):
    layout = (("what",), ("needed_by", "who"))

    what = WordsField(
        max_length=300,
        label="What is needed",
        help_text="For example: two onboarding weeks, one engineer.",
        error_messages={"required": "Say what is needed to deliver it."},
    )
    needed_by = DayField(required=False, label="Needed by")
    who = WordsField(max_length=200, required=False, label="Who must know")

    class Meta:
        model = CapacityNeed
        fields = ("what", "needed_by", "who")

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        self.deal = deal
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        if self.value("what") == CapacityNeed.NOTHING and (self.value("needed_by") or self.value("who")):
            self.add_error(
                "what" if "what" in self.fields else None, "Say what is needed, or leave the rest empty."
            )
        return self.cleaned_data

    def for_row(self, row: CapacityNeed) -> CapacityNeedForm:
        return type(self)(instance=row, team=self.team, user=self.user, now=self.now, deal=self.deal)

    def write(self) -> CapacityNeed:
        """Raises VersionConflict when somebody saved in between."""
        submitted = self.submitted
        if not self.instance.pk:
            token = self.cleaned_data["token"]
            return CapacityNeed.objects.all().add_to(
                self.deal, by=self.user, now=self.now, token=token, **submitted
            )
        if not self.differs(submitted):
            return self.instance
        return self.instance.revise(version=self.submitted_version, now=self.now, **submitted)
