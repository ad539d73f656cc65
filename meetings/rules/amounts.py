"""Amounts in sentences: in braces, in the company's currency, until a reader is known. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from alignment.rules.money import compact

AMOUNT = re.compile(r"\{(-?[0-9]+(?:\.[0-9]+)?)\}", re.ASCII)


def amounts(sentence: str, *, currency: str, locale: str) -> str:
    """The sentence with its amounts (in braces) formatted for a reader. Other braces are somebody's text."""
    return AMOUNT.sub(
        lambda match: compact(Decimal(match[1]), currency=currency, locale=locale),
        sentence,
    )
