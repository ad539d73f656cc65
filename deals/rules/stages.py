"""Which stage of a CRM means won, lost or open. Pure.

A stage means something only if the whole of it is a word that a CRM uses for that, or somebody said so.
Never a part of it: "Never won", "Won't do" and "50% Won" are no wins, and "Stage 3" may be one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal

from alignment.rules.folding import fold

Status = Literal["won", "lost", "open"]

WON = frozenset(
    {
        *("won", "closed won", "closed-won", "closed/won", "closedwon"),
        *("gewonnen", "geschlossen und gewonnen", "geschlossen/gewonnen", "abgeschlossen und gewonnen"),
        *("abgeschlossen, gewonnen", "gagné", "gagnée", "fermé gagné", "fermée gagnée"),
        *("clôturé gagné", "clôturée gagnée"),
    }
)
LOST = frozenset(
    {
        *("lost", "closed lost", "closed-lost", "closed/lost", "closedlost", "closed lost to competition"),
        *("verloren", "geschlossen und verloren", "geschlossen/verloren", "abgeschlossen und verloren"),
        *("abgeschlossen, verloren", "perdu", "perdue", "fermé perdu", "fermée perdue"),
        *("clôturé perdu", "clôturée perdue"),
    }
)
OPEN = frozenset(
    {
        *("open", "offen", "ouvert", "ouverte", "active", "in progress", "new", "neu", "nouveau", "lead"),
        *("prospecting", "engaging", "qualification", "qualified", "qualify", "qualifiziert", "qualifié"),
        *("needs analysis", "value proposition", "id. decision makers", "identify decision makers"),
        *("identifying decision makers", "perception analysis", "proposal", "propose", "proposition"),
        *("proposal/price quote", "negotiation", "negotiation/review", "negotiations started", "discovery"),
        *("appointment scheduled", "qualified to buy", "presentation scheduled", "demo", "develop"),
        *("decision maker bought-in", "contract sent", "contact made", "demo scheduled", "proposal made"),
        *(
            "screening",
            "meeting",
            "legal",
            "on hold",
            "angebot",
            "verhandlung",
            "commit",
            "verbal",
            "closing",
        ),
        *("qualifizieren", "entwickeln"),
    }
)
"""First stages and words of the CRMs that are read: see docs/import.md."""


def stage_key(stage: str) -> str:
    """A stage as it is compared: lower case, single blanks, no emoji."""
    return fold("".join(sign for sign in stage if unicodedata.category(sign) != "So"))


def known_status(stage: str, answers: Mapping[str, Status]) -> Status | None:
    """What the stage means, as somebody said or as every CRM says; None when neither is so."""
    key = stage_key(stage)
    if key in answers:
        return answers[key]
    for status, words in (("won", WON), ("lost", LOST), ("open", OPEN)):
        if key in words:
            return status  # type: ignore[return-value]
    return None
