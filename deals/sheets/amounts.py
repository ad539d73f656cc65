"""What a person wrote as an amount: money, nothing, or a sentence on why it is neither. Pure."""

from __future__ import annotations

from decimal import Decimal

from alignment.money import UNREADABLE, BadAmount, parse_amount
from deals.imports import cells
from deals.imports.cells import BadCell, shown

NOTHING = frozenset({"", "-", "–", "—"})


def goal(text: str, *, locale: str, currency: str) -> Decimal | None:
    """None where nothing is said. Raises BadCell with the end of a sentence that began with the place."""
    return amount(text, locale=locale, currency=currency, negative="and a goal is zero or more")


def amount(text: str, *, locale: str, currency: str, negative: str) -> Decimal | None:
    """`negative` says what to do about an amount below zero."""
    plain = text.strip()
    if plain in NOTHING:
        return None
    try:
        return cells.amount(plain, locale=locale, currency=currency)
    except BadCell as wrong:
        raise BadCell(_why(plain, locale, wrong, negative)) from wrong


def _why(text: str, locale: str, wrong: BadCell, negative: str) -> str:
    cause = wrong.__cause__
    if not isinstance(cause, BadAmount):
        return str(wrong)
    if str(cause) == UNREADABLE:
        return f"“{shown(text)}” is not an amount"
    try:
        parse_amount(text, locale=locale, allow_negative=True)
    except BadAmount:
        return str(wrong)
    return f"“{shown(text)}” is below zero, {negative}"
