from __future__ import annotations

from collections.abc import Sequence
from random import Random


class Deck:
    """Sentences drawn like cards: none comes again before all others have been seen."""

    def __init__(self, cards: Sequence[str], rng: Random) -> None:
        self.cards, self.rng = cards, rng
        self.left: list[str] = []

    def draw(self, **names: str) -> str:
        """The next card with its names filled in."""
        if not self.left:
            self.left = self.rng.sample(self.cards, len(self.cards))
        return self.left.pop().format(**names)
