"""Where the installation refers to a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from alignment.exports.schema import Model, all_models, columns
from alignment.models import User


def references() -> Iterator[tuple[Model, models.ForeignKey[User, User]]]:
    """Every column of the installation that refers to a person."""
    for model in all_models():
        for field in columns(model):
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                yield model, field
