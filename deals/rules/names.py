"""When part of a name is enough to find it. Pure."""

from __future__ import annotations

from alignment.rules.folding import unaccented


def has_word(name: str, beginning: str) -> bool:
    """Whether a word of the name begins so, whatever the case and accents: “Tessaro” in “New Tessaro deck”."""
    typed = unaccented(beginning)
    return bool(typed) and f" {typed}" in f" {unaccented(name)}"
