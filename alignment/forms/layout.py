"""The layout of a form's fields on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django import forms
from django.forms import BoundField
from django.forms.forms import BaseForm


class Laid(BaseForm):
    """A form that lays its fields out in rows; components/form.html reads `rows`."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Fields in the order of the page; those in one tuple share a row."""
    unmarked: ClassVar[tuple[str, ...]] = ()
    """Fields that are not required and yet not called optional: one of several is, or a hint says when."""

    @property
    def rows(self) -> Iterator[list[BoundField]]:
        """The visible fields as the page lays them out."""
        left = {bound.name: bound for bound in self.visible_fields()}
        for names in self.layout or tuple((name,) for name in left):
            if row := [left.pop(name) for name in names if name in left]:
                yield row
        yield from ([bound] for bound in left.values())


class Question(Laid, forms.Form):
    """A form of its own, without a model: the questions a step asks."""
