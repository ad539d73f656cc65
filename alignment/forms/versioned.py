"""Base forms for rows that several people edit, and for rows of a team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from django import forms
from django.http import QueryDict
from django.utils import timezone

from alignment.forms.edit_conflicts import base_of, raw, resolve, submitted_base
from alignment.forms.fields import AmountField
from alignment.forms.layout import Laid
from alignment.models import Team, TeamItem, User, Versioned

Row = TypeVar("Row", bound=Versioned)
Item = TypeVar("Item", bound=TeamItem)
LARGEST_VERSION = 2**31 - 1


class VersionedForm(Laid, forms.Form):
    """A form for something that several people edit.

    It carries the version it was made from and, as `base`, its fields at that time. Only fields that differ
    from the base are written. `instance` is what is stored, with its `version`.
    """

    instance: Any

    version = forms.IntegerField(
        min_value=0, max_value=LARGEST_VERSION, required=False, widget=forms.HiddenInput
    )
    base = forms.CharField(max_length=100_000, required=False, widget=forms.HiddenInput)

    def carry_version(self) -> None:
        """Add version and base to a new form, or apply the choice between two versions. Needs `instance`."""
        if not self.is_bound:
            self.initial["version"] = self.instance.version
            self.initial["base"] = lambda: base_of(
                self
            )  # evaluated after subclasses have filled in their fields
        elif "keep" in self.data:
            self.data = resolve(self)

    def for_row(self, row: Any) -> Self:
        """The same form for the row as stored now."""
        raise NotImplementedError

    def is_changed(self, name: str) -> bool:
        """Whether the person changed the field, as far as the form can tell."""
        base = self._base
        return name in self.fields and (name not in base or raw(self[name]) != base[name])

    @property
    def _base(self) -> dict[str, str]:
        return submitted_base(self) if "base" in self.fields else {}

    @property
    def submitted_version(self) -> int:
        """The version the form was made from, or the stored one if none was sent."""
        version: int | None = self.cleaned_data.get("version")
        stored: int = self.instance.version
        return stored if version is None else version


class RowForm(VersionedForm, forms.ModelForm, Generic[Row]):  # type: ignore[type-arg]
    """A form for a row. It only reads:
    `instance` is not changed, and the row's own methods write what is submitted.

    For an existing row, a field that is not sent keeps its value;
    `part` limits the form to the fields of that part.
    """

    instance: Row
    version = forms.IntegerField(
        min_value=1, max_value=LARGEST_VERSION, required=False, widget=forms.HiddenInput
    )
    parts: ClassVar[dict[str, tuple[str, ...]]] = {}
    demanded: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Fields of a part that are asked for also where they are not sent."""

    def __init__(self, data: Any = None, *, part: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.part = part
        if self.instance.pk:
            self._drop_other_fields()
            self.carry_version()
        else:
            del self.fields["version"]
            del self.fields["base"]

    def _drop_other_fields(self) -> None:
        names = self.parts.get(self.part, tuple(self.fields))
        for name in list(self.fields):
            must = name in self.demanded.get(self.part, ())
            sent = must or not self.is_bound or self.add_prefix(name) in self.data
            if name not in ("version", "base") and (name not in names or not sent):
                del self.fields[name]

    def for_row(self, row: Row) -> Self:
        return type(self)(instance=row, part=self.part)

    def _post_clean(self) -> None:
        """The fields check what the constraints demand; asking the database would cost a query each."""

    def value(self, name: str) -> Any:
        """The value the row will have: the submitted one, or the stored one if the field was not sent.
        None if invalid.
        """
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name)

    @property
    def submitted(self) -> dict[str, Any]:
        """The model fields that the person changed, cleaned."""
        names = [name for name in self._meta.fields or () if self.is_changed(name)]
        return {name: self.cleaned_data[name] for name in names}

    def differs(self, submitted: dict[str, Any]) -> bool:
        """Whether any submitted value differs from the row."""
        return any(getattr(self.instance, name) != value for name, value in submitted.items())


class ItemForm(RowForm[Item]):
    """The form for a row of a team.
    For a new row it carries the token that makes a double submit create one row.

    Subclasses declare their fields with alignment.forms.fields,
    so that amounts are read in `user`'s locale.
    """

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, team: Team, user: User, now: datetime | None = None, **kwargs: Any
    ) -> None:
        self.team, self.user, self.now = team, user, now or timezone.now()
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.write_for(user.locale, currency=team.currency)
        if self.instance.pk:
            self.fields.pop("token", None)
        else:
            self.initial.setdefault("token", self.instance.token)

    def fill_in(self, **usual: Callable[[], Any]) -> None:
        """Fill in the usual values of a new row where nothing was sent."""
        if not self.is_bound:
            self.initial.update({name: value() for name, value in usual.items()})
            return
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in usual.items():
            if not data.get(name):
                data[name] = str(value())
        self.data = data

    def for_row(self, row: Item) -> Self:
        return type(self)(instance=row, team=self.team, user=self.user, part=self.part, now=self.now)

    @property
    def today(self) -> date:
        return self.team.today(self.now)
