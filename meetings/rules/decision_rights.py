"""Who decides what: the rights a sales leader has, and whether a question lies within one of them. Pure.

A question is answered only where nothing about it is open: it asks, it names one right, and the one figure in it is
that right's and within its limit. Everything else is for the CEO.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum


class RightKind(StrEnum):
    DISCOUNT = "discount"
    TERMS = "terms"
    UNPAID = "unpaid"
    PEOPLE = "people"
    SPENDING = "spending"
    EXCEPTIONS = "exceptions"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def position(self) -> int:
        """Its place on a page."""
        return list(RightKind).index(self)

    @property
    def is_limit(self) -> bool:
        """Whether it goes up to a figure; otherwise it is said in words."""
        return self in (self.DISCOUNT, self.TERMS, self.UNPAID, self.SPENDING)


LABELS = {
    RightKind.DISCOUNT: "Discounts",
    RightKind.TERMS: "Payment terms",
    RightKind.UNPAID: "Unpaid work",
    RightKind.PEOPLE: "Hiring and dismissal",
    RightKind.SPENDING: "Spending",
    RightKind.EXCEPTIONS: "Exceptions to a customer",
}


@dataclass(frozen=True, slots=True)
class Right:
    """`limit` in per cent, days or money; None where the right is said in words, or nothing is the leader's."""

    kind: RightKind
    limit: Decimal | None = None
    text: str = ""
    currency: str = ""

    @property
    def is_leaders(self) -> bool:
        return self.limit is not None or bool(self.text)

    @property
    def up_to(self) -> str:
        """ "up to 15%", or the words; empty where the CEO decides. Money in braces, as in the headline."""
        if self.limit is None:
            return self.text
        number = f"{self.limit.normalize():f}"
        return {
            RightKind.DISCOUNT: f"up to {number}%",
            RightKind.SPENDING: f"up to {{{number}}}",
        }.get(self.kind, f"up to {number} day{'' if number == '1' else 's'}")

    @property
    def in_words(self) -> str:
        return f"{self.kind.label}: {self.up_to or 'the CEO decides'}"


NAMES: dict[RightKind, re.Pattern[str]] = {
    RightKind.DISCOUNT: re.compile(r"\b(discounts?|rebates?|price cuts?|off the (list )?price)\b"),
    RightKind.TERMS: re.compile(r"\b(payment terms?|days to pay|net \d+|terms of payment)\b"),
    RightKind.UNPAID: re.compile(r"\b(unpaid|free of charge|without charge|for free|free work)\b"),
    RightKind.PEOPLE: re.compile(r"\b(hire|hiring|dismiss\w*|fire|let go)\b"),
    RightKind.SPENDING: re.compile(r"\b(spend|spending|budget|expenses?)\b"),
    RightKind.EXCEPTIONS: re.compile(r"\b(exceptions?|exempt\w*)\b"),
}
ASKS = re.compile(
    r"\b(may|can|could|should|shall) (i|we)\b|\bok(ay)? to\b|\bam i allowed\b|\bare we allowed\b"
)
OPEN_ENDED = re.compile(
    r"\b(more than|over|above|beyond|at least|not|no|never|unless|every|each|per|another|additional|extra|again)\b"
    r"|n['’]t\b|[<>≥≤+–-]\s*\d|\d\s*[–+-]|\d\s*(m|mn|mio|million|bn|billion|thousand|tsd)\b"
)
SIGNS = {"$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"), "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY")}
CODE = re.compile(r"\b(usd|cad|aud|nzd|sgd|hkd|eur|gbp|jpy|cny|chf|sek|nok|dkk|pln|inr)\b")
NUMBER = re.compile(r"\d[\d.,'’]*\d|\d")
UNITS = {
    RightKind.DISCOUNT: re.compile(r"(\d+(?:[.,]\d{1,2})?)\s?(?:%|per ?cent\b)"),
    RightKind.TERMS: re.compile(r"\bnet (\d+)\b(?! ?days)|(\d+)[ -]days?\b|\bnet (\d+) days\b"),
    RightKind.UNPAID: re.compile(r"(\d+)[ -](?:person[ -])?days?\b"),
    RightKind.SPENDING: re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)\s?(k\b)?"),
}


def right_within(text: str, rights: Iterable[Right], *, is_question: bool) -> Right | None:
    """The right that a text asks about and stays within; None where anything about that is uncertain."""
    words = " ".join(text.casefold().split())
    if not (is_question or words.endswith("?")) or not ASKS.search(words) or OPEN_ENDED.search(words):
        return None
    named = [kind for kind, pattern in NAMES.items() if pattern.search(words)]
    if len(named) != 1 or not named[0].is_limit:
        return None
    right = next((right for right in rights if right.kind == named[0]), None)
    figure = _only_figure(words, named[0])
    if right is None or right.limit is None or figure is None or _names_other_money(words, right.currency):
        return None
    return right if 0 < figure <= right.limit else None


def _names_other_money(words: str, currency: str) -> bool:
    signs = (currency in codes for sign, codes in SIGNS.items() if sign in words)
    codes = (code.upper() == currency for code in CODE.findall(words))
    return bool(currency) and not all((*signs, *codes))


def _only_figure(words: str, kind: RightKind) -> Decimal | None:
    """The figure in the unit of the right, where the text has no other figure."""
    matches = list(UNITS[kind].finditer(words))
    if len(matches) != 1 or len(NUMBER.findall(words)) != 1:
        return None
    number, *more = [group for group in matches[0].groups() if group]
    try:
        figure = Decimal(number.replace(",", "") if kind == RightKind.SPENDING else number.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the patterns let only numbers through
        return None
    return figure * 1000 if more else figure
