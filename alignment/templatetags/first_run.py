"""What the sign-in page says to whoever runs an empty installation."""

from django import template

from alignment.company import creation

register = template.Library()


@register.simple_tag
def nothing_is_set_up() -> bool:
    """One question, asked by the sign-in page alone."""
    return creation.is_empty()
