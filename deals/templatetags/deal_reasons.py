"""The kinds of reason as options of a select, for forms that are written by hand."""

from typing import Any

from django import template

from deals.rules.reasons import ReasonFor, grouped_choices

register = template.Library()


@register.simple_tag
def reason_groups(reason_for: str) -> list[Any]:
    """Each side with its kinds: `reason_for` is push, won or lost."""
    return grouped_choices(ReasonFor(reason_for))
