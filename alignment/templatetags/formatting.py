"""Money, dates and durations in templates: the functions of alignment.rules.formatting as filters."""

from django import template
from django.template.defaultfilters import linebreaksbr, urlize

from alignment.rules import formatting
from alignment.rules.periods import RECENT_WEEKS, WEEKS_OF_YEAR

register = template.Library()

for name in (
    *(
        "money",
        "compact",
        "signed",
        "signed_money",
        "percent",
        "times",
        "signed_number",
        "number",
        "measured",
        "minutes_seconds",
    ),
    *("day", "longday", "clock", "when", "iso", "plain"),
):
    register.filter(name, getattr(formatting, name))


register.simple_tag(formatting.compact_apart, name="compact_apart")


@register.filter
def as_typed(text: str) -> str:
    """What a person typed, in its lines; a web address is a link, nothing else is markup.

    Columns of a pasted table stay where the style keeps blanks (class `text`).
    """
    return linebreaksbr(urlize(text))


@register.filter
def with_full_stop(sentence: str) -> str:
    """A sentence that a person typed or we wrote, in the middle of a text: it ends, and never twice."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


@register.simple_tag
def recent_weeks() -> int:
    """Over how many weeks commitments and attendance are measured."""
    return RECENT_WEEKS


@register.simple_tag
def weeks_of_year() -> int:
    """Over how many weeks attendance is measured beside the recent ones."""
    return WEEKS_OF_YEAR
