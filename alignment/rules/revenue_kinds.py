"""What counts as revenue, and how each kind is worded."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models


class RevenueKind(models.TextChoices):
    """What a team's goal is made of. Money of another kind is kept and stated apart, never added."""

    WON = "won", "Won (bookings)"
    INVOICED = "invoiced", "Invoiced"
    RECURRING = "recurring", "Recurring (new + expansion − lost, per year)"


class KindWords(NamedTuple):
    """How sentences word a kind of revenue."""

    participle: str
    """As in “$1.2M of $3M won”."""
    predicate: str
    """As in “$1.2M of $3M is won”."""
    infinitive: str
    """As in “still to win”."""


WORDS = {
    RevenueKind.WON: KindWords("won", "is won", "to win"),
    RevenueKind.INVOICED: KindWords("invoiced", "is invoiced", "to invoice"),
    RevenueKind.RECURRING: KindWords("recurring", "is won as recurring revenue", "to win"),
}


def words_of(kind: str) -> KindWords:
    return WORDS[RevenueKind(kind)]
