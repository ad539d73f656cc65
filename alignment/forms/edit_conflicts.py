"""Merging the edits of two people: changes to different fields are merged;
for the same field both see both versions.

Every edit form sends the version it was made from and, as `base`, its fields at that time. Fields that
differ from the base were changed by the person; all others keep their stored value. A form without a base
(sent without JavaScript from a page that autosaves) counts as having changed every field it sends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from alignment.models import User

if TYPE_CHECKING:
    from alignment.forms.versioned import VersionedForm

PARAGRAPH, SLASH = "\n\n", " / "


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both changed. `separator` goes between the two texts when both are kept. Fields that
    hold no text, such as a day, an amount or a choice, have none: only one value can stay.
    """

    name: str
    label: str
    mine: Any
    theirs: Any
    mine_shown: Any
    theirs_shown: Any
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both versions side by side, for components/conflict.html.
    `version` is the stored one; `who` may be empty.
    """

    version: int
    who: str
    at: datetime | None
    fields: tuple[FieldConflict, ...]

    @property
    def can_keep_both(self) -> bool:
        return any(field.separator for field in self.fields)


def base_of(form: VersionedForm) -> str:
    """The fields of a new form, for the form to send along."""
    return json.dumps({bound.name: raw(bound) for bound in form.visible_fields()})


def raw(bound: BoundField) -> str:
    """The value as a browser would send it."""
    return str(_plain(bound.value())).replace("\r\n", "\n")


def submitted_base(form: VersionedForm) -> dict[str, str]:
    """The fields as they were when the form was shown, as submitted; empty if none were submitted."""
    try:
        base = json.loads(form.data.get(form.add_prefix("base")) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in base.items()} if isinstance(base, dict) else {}


def merge(form: VersionedForm, current: Any) -> bool:
    """Apply the submitted changes on top of `current`, and return whether the form can be saved like that.

    It cannot if somebody else changed the same field to something else, or if the two changes contradict
    each other. Either way the fields that were not changed here show the stored values, so that keeping
    mine reverts nothing else.
    """
    base = submitted_base(form)
    if not base:
        return False
    stored = form.for_row(current)
    overlaps = bool(_overlaps(form, stored))
    data = _copy(form)
    for bound in form.visible_fields():
        if raw(bound) == base.get(bound.name):
            data[bound.html_name] = base[bound.name] = raw(stored[bound.name])
    data[form.add_prefix("base")] = json.dumps(base)
    if not overlaps:
        data[form.add_prefix("version")] = str(current.version)
    form.instance, form.data = current, data
    if overlaps:
        return False
    form.full_clean()
    return form.is_valid()


def _overlaps(form: VersionedForm, stored: VersionedForm) -> list[BoundField]:
    """The fields that both changed to different values."""
    base = submitted_base(form)
    return [
        mine
        for mine in _changes(form, stored)
        if mine.name not in base or _differs(stored, mine.name, base[mine.name])
    ]


def _in_question(form: VersionedForm, stored: VersionedForm) -> list[BoundField]:
    """The fields for which one version must be chosen: those both changed, or all changed here if the two
    changes contradict each other.
    """
    return _overlaps(form, stored) or _changes(form, stored)


def _changes(form: VersionedForm, stored: VersionedForm) -> list[BoundField]:
    """The fields that were changed here and differ from what is stored."""
    shared = [mine for mine in form.visible_fields() if mine.name in stored.fields]
    return [mine for mine in shared if form.is_changed(mine.name) and _differs(stored, mine.name, mine.data)]


def describe(form: VersionedForm, current: Any, *, reader: User) -> Conflict:
    """Both versions of every field for which one must be chosen."""
    stored = form.for_row(current)
    editor = current.last_editor
    return Conflict(
        version=current.version,
        who="" if editor is None else "Your other window" if editor == reader else editor.name,
        at=getattr(current, "changed_at", None),
        fields=tuple(_field_conflicts(form, stored)),
    )


def _field_conflicts(form: VersionedForm, stored: VersionedForm) -> Iterable[FieldConflict]:
    for mine in _in_question(form, stored):
        theirs = stored[mine.name]
        yield FieldConflict(
            name=mine.name,
            label=str(mine.label),
            mine=mine.value(),
            theirs=_plain(theirs.value()),
            mine_shown=_display_value(mine),
            theirs_shown=_display_value(theirs),
            separator=_separator(mine),
        )


def resolve(form: VersionedForm) -> QueryDict:
    """The submitted data after the choice in `keep`: mine, theirs, or both in sequence, based on the
    version shown. All other input stays as typed.
    """
    data = _copy(form)
    stored = form.for_row(form.instance)
    for bound in _in_question(form, stored):
        if data["keep"] == "theirs":
            data[bound.html_name] = raw(stored[bound.name])
        elif data["keep"] == "both":
            data[bound.html_name] = _both(bound, theirs=raw(stored[bound.name]), mine=raw(bound))
    data[form.add_prefix("version")] = data.get("stored_version") or ""
    data[form.add_prefix("base")] = ""  # the choice is deliberate, even if it equals the original value
    return data


def _both(bound: BoundField, *, theirs: str, mine: str) -> str:
    separator = _separator(bound)
    if theirs.strip() == mine.strip() or not separator:
        return mine or theirs
    return separator.join(filter(None, (theirs, mine)))


def _separator(bound: BoundField) -> str:
    """The separator between two texts; empty for a field that holds no text."""
    if not isinstance(bound.field, forms.CharField):
        return ""
    return {forms.Textarea: PARAGRAPH, forms.TextInput: SLASH}.get(type(bound.field.widget), "")


def _differs(stored: VersionedForm, name: str, submitted: str | None) -> bool:
    """Whether a submitted value differs from the stored one."""
    field = stored.fields[name]
    return bool(field.has_changed(stored.get_initial_for_field(field, name), submitted))


def _copy(form: VersionedForm) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(form.data)
    return data


def _display_value(bound: BoundField) -> Any:
    """The value for display: the label of a choice or of several, yes or no for a checkbox, anything else as it is."""
    value = _plain(bound.value())
    if isinstance(value, bool):
        return "yes" if value else "no"
    choices = dict(getattr(bound.field, "choices", ()))
    if isinstance(value, list):
        return "; ".join(str(choices.get(key, key)) for key in value) or "none"
    return choices.get(value, choices.get(str(value), value))


def _plain(value: Any) -> Any:
    return "" if value is None else value.isoformat() if isinstance(value, date) else value
