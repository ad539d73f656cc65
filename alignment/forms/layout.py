"""How the fields of a form stand on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django import forms
from django.forms import BoundField
from django.forms.forms import BaseForm


class Laid(BaseForm):
    """A form that says in which order and beside what its fields stand; components/form.html reads `rows`."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Fields in the order of the page; those in one tuple stand side by side."""

    @property
    def rows(self) -> Iterator[list[BoundField]]:
        """The visible fields as the page lays them out."""
        left = {bound.name: bound for bound in self.visible_fields()}
        for names in self.layout or tuple((name,) for name in left):
            if row := [left.pop(name) for name in names if name in left]:
                yield row
        yield from ([bound] for bound in left.values())


class Question(Laid, forms.Form):
    """What a step asks first: how it ended, why it is dropped."""
