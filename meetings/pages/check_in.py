"""The pages of a check-in: one round, and the rounds of a pair over time. Read by the two it names, each alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from alignment.models import Team, User
from meetings.check_in.questions import TAP, raised_by
from meetings.models import CheckIn, CheckInAnswer, Issue, Meeting
from meetings.rules.check_in import BY_KEY, STATEMENTS, Stage, Statement, stage_of
from meetings.rules.divergence import (
    LOOKED_AT,
    Both,
    Divergence,
    Reason,
    find_divergences,
    question_of_taps,
)

FULL_SHOWN = 8
"""How many of the full check-ins stand in the table."""
PAGE = 13
SOMEBODY = "the other"


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One statement: what the reader and the other answered."""

    statement: Statement
    mine: int
    theirs: int

    @property
    def is_apart(self) -> bool:
        return abs(self.mine - self.theirs) >= 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question worth putting on the agenda, why, and the issue it became."""

    key: str
    title: str
    why: str
    text: str
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One check-in as the reader, one of its two, may see it."""

    check_in: CheckIn
    reader: User
    mine: CheckInAnswer | None
    theirs: CheckInAnswer | None
    """None until both are in, and where it was erased with its person."""
    is_open: bool

    @property
    def meeting(self) -> Meeting:
        return self.check_in.meeting

    @property
    def other(self) -> str:
        """The first name of the other."""
        other = self.check_in.other_than(self.reader)
        return other.first_name if other else SOMEBODY

    @property
    def stage(self) -> Stage:
        return stage_of(
            is_revealed=self.check_in.is_revealed, is_open=self.is_open, has_answered=self.mine is not None
        )

    @property
    def is_to_answer(self) -> bool:
        return self.stage is Stage.TO_ANSWER

    @property
    def is_answered(self) -> bool:
        return self.stage is Stage.ANSWERED

    @property
    def is_revealed(self) -> bool:
        return self.stage is Stage.REVEALED

    @property
    def other_is_missing(self) -> bool:
        return self.stage is Stage.OTHER_MISSING

    @property
    def both(self) -> Both | None:
        """The scores of both; None unless it was a full one and both are there."""
        if self.mine is None or self.theirs is None or not (self.mine.scores and self.theirs.scores):
            return None
        return Both(
            self.mine.scores,
            self.theirs.scores,
            guessed=self.check_in.guessed,
            my_guess=self.mine.guess,
            their_guess=self.theirs.guess,
        )

    @property
    def lines(self) -> tuple[ScoreLine, ...]:
        both = self.both
        if both is None:
            return ()
        return tuple(ScoreLine(row, both.mine[row.key], both.theirs[row.key]) for row in STATEMENTS)

    @property
    def own_lines(self) -> tuple[tuple[Statement, int], ...]:
        scores = self.mine.scores if self.mine else {}
        return tuple((row, scores[row.key]) for row in STATEMENTS if row.key in scores)

    @property
    def guesses(self) -> tuple[str, ...]:
        both = self.both
        if both is None or both.my_guess is None or both.their_guess is None:
            return ()
        theirs, mine = both.theirs[both.guessed], both.mine[both.guessed]
        return (
            f"You guessed {both.my_guess} for {self.other}, who answered {theirs}.",
            f"{self.other} guessed {both.their_guess} for you, who answered {mine}.",
        )

    @property
    def guessed(self) -> Statement | None:
        return BY_KEY.get(self.check_in.guessed)


def make_round(check_in: CheckIn, user: User, now: datetime) -> Round:
    """Of a check-in with its `readable` answers."""
    readable: Sequence[CheckInAnswer] = getattr(check_in, "readable", ())
    return Round(
        check_in=check_in,
        reader=user,
        mine=next((row for row in readable if row.user_id == user.pk), None),
        theirs=next((row for row in readable if row.user_id != user.pk), None),
        is_open=check_in.is_open(now),
    )


def read_round(check_in: CheckIn, user: User, now: datetime) -> Round:
    """Of one check-in, stored or not."""
    if check_in.pk is not None:
        check_in.readable = list(  # type: ignore[attr-defined]  # as the prefetch of many does
            CheckInAnswer.objects.visible_to(user).filter(check_in=check_in).select_related("user")
        )
    return make_round(check_in, user, now)


def _rounds_of(user: User) -> QuerySet[CheckIn]:
    """Those of meetings that are over, the newest first, with what this person may read of them."""
    readable = CheckInAnswer.objects.visible_to(user).select_related("user")
    rounds = CheckIn.objects.visible_to(user).over()
    rounds = rounds.select_related("meeting__team__company", "ceo", "leader")
    return rounds.prefetch_related(Prefetch("answers", readable, to_attr="readable"))


# One round


@dataclass(frozen=True, slots=True)
class RoundPage:
    round: Round
    proposals: tuple[Proposal, ...]
    can_raise: bool
    """Whether the reader can still put something on the team’s agenda."""


def build_round_page(row: Round, user: User, now: datetime) -> RoundPage:
    check_in, team = row.check_in, row.meeting.team
    proposals = tuple(_proposals(row, now)) if row.is_revealed else ()
    can_raise = team.is_principal(user)
    if proposals:
        issues = raised_by(user, check_in, [proposal.key for proposal in proposals])
        proposals = tuple(replace(proposal, issue=issues.get(proposal.key)) for proposal in proposals)
    return RoundPage(row, proposals, can_raise)


def _proposals(row: Round, now: datetime) -> Iterator[Proposal]:
    for divergence in find_divergences([*_before(row, now), row.both] if row.both else []):
        why = "; ".join(_why(reason, divergence, row) for reason in divergence.reasons)
        yield Proposal(
            divergence.key, divergence.statement.short, f"{why[0].upper()}{why[1:]}.", divergence.question
        )
    if row.mine and row.theirs and (question := question_of_taps(row.mine.tap, row.theirs.tap)):
        labels = (
            f"you: {row.mine.get_tap_display().lower()}, {row.other}: {row.theirs.get_tap_display().lower()}"
        )
        yield Proposal(TAP, "What matters", f"Did you talk about it? {labels.capitalize()}.", question)


def _before(row: Round, now: datetime) -> list[Both]:
    """The full check-ins of this pair before, as many as show whether a difference grows, in order of time."""
    check_in, meeting = row.check_in, row.meeting
    rounds = _rounds_of(row.reader).filter(
        ceo=check_in.ceo_id,
        leader=check_in.leader_id,
        meeting__team=meeting.team_id,
        meeting__starts_at__lt=meeting.starts_at,
        revealed_at__isnull=False,
    )
    earlier = [make_round(one, row.reader, now).both for one in rounds.exclude(guessed="")[: LOOKED_AT - 1]]
    return [both for both in reversed(earlier) if both is not None]


def _why(reason: Reason, divergence: Divergence, row: Round) -> str:
    match reason:
        case Reason.APART:
            return f"you are {abs(divergence.mine - divergence.theirs)} apart"
        case Reason.BOTH_LOW:
            return "both of you see it at 2 or below"
        case Reason.GROWING:
            return "you are 1 apart, and it has grown over three check-ins"
        case Reason.MY_GUESS:
            return f"your guess of {row.other}’s answer was off by 2 or more"
        case Reason.THEIR_GUESS:
            return f"{row.other}’s guess of your answer was off by 2 or more"


# The rounds of a pair over time


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody with whom the reader had check-ins on this team."""

    id: int
    name: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class PairPage:
    team: Team
    partners: tuple[Partner, ...]
    full: tuple[Round, ...]
    """The last full ones, the newest first."""
    rows: tuple[Round, ...]
    """All of them, the newest first: those of one page."""
    page: Page[CheckIn]
    running: Meeting | None
    """The meeting that runs now, where the reader may answer: told from the meeting alone, whoever has answered."""

    @property
    def other(self) -> str:
        return next((row.other for row in (*self.full, *self.rows)), SOMEBODY)

    @property
    def open(self) -> Round | None:
        """The one that waits for the reader’s answer."""
        return next((row for row in self.rows if row.is_to_answer), None)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return STATEMENTS


def build_pair_page(
    team: Team, user: User, now: datetime, *, partner: str = "", number: str = ""
) -> PairPage:
    """The rounds of the reader on this team with one other person at a time: a new pair begins anew."""
    rounds = _rounds_of(user).filter(meeting__team=team)
    partners = _partners(team, user, partner)
    selected = next((row.id for row in partners if row.is_selected), None)
    of_pair = rounds.filter(Q(ceo=selected) | Q(leader=selected)) if selected else rounds.none()
    full = of_pair.exclude(guessed="")[:FULL_SHOWN]
    page = Paginator(of_pair, PAGE).get_page(number)
    return PairPage(
        team=team,
        partners=partners,
        full=tuple(make_round(row, user, now) for row in full),
        rows=tuple(make_round(row, user, now) for row in page.object_list),
        page=page,
        running=_running(team, user),
    )


def _running(team: Team, user: User) -> Meeting | None:
    if not team.is_principal(user):
        return None
    return Meeting.objects.filter(team=team, state=Meeting.State.IN_PROGRESS).order_by("starts_at").first()


def _partners(team: Team, user: User, partner: str) -> tuple[Partner, ...]:
    """The latest first, and the one that is asked for selected, else the latest."""
    pairs = CheckIn.objects.visible_to(user).over().filter(meeting__team=team)
    named = pairs.values_list("ceo", "ceo__name", "leader", "leader__name")
    names: dict[int, str] = {}
    for ceo, ceo_name, leader, leader_name in named:
        other, name = (leader, leader_name) if ceo == user.pk else (ceo, ceo_name)
        if other is not None:
            names.setdefault(other, name)
    selected = int(partner) if partner.isdecimal() and int(partner) in names else next(iter(names), 0)
    return tuple(Partner(pk, name, pk == selected) for pk, name in names.items())
