"""Columns of a union that one of its queries does not have: a text that is the same in every row, or nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Field, Value
from django.db.models.functions import Cast


def constant(text: str) -> Value:
    return Value(text, output_field=CharField())


def empty(of: Field[Any, Any]) -> Cast:
    """NULL of that type: PostgreSQL asks for the same type in every query."""
    return Cast(Value(None), output_field=of)
