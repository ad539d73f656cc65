"""What only an agenda needs in templates."""

from django import template

from alignment.templatetags.figures import HasMoneyFormat
from meetings.agenda.headline import amounts

register = template.Library()


@register.filter
def spoken(sentence: str, m: HasMoneyFormat) -> str:
    """A headline with its amounts written for the reader: “The gap grew to $212K.”"""
    return amounts(sentence, currency=m.currency, locale=m.locale)
