"""What every form for a row that two people edit has in common."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django import forms
from django.db import models

from alignment.forms.fields import AmountField
from alignment.models import Stale, Team, User

Item = TypeVar("Item", bound=models.Model)


class ItemForm(forms.ModelForm, Generic[Item]):  # type: ignore[type-arg]
    """Carries the version it was made from, and the token that makes a double submit one row.

    Subclasses declare their fields with alignment.forms.fields, so that amounts are read in `user`'s way.
    """

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, team: Team, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team, self.user = team, user
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.locale = user.locale
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            del self.fields["token"]
        else:
            self.initial.setdefault("token", self.instance.token)
            del self.fields["version"]

    @property
    def told(self) -> dict[str, Any]:
        """What the person typed, cleaned: the model's fields alone, and of an autosave only those it sent."""
        names = [name for name in self._meta.fields or () if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}

    @property
    def told_version(self) -> int:
        """The version the text was typed on; without one, the row as it is now."""
        version: int = self.cleaned_data.get("version") or self.instance.version
        return version

    def conflict(self, stale: Stale) -> dict[str, Any]:
        """Both texts side by side, for components/conflict.html."""
        current = stale.current
        fresh = type(self)(instance=current, team=self.team, user=self.user)
        differing = [
            {
                "name": name, "label": self.fields[name].label or name, "mine": self[name].value(), "theirs": fresh[name].value(),
                "theirs_shown": self._shown(current, name),
            }
            for name, value in self.told.items()
            if getattr(current, name) != value
        ]  # fmt: skip
        return {
            "version": current.version,
            "who": "",
            "at": getattr(current, "changed_at", None),
            "fields": differing,
        }

    @staticmethod
    def _shown(current: Any, name: str) -> Any:
        label = getattr(current, f"get_{name}_display", None)
        return label() if label else getattr(current, name)
