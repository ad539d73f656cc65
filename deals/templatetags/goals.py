"""A line of figures in the grid of goals. Markup made here and not in a partial: the page may hold a hundred."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from deals.goals.grid import Beside

register = template.Library()


@register.simple_tag
def goals_line(line: Beside) -> SafeString:
    """What stands beside a team's goals, or below all of them."""
    return mark_safe(  # noqa: S308  # every text put in is escaped where it is put in
        f'<tr class="goals-line"><th scope="row">{escape(line.label)}</th>{"".join(_cells(line))}'
        f'<td class="num sum" data-label="Year">{escape(line.year)}</td></tr>'
    )


def _cells(line: Beside) -> Iterator[str]:
    for name, amounts, total in line.quarters:
        yield from (f'<td class="num">{escape(amount)}</td>' for amount in amounts)
        yield f'<td class="num sum" data-label="{escape(name)}">{escape(total)}</td>'
