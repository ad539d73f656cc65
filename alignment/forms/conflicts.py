"""Two people change one row: what each changed alone is put together, and of what both changed both see both.

A form that carries `basis`, its fields as they were when it was shown, knows what was changed in it. One without
(a form that saves itself) is taken to have changed everything it sends.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from alignment.models import Stale

if TYPE_CHECKING:
    from alignment.forms.items import RowForm


def basis(form: RowForm[Any]) -> str:
    """The fields as they stand in a form that was just made, for the form to say again when it is sent."""
    return json.dumps({bound.name: raw(bound) for bound in form.visible_fields()})


def raw(bound: BoundField) -> str:
    """What a browser sends of the field as it stands."""
    return str(_plain(bound.value())).replace("\r\n", "\n")


def settles(form: RowForm[Any], stale: Stale) -> bool:
    """Whether nobody else changed what was changed here. Then the form tells that alone, on the version now stored.

    Otherwise what was not changed here shows what is stored now, so that keeping mine takes back nothing else.
    """
    known = told_basis(form)
    if not known:
        return False
    stored = form.again(stale.current)
    fields = form.visible_fields()
    untouched = [bound for bound in fields if raw(bound) == known.get(bound.name)]
    both = [
        bound
        for bound in fields
        if bound not in untouched and raw(stored[bound.name]) != known.get(bound.name)
    ]
    form.instance = stale.current
    if any(_differ(stored, bound) for bound in both):
        _take_over(form, stored, untouched, known)
        return False
    for bound in untouched:
        del form.fields[bound.name]
    form.cleaned_data["version"] = stale.current.version
    return True


def told_basis(form: RowForm[Any]) -> dict[str, str]:
    """The fields as they were when the form was shown, as it says itself; empty when it does not."""
    try:
        told = json.loads(form.cleaned_data.get("basis") or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _take_over(
    form: RowForm[Any], stored: RowForm[Any], names: list[BoundField], known: dict[str, str]
) -> None:
    data = QueryDict(mutable=True)
    data.update(form.data)
    for bound in names:
        data[bound.html_name] = known[bound.name] = raw(stored[bound.name])
    data["basis"] = json.dumps(known)
    form.data = data


def _differ(stored: RowForm[Any], mine: BoundField) -> bool:
    return bool(mine.field.has_changed(stored.get_initial_for_field(mine.field, mine.name), mine.data))


def conflict(form: RowForm[Any], stale: Stale) -> dict[str, Any]:
    """Both texts side by side, for components/conflict.html."""
    stored = form.again(stale.current)
    return {
        "version": stale.current.version,
        "who": "",
        "at": getattr(stale.current, "changed_at", None),
        "fields": [
            {
                "name": mine.name, "label": mine.label, "mine": mine.value(), "mine_shown": _shown(mine),
                "theirs": _plain(stored[mine.name].value()), "theirs_shown": _shown(stored[mine.name]),
            }
            for mine in form.visible_fields() if _differ(stored, mine)
        ],
    }  # fmt: skip


def chosen(form: RowForm[Any]) -> QueryDict:
    """What is sent after a conflict without JavaScript: mine, or both texts one after the other, on the stored version."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["version"] = data.get("stored_version") or ""
    if data["keep"] == "both":
        stored = form.again(form.instance)
        for bound in form.visible_fields():
            data[bound.html_name] = _both(bound, theirs=raw(stored[bound.name]), mine=raw(bound))
    return data


def _both(bound: BoundField, *, theirs: str, mine: str) -> str:
    """Words stand one after the other; of a day, an amount or a choice the one typed here stays."""
    if theirs.strip() == mine.strip() or type(bound.field.widget) not in (forms.TextInput, forms.Textarea):
        return mine or theirs
    if not isinstance(bound.field, forms.CharField):
        return mine or theirs
    between = "\n\n" if isinstance(bound.field.widget, forms.Textarea) else " / "
    return between.join(filter(None, (theirs, mine)))


def _shown(bound: BoundField) -> Any:
    """A choice by its label, everything else as it stands in the field."""
    value = _plain(bound.value())
    choices = dict(getattr(bound.field, "choices", ()))
    return choices.get(value, choices.get(str(value), value))


def _plain(value: Any) -> Any:
    return "" if value is None else value.isoformat() if isinstance(value, date) else value
