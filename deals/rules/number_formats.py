"""What a workbook's number format shows beside a number: a currency, thousands, per cent. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from locale import windows_locale

from babel.numbers import get_territory_currencies
from openpyxl.styles.numbers import BUILTIN_FORMATS

from alignment.rules.currencies import named_by_sign, read_unit

PERCENTAGE = "is a percentage, not an amount"
NOT_IN_FULL = "is shown as thousands or millions by its number format; write the amount in full"

_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<sign>[^\]-]*)(?:-(?P<country>[^\]]*))?\]|\[[^\]]*\]|[_*].'
    r"|General|(?P<figures>[#0?.,@]+)|E[+-]|(?P<plain>[^\s])",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`currency` is what the format names; `problem` is why the number is no amount."""

    currency: str = ""
    problem: str = ""


@lru_cache(maxsize=1024)
def describe(code: str) -> NumberFormat:
    """The formats that every workbook has show whatever currency the reader's computer uses: they name none."""
    if "%" in code:
        return NumberFormat(problem=PERCENTAGE)
    if code in BUILTIN_FORMATS.values():
        return NumberFormat()
    parts = list(_PART.finditer(code))
    currency = problem = ""
    is_scaled = any(match["figures"] and match["figures"].endswith(",") for match in parts)
    for text in _texts(parts):
        unit = read_unit(text)
        if unit and unit.currency:
            currency = currency or unit.currency
        if unit and unit.scale != 1 and not is_scaled:
            problem = NOT_IN_FULL
    return NumberFormat(currency, problem)


def _texts(parts: list[re.Match[str]]) -> Iterator[str]:
    """What the format writes beside the figures, word by word; a sign with its country as a code."""
    text = ""
    for match in parts:
        if match["sign"] is not None:
            yield _code_of(match["sign"].strip(), match["country"] or "") if match["sign"].strip() else ""
        elif match["quoted"] or match["escaped"] or match["plain"]:
            text += match["quoted"] or match["escaped"] or match["plain"]
            continue
        yield from _words(text)
        text = ""
    yield from _words(text)


def _words(text: str) -> Iterator[str]:
    yield from [text] if read_unit(text) else re.split(r"[\s/();:]+", text)


def _code_of(sign: str, country: str) -> str:
    """ "$" in Canada is CAD: [$$-1009] or [$$-en-CA]; the sign itself where the country does not tell."""
    if sign == "€":
        return sign
    try:
        name = windows_locale.get(int(country, 16) & 0xFFFF, "")
    except ValueError:
        name = country
    territory = re.split(r"[-_]", name)[-1].upper()
    return named_by_sign(sign, get_territory_currencies(territory)) or sign if len(territory) == 2 else sign
