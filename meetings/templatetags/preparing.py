"""What only the fields of the prepare page need."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def plain(value: Decimal | None) -> str:
    """A number as it is typed, without grouping: "1250.5"; blank for None. Read back the same in any locale."""
    return "" if value is None else f"{value:f}".removesuffix(".00")
