"""Where a text mentions a person, however their name or address is written there.

A text is read sign by sign: without case, accents and width, an escaped sign (“%40”, “\\u00fc”, “&uuml;”) as the
sign it stands for. Names and addresses become patterns over what was read, so that a match leads back to the
text as it is written.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import unquote

from django.utils.text import slugify

from alignment.rules.folding import unaccented

_ESCAPE = r"\\u[0-9a-fA-F]{4}|\\[nrt]|(?:%[0-9a-fA-F]{2})+|&\#?\w+;"
_ESCAPED, _SIGN = re.compile(_ESCAPE), re.compile(rf"{_ESCAPE}|.", re.DOTALL)
_NO_LETTER = re.compile(r"[\W_]+")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_APOSTROPHES = frozenset("'`´\u2018\u2019\u201b\u02bc\uff07")
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")
_INVISIBLE = "\N{ZERO WIDTH SPACE}"
"""Stands for every sign that is not seen, soft hyphens too."""

_BREAK = rf"(?:{_INVISIBLE}|-?\n[ \t]?)*"
"""Between two letters of one word: nothing that is seen, or the end of a line."""
_GAP = rf"(?:[\s{_INVISIBLE}]+|\s*-\s*|[_.+])"
"""Between two words of a name: as in a sentence, in an address of a page or in the name of a file."""
_COMMA = rf"(?:\s*\\?,\s*|{_GAP})"
"""After the last name, when it comes first."""


@dataclass(frozen=True)
class Mentions:
    """Finds a person by any of these names and addresses.

    What another person may be called as well (`others`, `other_addresses`) is no mention: it is unclear who is
    meant. Nor is a name of one word (“Max”) that is only a part of a text.
    """

    names: frozenset[str]
    addresses: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    other_addresses: frozenset[str] = frozenset()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each mention in the text, from first to last."""
        patterns = self._patterns
        squeezed = letters(text)
        if not any(key in squeezed for key in patterns.keys):
            return []
        read = list(_read(text))
        plain = "".join(sign for sign, _ in read)
        starts = [*(start for _, start in read), len(text)]
        if patterns.whole.fullmatch(plain) and not patterns.theirs.fullmatch(plain):
            return [(0, len(text))]
        theirs = [match.span() for match in patterns.theirs.finditer(plain)]
        return [
            (starts[start], starts[end])
            for start, end in (match.span() for match in patterns.mine.finditer(plain))
            if not any(first <= start and end <= last for first, last in theirs)
        ]

    def replaced(self, text: str, instead: str) -> str:
        for start, end in reversed(self.spans(text)):
            text = text[:start] + instead + text[end:]
        return text

    @cached_property
    def _patterns(self) -> _Patterns:
        names = {spelling for name in self.names for spelling in spellings(name)}
        others = {
            spelling
            for name in self.others
            for spelling in spellings(name)
            if any(set(_pieces(spelling)) & set(_pieces(mine)) for mine in names)
        }
        locals_ = {_local(address) for address in self.addresses}
        addresses = {address for address in self.other_addresses if _local(address) in locals_}
        mine = [*_of_all(_forms, names), *_of_all(_address_forms, self.addresses)]
        theirs = [*_of_all(_forms, others), *map(_exact_address, addresses)]
        return _Patterns(
            keys=frozenset({letters(name.split()[-1]) for name in names} | set(map(letters, locals_))) - {""},
            mine=_any(mine),
            theirs=_any([*theirs, *_of_all(_whole_forms, others)]),
            whole=_any(_of_all(_whole_forms, names)),
        )


@dataclass(frozen=True)
class _Patterns:
    keys: frozenset[str]
    """One of these letters is in every text with a mention: asked first, because most texts have none."""
    mine: re.Pattern[str]
    theirs: re.Pattern[str]
    """Others who have something of the name or address: “Joe Keller-Smith” is not Joe Keller."""
    whole: re.Pattern[str]


def spellings(name: str) -> set[str]:
    """The name, first name first; with its umlauts written out (“Müller”, “Mueller”), and as addresses of pages
    have it (“Groß”, “gro”)."""
    last, _, first = unicodedata.normalize("NFKC", name).lower().partition(",")
    composed = f"{first} {last}".strip()
    all_of_it = len(slugify(composed).split("-")) == len(_pieces(composed))
    written = {composed, composed.translate(_WRITTEN_OUT)} | (
        {slugify(composed).replace("-", " ")} if all_of_it else set()
    )
    words = ([word for word in _folded(spelling).split() if letters(word)] for spelling in written)
    return {" ".join(spelling) for spelling in words if spelling}


def letters(text: str) -> str:
    """The letters and digits of a text alone."""
    plain = unaccented(_ESCAPED.sub(lambda escape: _unescaped(escape[0]), text))
    return _NO_LETTER.sub("", plain if plain.isascii() else unicodedata.normalize("NFD", plain))


def _forms(name: str) -> Iterator[str]:
    """“joe keller”, “keller, joe”, “j. keller”, “keller, j.”; with a middle name also “joe h. keller”."""
    words = name.split()
    if len(words) > 1:
        yield _GAP.join(map(_word, words)) + "s?"
        yield r"\s+".join(map(re.escape, words))
    for cut in range(1, len(words)):
        first, last = words[:cut], words[cut:]
        initials = list(map(_initial, first))
        family = _GAP.join(map(_word, last))
        yield family + _COMMA + _GAP.join(map(_word, first))
        for short in {r"\s*".join(initials), initials[0]}:
            yield rf"{short}{_GAP}?{family}s?"
            yield rf"{family}{_COMMA}{short}"
    if len(words) > 2:
        middle = r"\s*".join(map(_initial, words[1:-1]))
        yield rf"{_word(words[0])}{_GAP}(?:{middle}\s*)?{_word(words[-1])}s?"


def _whole_forms(name: str) -> Iterator[str]:
    """A name of one word, as a whole text."""
    if " " not in name:
        yield rf"\W*{_word(name)}\W*"


def _word(word: str) -> str:
    return rf"(?:{_GAP}|')?".join(_BREAK.join(map(re.escape, piece)) for piece in _pieces(word))


def _initial(word: str) -> str:
    """“a.”, and “a.-m.” for “anne-marie”."""
    first, *others = (re.escape(piece[0]) + r"\." for piece in _pieces(word))
    return first + "".join(rf"(?:\s*-?\s*{other})?" for other in others)


def _pieces(name: str) -> list[str]:
    return [piece for word in name.split() for piece in _NO_LETTER.split(word) if piece]


def _address_forms(address: str) -> Iterator[str]:
    """With whatever the mailbox adds after a plus; its domain in both forms of international domains."""
    domain = re.escape(".").join(map(_label, address.rpartition("@")[2].split(".")))
    yield rf"(?<!\w[.+-]){_BREAK.join(map(re.escape, _local(address)))}(?:\+[\w.+-]*)?{_BREAK}@{_BREAK}{domain}"


def _exact_address(address: str) -> str:
    return _BREAK.join(map(re.escape, _folded(address.lower())))


def _local(address: str) -> str:
    """What is before the plus and the domain."""
    return _folded(address.rpartition("@")[0].partition("+")[0] or address.rpartition("@")[0])


def _label(label: str) -> str:
    """One part of a domain, in letters and as it is written in ASCII."""
    written = unicodedata.normalize("NFC", label.lower())
    try:
        if written.startswith("xn--"):
            both = [written, written[4:].encode().decode("punycode")]
        else:
            both = [written, "xn--" + written.encode("punycode").decode()]
    except UnicodeError:
        both = [written]
    return "(?:" + "|".join(_BREAK.join(map(re.escape, _folded(form))) for form in both) + ")"


def _of_all(forms: Callable[[str], Iterator[str]], texts: Iterable[str]) -> list[str]:
    return [form for text in texts for form in forms(text)]


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of them as a whole, the longest first; without one, what never matches."""
    longest = sorted(patterns, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)" if longest else r"(?!)")


def _folded(text: str) -> str:
    return "".join(sign for sign, _ in _read(text) if sign != _INVISIBLE)


def _read(text: str) -> Iterator[tuple[str, int]]:
    """Every sign of the text as it is compared, and where it begins."""
    for match in _SIGN.finditer(text):
        for char in _unescaped(match[0]):
            for sign in _compared(char):
                yield sign, match.start()


def _unescaped(written: str) -> str:
    if len(written) == 1:
        return written
    if written[0] == "\\":
        return str(json.loads(f'"{written}"'))
    return unquote(written) if written[0] == "%" else html.unescape(written)


@cache
def _compared(char: str) -> str:
    """Signs of one kind are the same: blanks, ends of lines, hyphens, apostrophes, those that are not seen."""
    if char in _LINE_ENDS:
        return "\n"
    if char in _APOSTROPHES:
        return "'"
    category = unicodedata.category(char)
    if category == "Pd":
        return "-"
    if char.isspace():
        return " "
    if category in ("Cf", "Cc"):
        return _INVISIBLE
    return unicodedata.normalize("NFD", unaccented(char))
