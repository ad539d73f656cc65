"""Filters and tags for agendas."""

from decimal import Decimal

from django import template

from alignment.rules.formatting import HasMoneyFormat
from alignment.rules.money import compact
from meetings.agenda.agenda import Agenda
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import Update
from meetings.rules.amounts import amounts

register = template.Library()


@register.filter
def spoken(sentence: str, m: HasMoneyFormat) -> str:
    """A headline with its amounts formatted for the reader: “The gap grew to $212K.”"""
    return amounts(sentence, currency=m.currency, locale=m.locale)


@register.filter
def update_by(row: Row | AgendaSection, side: str) -> Update | None:
    """One side's update on an item or a section."""
    return row.words_of(side)


@register.inclusion_tag("meetings/lede.html")
def lede(agenda: Agenda, m: HasMoneyFormat) -> dict[str, object]:
    """The headline with its amounts highlighted, the gap in red."""
    first, *others = agenda.headline.split("{")
    parts = [(Decimal(amount), text) for amount, _, text in (part.partition("}") for part in others)]
    revenue = agenda.revenue
    missing = -revenue.gap if revenue.behind and revenue.gap is not None else None
    return {
        "first": first,
        "parts": [
            (
                compact(amount, currency=m.currency, locale=m.locale),
                "bad num" if amount == missing else "num",
                text,
            )
            for amount, text in parts
        ],
    }
