"""What the two answered to the check-ins of the demo: near each other, until the pipeline comes between them."""

from __future__ import annotations

from datetime import datetime
from random import Random

from alignment.rules.roles import PRINCIPAL_SIDES
from meetings.check_in.answers import AnswerTerms, give_answer
from meetings.check_in.rounds import round_of
from meetings.demo.story import Slot
from meetings.demo.world import World
from meetings.models import Meeting
from meetings.rules.check_in import HIGHEST, KEYS, LOWEST

ANSWERED = 0.94
APART_SINCE = 20
"""So many weeks ago the CEO began to trust the pipeline less, and the leader did not."""
SENTENCES = {
    "ceo": ("Half of what we look at has been there since spring.", "I want to see the big ones move."),
    "leader": ("We are closer than it looks.", "I need quicker answers on the exceptions."),
}


def check_in(world: World, meeting: Meeting, slot: Slot, now: datetime) -> None:
    """Both answer, as a rule, while they wrap up. Drawn apart from everything else, so that nothing else changes."""
    rng = Random(f"{world.team.slug}-{slot.number}")  # noqa: S311 - a made-up company
    round_asked = round_of(meeting)
    if round_asked is None:
        return
    for side in PRINCIPAL_SIDES:
        terms = _terms(rng, side, weeks_ago=slot.number, guessed=round_asked.guessed)
        if rng.random() < ANSWERED:
            give_answer(meeting, terms, by=world.person(side), now=now, version=0)


def _terms(rng: Random, side: str, *, weeks_ago: int, guessed: str) -> AnswerTerms:
    tap = rng.choices(("yes", "partly", "no"), (70, 25, 5))[0]
    if not guessed:
        return AnswerTerms(tap)
    scores = {key: rng.choices((3, 4, 5), (2, 6, 3))[0] for key in KEYS}
    if weeks_ago <= APART_SINCE:
        scores["pipeline"] = _pipeline(side, weeks_ago)
    guess = min(HIGHEST, max(LOWEST, scores[guessed] + rng.choice((-1, 0, 0, 0, 1))))
    sentence = rng.choice(SENTENCES[side]) if weeks_ago <= APART_SINCE and rng.random() < 0.7 else ""
    return AnswerTerms(tap, guess=guess, sentence=sentence, **scores)


def _pipeline(side: str, weeks_ago: int) -> int:
    if side == "leader":
        return 4
    return 3 if weeks_ago > APART_SINCE / 2 else 2
