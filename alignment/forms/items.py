"""What every form for a row that two people edit has in common, and every one for a row of a team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar

from babel.numbers import get_currency_symbol
from django import forms
from django.http import QueryDict
from django.utils import timezone

from alignment.forms.conflicts import basis, chosen
from alignment.forms.fields import AmountField
from alignment.forms.layout import Laid
from alignment.models import Team, TeamItem, User, Versioned

Row = TypeVar("Row", bound=Versioned)
Item = TypeVar("Item", bound=TeamItem)


class RowForm(Laid, forms.ModelForm, Generic[Row]):  # type: ignore[type-arg]
    """Carries the version it was made from, and the fields as they were then.

    The form only reads: `instance` stays as it was, and what is told is written by the row's own methods.
    Of a row that exists, a field that is not sent stays as it is; `part` leaves only the fields of that part.
    """

    instance: Row
    parts: ClassVar[dict[str, tuple[str, ...]]] = {}

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    basis = forms.CharField(max_length=100_000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, part: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.part = part
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self._leave_what_is_asked()
            if not self.is_bound:
                self.initial["basis"] = lambda: basis(self)  # once subclasses have filled in their fields
            elif "keep" in self.data:
                self.data = chosen(self)
        else:
            del self.fields["version"]
            del self.fields["basis"]

    def _leave_what_is_asked(self) -> None:
        asked = self.parts.get(self.part, tuple(self.fields))
        for name in list(self.fields):
            sent = not self.is_bound or self.add_prefix(name) in self.data
            if name not in ("version", "basis") and (name not in asked or not sent):
                del self.fields[name]

    def again(self, row: Row) -> Self:
        """The same form, of the row as it is stored now."""
        return type(self)(instance=row, part=self.part)

    def _post_clean(self) -> None:
        """The fields say in sentences what the constraints demand; asking the database would cost a query each."""

    def value(self, name: str) -> Any:
        """What the row will say: as typed, or as it is where the field was not sent (or is wrong)."""
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name)

    @property
    def told(self) -> dict[str, Any]:
        """What the person typed, cleaned: the model's fields alone, and of those that are sent."""
        names = [name for name in self._meta.fields or () if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}

    def differs(self, told: dict[str, Any]) -> bool:
        """Whether anything told is not what the row says already."""
        return any(getattr(self.instance, name) != value for name, value in told.items())

    @property
    def told_version(self) -> int:
        """The version the text was typed on; without one, the row as it is now."""
        version: int = self.cleaned_data.get("version") or self.instance.version
        return version


class ItemForm(RowForm[Item]):
    """The form of a row of a team. A new one carries the token that makes a double submit one row.

    Subclasses declare their fields with alignment.forms.fields, so that amounts are read in `user`'s way.
    """

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, team: Team, user: User, now: datetime | None = None, **kwargs: Any
    ) -> None:
        self.team, self.user, self.now = team, user, now or timezone.now()
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.locale = user.locale
                field.unit = get_currency_symbol(team.currency, locale=user.locale.replace("-", "_"))
        if self.instance.pk:
            self.fields.pop("token", None)
        else:
            self.initial.setdefault("token", self.instance.token)

    def fill_in(self, **usual: Callable[[], Any]) -> None:
        """Of a new row, what is usual where nothing is said."""
        if not self.is_bound:
            self.initial.update({name: value() for name, value in usual.items()})
            return
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in usual.items():
            if not data.get(name):
                data[name] = str(value())
        self.data = data

    def again(self, row: Item) -> Self:
        """The same form, of the row as it is stored now."""
        return type(self)(instance=row, team=self.team, user=self.user, part=self.part, now=self.now)

    @property
    def today(self) -> date:
        return self.team.today(self.now)
