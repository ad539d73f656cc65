"""What only an agenda needs in templates."""

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from alignment.money import compact
from alignment.templatetags.figures import HasMoneyFormat
from meetings.agenda.chapters import Agenda, Chapter
from meetings.agenda.headline import amounts
from meetings.agenda.values import Row, Words

register = template.Library()


@register.filter
def spoken(sentence: str, m: HasMoneyFormat) -> str:
    """A headline with its amounts written for the reader: “The gap grew to $212K.”"""
    return amounts(sentence, currency=m.currency, locale=m.locale)


@register.filter
def said_by(row: Row | Chapter, side: str) -> Words | None:
    """One side's words on an item or a section."""
    return row.words_of(side)


@register.filter
def lede(agenda: Agenda, m: HasMoneyFormat) -> SafeString:
    """The headline with its amounts set apart, red where they are a gap."""
    kind = "bad num" if agenda.revenue.behind else "num"
    head, *rest = agenda.headline.split("{")
    parts = [(amount, tail) for amount, _, tail in (part.partition("}") for part in rest)]
    return format_html("{}{}", head, format_html_join("", '<b class="{}">{}</b>{}', (
        (kind, compact(Decimal(amount), currency=m.currency, locale=m.locale), tail) for amount, tail in parts
    )))  # fmt: skip
