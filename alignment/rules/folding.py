"""How names and texts are compared, searched and ordered: in Python alone, so that both databases do it alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ACCENT = re.compile("[\N{COMBINING GRAVE ACCENT}-\N{COMBINING LATIN SMALL LETTER X}]")
_SIGN = re.compile(r"[^\w\s]")
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Choose between two looks of the sign before them."""
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that look like others with a stroke, but that Unicode does not take apart."""


def fold(text: str) -> str:
    """The form in which two names are the same: whatever the case, the width of letters, invisible signs, blanks."""
    return " ".join(_fold(text).split())


def unaccented(text: str) -> str:
    """The folded text without accents: what is searched, and searched for."""
    return " ".join(_unaccented(text).split())


def search_key(*texts: str) -> str:
    """What is stored beside names and texts to search and to order them.

    It sorts “Österreich” beside “Osterode”, finds it for “oster” and “Öster”, and is the same for two names
    only if they fold to the same.
    """
    return "\n".join(_search_key(text) for text in texts)


def positions(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where a pattern for unaccented text matches in the text as it is written, accents that follow a letter
    included.
    """
    if not pattern.search(_unaccented(text)):
        return
    letters = [(sign, at) for at, char in enumerate(text) for sign in _unaccented(char)]
    for match in pattern.finditer("".join(sign for sign, _ in letters)):
        following = letters[match.end()][1] if match.end() < len(letters) else len(text)
        yield letters[match.start()][1], max(following, letters[match.end() - 1][1] + 1)


def _search_key(text: str) -> str:
    folded, plain = fold(text), unaccented(text)
    return plain if plain == folded else f"{plain}\t{folded}"


def _fold(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.lower()
    # A second time, because folding may leave signs that the normal form knows in one piece.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SIGN.sub(_visible, folded)


def _visible(sign: re.Match[str]) -> str:
    char = sign[0]
    category = "Cf" if char in _SELECTORS else unicodedata.category(char)
    return " " if category == "Cc" else "" if category == "Cf" else char


def _unaccented(text: str) -> str:
    folded = _fold(text)
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFD", folded.translate(_PLAIN))
    return unicodedata.normalize("NFC", _ACCENT.sub("", apart))
