"""Which stage of a CRM means won, lost or open. Pure.

A stage means something only if the whole of it is a word that a CRM uses for that, or somebody said so.
Never a part of it: "Never won", "Won't do" and "50% Won" are no wins, and "Stage 3" may be one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from alignment.rules.folding import fold

LEAVE_OUT = "leave-out"
"""Of a stage whose rows are no deals, such as duplicates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWords:
    """What one CRM calls won, lost and open, beside the words that all of them share; `left_out` are no deals."""

    won: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()


SHARED = StageWords(
    won=frozenset({"won", "closed won", "closed-won", "closed/won"}),
    lost=frozenset({"lost", "closed lost", "closed-lost", "closed/lost"}),
    open=frozenset(
        {
            "open",
            "active",
            "in progress",
            "on hold",
            "new",
            "lead",
            "prospecting",
            "engaging",
            "qualification",
        }
        | {"qualified", "qualify", "needs analysis", "value proposition", "id. decision makers", "discovery"}
        | {"identify decision makers", "identifying decision makers", "perception analysis", "proposal"}
        | {"propose", "proposal/price quote", "negotiation", "negotiation/review", "negotiations started"}
        | {"appointment scheduled", "qualified to buy", "presentation scheduled", "demo", "develop"}
        | {"decision maker bought-in", "contract sent", "contact made", "demo scheduled", "proposal made"}
        | {"screening", "meeting", "legal", "commit", "verbal", "closing"}
        | {"offen", "neu", "qualifiziert", "qualifizieren", "entwickeln", "angebot", "verhandlung"}
        | {"ouvert", "ouverte", "nouveau", "qualifié", "proposition"}
    ),
)
"""Words that mean one thing wherever they stand alone."""


@lru_cache(maxsize=4096)
def stage_key(stage: str) -> str:
    """A stage as it is compared: lower case, single blanks, no emoji."""
    return fold("".join(sign for sign in stage if unicodedata.category(sign) != "So"))


def known_status(stage: str, answers: Mapping[str, str], words: StageWords = SHARED) -> str | None:
    """won, lost, open or leave-out, as somebody said, as every CRM says, or as this one does with its `words`; None
    when nobody does. `answers` go by stage_key.
    """
    key = stage_key(stage)
    if key in answers:
        return answers[key]
    for status in ("won", "lost", "open"):
        if key in getattr(SHARED, status) or key in getattr(words, status):
            return status
    return LEAVE_OUT if key in words.left_out else None
