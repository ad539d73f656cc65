"""What only an agenda needs in templates."""

from django import template

from alignment.templatetags.figures import HasMoneyFormat
from meetings.agenda.headline import amounts
from meetings.agenda.values import Chapter, Row, Words

register = template.Library()


@register.filter
def spoken(sentence: str, m: HasMoneyFormat) -> str:
    """A headline with its amounts written for the reader: “The gap grew to $212K.”"""
    return amounts(sentence, currency=m.currency, locale=m.locale)


@register.filter
def said_by(row: Row | Chapter, side: str) -> Words | None:
    """One side's words on an item or a section."""
    return row.words_of(side)
