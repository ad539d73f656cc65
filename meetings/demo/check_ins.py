"""What the two answered to the check-ins of the demo: near each other, or as their story says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from alignment.rules.roles import PRINCIPAL_SIDES, Side
from meetings.check_in.answers import AnswerTerms, give_answer
from meetings.check_in.questions import raise_question
from meetings.check_in.rounds import round_of
from meetings.demo.story import Slot, Views
from meetings.demo.world import World
from meetings.models import CheckIn, Meeting
from meetings.rules.check_in import HIGHEST, KEYS, LOWEST

ANSWERED = 0.94
TAPS = ("yes", "partly", "no")
USUAL_TAPS = (70, 25, 5)
APART_TAPS = {"ceo": (15, 55, 30), "leader": (85, 15, 0)}
"""Where the pipeline stands between them: the CEO misses what matters in the meetings, the leader does not."""
PIPELINE = "pipeline"
QUESTION = "You see the pipeline at {theirs}, I at {mine}: what would make it a {to}?"


def check_in(world: World, meeting: Meeting, slot: Slot, now: datetime) -> None:
    """Both answer, as a rule, while they wrap up. Drawn apart from everything else, so that nothing else changes."""
    rng = Random(f"{world.team.slug}-{slot.number}")  # noqa: S311 - a made-up company
    round_asked = round_of(meeting)
    if round_asked is None:
        return
    views = views_at(world.story.views, slot.number)
    for side in PRINCIPAL_SIDES:
        terms = _terms(rng, side, views, guessed=round_asked.guessed)
        if views or rng.random() < ANSWERED:
            give_answer(meeting, terms, by=world.person(side), now=now, version=0)


def views_at(views: Sequence[Views], weeks_ago: int) -> Views | None:
    return next((row for row in reversed(views) if weeks_ago <= row.since), None)


def _terms(rng: Random, side: str, views: Views | None, *, guessed: str) -> AnswerTerms:
    tap = rng.choices(TAPS, _tap_weights(side, views))[0]
    if not guessed:
        return AnswerTerms(tap)
    if views is None:
        scores, words = {key: rng.choices((3, 4, 5), (2, 6, 3))[0] for key in KEYS}, ""
    elif side == Side.CEO:
        scores, words = dict(zip(KEYS, views.ceo, strict=True)), views.ceo_words
    else:
        scores, words = dict(zip(KEYS, views.leader, strict=True)), views.leader_words
    guess = min(HIGHEST, max(LOWEST, scores[guessed] + rng.choice((-1, 0, 0, 0, 1))))
    return AnswerTerms(tap, guess=guess, sentence=words, **scores)


def _tap_weights(side: str, views: Views | None) -> tuple[int, int, int]:
    is_apart = views is not None and abs(_pipeline(views.ceo) - _pipeline(views.leader)) > 1
    return APART_TAPS[side] if is_apart else USUAL_TAPS


def _pipeline(scores: Sequence[int]) -> int:
    return scores[KEYS.index(PIPELINE)]


def raise_last_question(world: World) -> None:
    """In the days before today the CEO at last puts on the agenda what the check-ins proposed."""
    full = CheckIn.objects.over().filter(meeting__team=world.team).exclude(guessed="")
    row = full.select_related("meeting__team").first()
    if row is None or not row.is_revealed:
        return
    mine, theirs = (row.answers.get(user=user).scores[PIPELINE] for user in (world.ceo, world.leader))
    text = QUESTION.format(theirs=theirs, mine=mine, to=min(mine, theirs) + 1)
    raise_question(row, PIPELINE, text, by=world.ceo, now=world.timeline.when(0.9))
