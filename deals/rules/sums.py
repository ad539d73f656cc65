"""Which cells name a sum: "Total", "Zwischensumme", "EMEA Ergebnis". What else a row has says whether it is one.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = "|".join(
    (
        r"(?:grand |sub[ -]?)?totals?|sums?|overall(?: total)?",
        r"(?:gesamt|zwischen|teil|end|jahres)?(?:summen?|ergebnis)|gesamt(?:betrag|wert)?|insgesamt",
        r"total(?:es)? g[ée]n[ée]ra(?:l|ux)|sous[ -]?tota(?:l|ux)|sommes?|ensemble",
        r"(?:sub)?total[ei](?: complessiv[oi]| general[ei])?|somma|sumas?(?: total)?|total(?:es)? general(?:es)?",
        r"(?:eind|sub)?totaal|(?:del|total)?summa|totalt|i alt|sum[ae] (?:częściowa|końcowa)|razem|celkem|összesen",
        r"итого|всего|toplam|合計|小計|総計|总计|小计|합계|총계",
    )
)
_EXACT = re.compile(rf"(?:{_WORDS})\s*[:.]?(?:\s*\(.*\))?", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:{_WORDS})[\s:(].*", re.IGNORECASE)
_ENDS = re.compile(rf".*[\s:–—-](?:{_WORDS})[:.]?", re.IGNORECASE)


def is_sum_word(text: str) -> bool:
    """Whether the cell is a word for a sum and nothing else: "Summe:", "Grand Totals (2 records)"."""
    return bool(_EXACT.fullmatch(text))


def labels_sum(text: str) -> bool:
    """The same, also with what it sums up: "Total EMEA", "EMEA Ergebnis"."""
    return any(pattern.fullmatch(text) for pattern in (_EXACT, _BEGINS, _ENDS))


def seems_sum(cells: Sequence[str]) -> bool:
    """Whether the first of a row's cells that has text labels a sum, or any other is a word for one."""
    first = next((cell for cell in cells if cell), "")
    return labels_sum(first) or any(map(is_sum_word, cells))
