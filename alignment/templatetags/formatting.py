"""Money, dates and durations in templates: the functions of alignment.rules.formatting as filters."""

from django import template

from alignment.rules import formatting
from alignment.rules.periods import RECENT_WEEKS, WEEKS_OF_YEAR

register = template.Library()

for name in (
    *("money", "compact", "signed", "percent", "signed_number", "number", "measured", "minutes_seconds"),
    *("day", "longday", "clock", "when", "iso"),
):
    register.filter(name, getattr(formatting, name))


register.simple_tag(formatting.compact_apart, name="compact_apart")


@register.simple_tag
def recent_weeks() -> int:
    """Over how many weeks commitments and attendance are measured."""
    return RECENT_WEEKS


@register.simple_tag
def weeks_of_year() -> int:
    """Over how many weeks attendance is measured beside the recent ones."""
    return WEEKS_OF_YEAR
