"""What counts as text, and as nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def is_blank(text: str) -> bool:
    """Whether nothing can be seen in the text: white space, zero-width and
    direction marks count as nothing."""
    return not any(unicodedata.category(character)[0] not in "ZC" for character in text)


def typed(text: str) -> str:
    """What a person typed where no form reads it: without blanks around it and without NUL, which no database
    keeps; empty where nothing can be seen."""
    storable = text.replace("\0", "").strip()
    return "" if is_blank(storable) else storable


def first_name(name: str) -> str:
    """ "Joe" of "Joe Keller" and of "Keller, Joe"."""
    family, _, given = name.partition(",")
    return (given.strip() or family.strip()).split(" ")[0]


def join_names(names: Sequence[str]) -> str:
    """ "Tom", "Tom and Joe", "Tom, Joe and Ann"; empty for nobody."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last
