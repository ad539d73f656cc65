"""The forecast calls of the demo: of the quarter that runs and the two before, week by week."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from alignment.models import Goal
from alignment.rules.periods import Period, quarter_of
from meetings.demo.world import World
from meetings.forecast.calls import CallTerms, state_call, submit_preparation
from meetings.forecast.expectations import ExpectationTerms, read_expectation, state_expectation
from meetings.forecast.queries import CallDraft, periods_of, read_calls, read_draft
from meetings.models import Meeting, Struck

MINUTE = timedelta(minutes=1)
STEP = Decimal(10_000)
UPSIDE = Decimal("1.04")
BEHIND = (Decimal("0.90"), Decimal("0.96"))
USUAL = (Decimal("0.96"), Decimal("1.05"))
"""Between which shares of the goal the commit of a team lies that is behind, or is not."""
MOST_STRUCK = 2
MOOD = 30
"""By how much of that range, in per cent, the week’s news moves the commit."""


@dataclass
class Calls:
    """Which deals a leader commits, and what the CEO makes of it: drawn apart, so that the rest stays as it is."""

    world: World
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.rng = Random(f"calls {world.timeline.today} {world.team.slug}")  # noqa: S311  # a story, no secret

    @property
    def begins(self) -> date:
        """The first day of the quarter two before this one."""
        quarter = quarter_of(self.world.timeline.today, first_month=1)
        for _ in range(2):
            quarter = quarter_of(quarter.start - timedelta(days=1), first_month=1)
        return quarter.start

    def prepare(self, meeting: Meeting, ready: datetime, *, missing: int) -> None:
        """State the calls, submit the preparation, and sometimes let the CEO think about it."""
        self.state(meeting, ready - 20 * MINUTE)
        submit_preparation(meeting, by=self.world.leader, now=ready, missing=missing)
        if self._is_called(meeting) and self.rng.random() < 0.6:
            self.expect(meeting, min(ready + 90 * MINUTE, meeting.starts_at - MINUTE))

    def state(self, meeting: Meeting, now: datetime) -> None:
        if not self._is_called(meeting):
            return
        today = self.world.team.today(now)
        for period in periods_of(self.world.team, read_calls(meeting, today=today), today=today):
            draft = read_draft(meeting, period.start.isoformat(), now=now)
            if draft is not None and draft.candidates:
                terms = self._terms(draft)
                state_call(meeting, period, terms, by=self.world.leader, now=now, version=draft.version)

    def _is_called(self, meeting: Meeting) -> bool:
        return self.world.calendar.day(meeting.starts_at) >= self.begins

    def _terms(self, draft: CallDraft) -> CallTerms:
        """The deals of the last call that are left, and more until the goal is about reached. In most weeks the commit
        stays as it is."""
        picked = set(draft.terms.deals) if draft.terms else set()
        target = self._target(draft.period)
        for row in sorted(draft.candidates, key=lambda row: (row.close_date or date.max, row.id)):
            if draft.total_of(picked) >= target:
                break
            if row.amount:
                picked.add(row.id)
        commit = _rounded(
            max(draft.total_of(picked), target)
        )  # more than the deals named: there is time left
        if draft.terms and abs(draft.terms.commit - commit) < target / 50 and draft.terms.commit >= draft.won:
            commit = draft.terms.commit
        upside = next((row.amount for row in draft.candidates if row.id not in picked and row.amount), None)
        best_case = commit + upside if upside else commit * UPSIDE
        return CallTerms(commit, max(commit, _rounded(best_case)), frozenset(picked))

    def _target(self, period: Period) -> Decimal:
        goals = Goal.objects.filter(team=self.world.team, month__range=(period.start, period.end))
        goal = sum(goals.values_list("amount", flat=True), Decimal(0))
        is_behind = period.contains(self.world.timeline.today) and self.world.story.gap[0].startswith("-")
        lowest, highest = BEHIND if is_behind else USUAL
        share = Random(f"{self.world.team.slug} {period.start}").randrange(101)  # noqa: S311  # a story, no secret
        share += self.rng.randrange(-MOOD, MOOD + 1)
        return goal * (lowest + (highest - lowest) * Decimal(share) / 100)

    def expect(self, meeting: Meeting, now: datetime) -> None:
        """The CEO strikes a deal or two of the running period, or moves one."""
        draft = read_expectation(meeting, "", user=self.world.ceo, now=now)
        if draft is None or not draft.deals:
            return
        struck = self.rng.sample(draft.deals, min(len(draft.deals), self.rng.randrange(MOST_STRUCK + 1)))
        verdicts = {deal.id: self.rng.choice(Struck.Verdict.values) for deal in struck}
        terms = ExpectationTerms(verdicts)
        state_expectation(meeting, draft, terms, by=self.world.ceo, now=now, version=draft.version)


def _rounded(amount: Decimal) -> Decimal:
    """Up to ten thousand, as people say such figures."""
    return -(-amount // STEP) * STEP
