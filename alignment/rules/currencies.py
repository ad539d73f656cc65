"""What currencies and orders of magnitude are called beside figures: "US$", "kr", "Euro", "k€", "TEUR". Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import list_currencies

CURRENCIES = frozenset(list_currencies())
CURRENCIES_IN_USE = frozenset(
    code
    for currencies in get_global("territory_currencies").values()
    for code, _, until, is_tender in currencies
    if is_tender and until is None
)
WORDS = frozenset(
    {"all", "top", "try", "cup", "mad", "pen", "gel", "sos", "won", "sum", "real", "mop", "ran"}
)
"""Codes and names that are also words: in capitals they are codes, otherwise they name no currency."""
UNCLEAR = 0
SCALES = (
    {"k": 1_000, "thousand": 1_000, "thousands": 1_000, "tsd": 1_000, "tsd.": 1_000, "tausend": 1_000}
    | {"m": 1_000_000, "million": 1_000_000, "millions": 1_000_000, "mio": 1_000_000, "mio.": 1_000_000}
    | {"millionen": 1_000_000}
    | dict.fromkeys(
        ("t", "mn", "mill", "mill.", "mm", "b", "bn", "billion", "billions", "mrd", "mrd."), UNCLEAR
    )
    | dict.fromkeys(("milliers", "millier", "miles", "migliaia", "tys", "tys.", "tkr", "mkr"), UNCLEAR)
    | dict.fromkeys(("millones", "milioni", "mln", "mln.", "mld", "mld.", "md", "lakh", "crore"), UNCLEAR)
    | dict.fromkeys(("000", "000s", "'000", "’000", "'000s", "’000s", "1000", "1,000", "1.000"), UNCLEAR)
    | dict.fromkeys(("1'000", "1’000", "1000000", "1,000,000", "1.000.000", "000000"), UNCLEAR)
)
"""What figures beside these words are multiplied by; UNCLEAR where two people may mean different things."""

_LANGUAGES = ("en", "de", "fr")
_BARE = frozenset(
    {"dollar", "euro", "pound", "pfund", "livre", "franc", "franken", "rappen", "krone", "krona", "kronor"}
    | {"kroner", "kronen", "koruna", "yen", "yuan", "renminbi", "rupee", "rupie", "rupien", "peso", "zloty"}
    | {"złoty", "rubel", "ruble", "rouble", "lira", "forint", "dinar", "dirham", "riyal", "shekel", "rand"}
)
"""Names that people use without the country."""
_SIGNS = frozenset(
    {
        "kr",
        "kr.",
        "fr",
        "fr.",
        "sfr",
        "sfr.",
        "zł",
        "kč",
        "ft",
        "lei",
        "rp",
        "rm",
        "r",
        "r$",
        "s/",
        "bs",
        "tl",
    }
    | {"лв", "лв.", "руб", "руб.", "р.", "円", "元", "圆", "원", "rs", "rs.", "rmb", "nt$", "tk", "dh", "sr"}
)
"""Signs in use that English does not write."""
_OWN_SIGNS = {
    "CHF": ("fr", "fr.", "sfr", "sfr."),
    "JPY": ("円", "jp¥"),
    "CNY": ("元", "圆", "rmb"),
    "KRW": ("원",),
    "RUB": ("руб", "руб.", "р."),
    "BGN": ("лв", "лв."),
    "TRY": ("tl",),
    "INR": ("rs", "rs."),
    "DKK": ("kr", "kr."),
    "AUD": ("a$",),
    "CAD": ("c$",),
    "USD": ("u$",),
    "SGD": ("s$",),
    "NAD": ("n$",),
    "JMD": ("j$",),
    "BSD": ("b$",),
    "BND": ("b$",),
    "NIO": ("c$",),
    "TWD": ("nt$",),
}
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands beside figures: the currency as it is written there, empty for none, and what they are
    multiplied by (UNCLEAR: nobody can say).
    """

    currency: str = ""
    scale: int = 1


def read_unit(text: str, *, currency: str = "") -> Unit | None:
    """ "k€", "$", "US dollars", "Mio. EUR", "TEUR"; None for what is no unit. What the company's own `currency`
    is called comes first: "kr", not thousands of something.
    """
    if not text:
        return Unit()
    name = _squeezed(text)
    if not name or _is_named(name, currency):
        return Unit(text.strip()) if name or not text.strip() else None
    for word in sorted(SCALES, key=len, reverse=True):
        for rest in _without(name, word):
            if not rest or _is_named(rest, currency):
                return Unit(rest, SCALES[word])
    return Unit(text.strip()) if _has_sign(name) else None


def is_currency(text: str) -> bool:
    """Whether the text is the code, the sign or the name of a currency."""
    return _is_named(_squeezed(text), "")


def is_called(text: str, currency: str) -> bool:
    """Whether this currency may be written so: "$" is called many, "US$" one."""
    name = _squeezed(text).casefold()
    return name in _names(currency) or name.removesuffix("s") in _bare_names(currency)


@lru_cache(maxsize=1024)
def codes_called(text: str) -> tuple[str, ...]:
    """The codes of every currency that may be written so: one for "A$", several for "kr", none for what is no name."""
    if (code := _squeezed(text).upper()) in CURRENCIES:
        return (code,)
    return tuple(sorted(code for code in CURRENCIES_IN_USE if is_called(text, code)))


def named_by_sign(sign: str, currencies: Iterable[str]) -> str:
    """The one of these currencies that is written with the sign, where several are: "kr" in Norway is NOK."""
    return next((code for code in currencies if is_called(sign, code)), "")


def _squeezed(text: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFC", text) if not sign.isspace() and sign not in _UNSEEN
    )


def _without(name: str, word: str) -> Iterable[str]:
    lower = name.lower()
    if lower.startswith(word):
        yield name[len(word) :].lstrip(".,'’-")
    if lower.endswith(word):
        yield name[: -len(word)].rstrip(".,'’-")


def _is_named(name: str, currency: str) -> bool:
    folded = name.casefold()
    if currency and is_called(name, currency):
        return True
    if folded in WORDS:
        return name.isupper() and name in CURRENCIES
    return folded in _all_names() or folded.removesuffix("s") in _BARE or _is_prefixed_sign(folded)


def _is_prefixed_sign(name: str) -> bool:
    """ "A$", "MX$", "$US", "CN¥": letters of a country and a sign; "k$" is thousands."""
    letters = name.strip("$¥£")
    return (
        letters != name
        and letters not in SCALES
        and letters.isascii()
        and letters.isalpha()
        and len(letters) <= 3
    )


def _has_sign(name: str) -> bool:
    return any(unicodedata.category(sign) == "Sc" for sign in name)


@lru_cache(maxsize=64)
def _names(currency: str) -> frozenset[str]:
    """What a currency is called where it is used: "usd", "$", "us$", "$us", "usdollar"; "sek", "kr"."""
    if not currency:
        return frozenset()
    names = {currency, *(locale.currency_symbols.get(currency, "") for locale in _locales_of(currency))}
    names |= {name[-1] for name in names if name and unicodedata.category(name[-1]) == "Sc"}
    if "$" in names:
        names |= {f"{currency[:2]}$", f"${currency[:2]}", f"{currency}$"}
    names |= {*_OWN_SIGNS.get(currency, ()), *_spoken(currency)}
    return frozenset(_squeezed(name).casefold() for name in names if name)


@lru_cache(maxsize=64)
def _bare_names(currency: str) -> frozenset[str]:
    words = {
        word.casefold().removesuffix("s")
        for name in _spoken(currency)
        for word in name.replace("-", " ").split()
    }
    return frozenset(words & _BARE)


def _spoken(currency: str) -> set[str]:
    """ "US Dollar", "US dollars", "US-Dollar", "dollar des États-Unis"."""
    names = set[str]()
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        plurals = locale._data["currency_names_plural"].get(currency, {})  # noqa: SLF001 no public list of all plurals
        names |= {locale.currencies.get(currency, ""), *plurals.values()}
    return names - {""}


def _locales_of(currency: str) -> Iterable[Locale]:
    """English, and the languages of the country that a currency's code begins with."""
    yield Locale.parse("en")
    for language in get_official_languages(currency[:2], de_facto=True):
        try:
            yield Locale.parse(f"{language}_{currency[:2]}")
        except (UnknownLocaleError, ValueError):
            continue


@lru_cache(maxsize=1)
def _all_names() -> frozenset[str]:
    """Codes, signs and names of all currencies."""
    signs = Locale.parse("en").currency_symbols.values()
    spoken = {name for code in CURRENCIES_IN_USE for name in _spoken(code)}
    names = {_squeezed(name).casefold() for name in (*CURRENCIES, *signs, *spoken)}
    return frozenset((names | _SIGNS) - {""})
