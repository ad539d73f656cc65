"""For the text of a mail: `{% paragraph %}` begins a paragraph and `{% line %}` a line; nothing else does."""

from django import template

from alignment.outbox.plain_text import LINE, PARAGRAPH, keep_lines

register = template.Library()
register.filter("keep_lines", keep_lines)


@register.simple_tag
def line() -> str:
    return LINE


@register.simple_tag
def paragraph() -> str:
    return PARAGRAPH
