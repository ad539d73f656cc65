"""Who decides what: the rights a sales leader has, and whether a question lies within one of them. Pure.

A question is answered only where nothing about it is open: it asks, it names one right, and the one figure in it is
that right's, whole and within its limit. Everything else is for the CEO.
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
    r"\b(more|over|above|beyond|at least|from|min|minimum|upwards?|about|around|approximately|roughly|almost|nearly"
    r"|not|no|never|unless|after|end of|eom"
    r"|another|additional|addition|extra|again|further|by|on top|top up|double|twice|triple|times"
    r"|extend\w*|extension|increas\w*|rais\w*|lengthen\w*|prolong\w*|current\w*|existing|already"
    r"|every\w*|each|all|both|per(?! ?cent\b)|an? (day|week|month|quarter|year)|dai?ly|weekly|monthly|quarterly"
    r"|yearly|annual\w*"
    r"|and|or|plus|also|too|as well|besides|with|including|then|points?|several|many|multiple|few|couple"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?"
    r"|grand|lakhs?|lacs?|crores?)\b"
    r"|n['’]t\b|[<>≥≤+–—~-]\s*\d|\d\s*[–—+/-]|\d\s*(m|mm|mn|mio|bn|tsd)\b|\bp\.\s?a\b|[&/]"
)
"""What may make the figure another one than it says: added to something, said again and again, or one of several."""
SIGNS = {"$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"), "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY")}
OTHER_SIGN = re.compile(r"[₹₽₩₺₪₫₴฿₦₱]")
CODE = re.compile(
    r"\b(usd|cad|aud|nzd|sgd|hkd|eur|gbp|jpy|cny|chf|sek|nok|dkk|pln|inr|brl|mxn|zar|rub|krw|huf|czk|ron|aed|ils|thb)\b"
)
MONEY_NAMES = {
    re.compile(r"\b(dollars?|bucks)\b"): SIGNS["$"],
    re.compile(r"\beuros?\b"): ("EUR",),
    re.compile(r"\b(pounds?|sterling|quid)\b"): ("GBP",),
    re.compile(r"\byen\b"): ("JPY",),
    re.compile(r"\b(yuan|renminbi|rmb)\b"): ("CNY",),
    re.compile(r"\bfrancs?\b"): ("CHF",),
    re.compile(r"\bkron[aeo]r?\b"): ("SEK", "NOK", "DKK"),
    re.compile(r"\brupees?\b"): ("INR",),
    re.compile(r"\bzlot\w*\b"): ("PLN",),
    re.compile(r"\b(rubles?|roubles?|pesos?|reais|rands?|liras?|forints?|dirhams?|bahts?|shekels?)\b"): (),
}
NOT_MONEY = re.compile(r"%|\b(per ?cent|(day|week|month|quarter|year|hour)s?)\b")
NUMBER = re.compile(r"\d[\d.,'’]*\d|\d")
BEGINS = r"(?<![^\s(“\"])"
ENDS = r"(?=$|[\s?!.,;:)”\"])(?![.,]\d)"
UNITS = {
    RightKind.DISCOUNT: re.compile(rf"{BEGINS}(\d+(?:[.,]\d{{1,2}})?)\s?(?:%|per ?cent){ENDS}"),
    RightKind.TERMS: re.compile(rf"{BEGINS}(?:net (\d+)(?: days)?|(\d+) days?){ENDS}"),
    RightKind.UNPAID: re.compile(rf"{BEGINS}(\d+) (?:person[ -])?days?{ENDS}"),
}
AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)"


def _unit_of(kind: RightKind, currency: str) -> re.Pattern[str]:
    """The whole of a figure in the unit of the right. An amount has the sign or the code of its currency, or a k."""
    if kind != RightKind.SPENDING:
        return UNITS[kind]
    signs = "".join(sign for sign, codes in SIGNS.items() if currency in codes)
    mark = f"(?:{re.escape(currency.casefold())}|[{signs}])" if signs else re.escape(currency.casefold())
    k = r"(\s?k)"
    forms: tuple[str, ...] = (rf"{mark}\s?{AMOUNT}{k}?", rf"{AMOUNT}{k}", rf"{AMOUNT}{k}?\s{mark}")
    if signs:
        forms = (*forms, rf"{AMOUNT}{k}?[{signs}]")
    return re.compile(rf"{BEGINS}(?:{'|'.join(forms)}){ENDS}")


def right_within(text: str, rights: Iterable[Right], *, is_question: bool) -> Right | None:
    """The right that a text asks about and stays within; None where anything about that is uncertain."""
    words = " ".join(text.casefold().split())
    if not (is_question or words.endswith("?")) or not ASKS.search(words) or OPEN_ENDED.search(words):
        return None
    named = [kind for kind, pattern in NAMES.items() if pattern.search(words)]
    if len(named) != 1 or not named[0].is_limit:
        return None
    right = next((right for right in rights if right.kind == named[0]), None)
    if right is None or right.limit is None or _is_other_money(words, right):
        return None
    figure = _only_figure(words, right)
    return right if figure is not None and 0 < figure <= right.limit else None


def _is_other_money(words: str, right: Right) -> bool:
    """Whether an amount may be one of another currency, or none of money."""
    if right.kind != RightKind.SPENDING:
        return False
    signs = (right.currency in codes for sign, codes in SIGNS.items() if sign in words)
    names = (right.currency in codes for name, codes in MONEY_NAMES.items() if name.search(words))
    codes = (code.upper() == right.currency for code in CODE.findall(words))
    is_own = bool(right.currency) and all((*signs, *names, *codes)) and not OTHER_SIGN.search(words)
    return not is_own or NOT_MONEY.search(words) is not None


def _only_figure(words: str, right: Right) -> Decimal | None:
    """The figure in the unit of the right, where the text has no other figure."""
    matches = list(_unit_of(right.kind, right.currency).finditer(words))
    if len(matches) != 1 or len(NUMBER.findall(words)) != 1:
        return None
    number, *more = [group for group in matches[0].groups() if group]
    is_amount = right.kind == RightKind.SPENDING
    try:
        figure = Decimal(number.replace(",", "") if is_amount else number.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the patterns let only numbers through
        return None
    return figure * 1000 if more else figure
