"""What the pipeline adds to the exceptions: too little open or created to revenue, deals that stand still to the big
deals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.urls import reverse

from alignment.models import Team
from alignment.rules.formatting import number_of
from alignment.rules.periods import RECENT_WEEKS
from deals.rates.attention import PipelineAttention, pipeline_attention
from deals.rules.pace import NEWS
from deals.rules.revenue import Standing
from meetings.agenda.section import ExceptionLine, without_braces
from meetings.agenda.sections.revenue_queries import MoneyRead
from meetings.models import Section


def pipeline_lines(
    team: Team, money: MoneyRead, quarter: Standing, *, today: date
) -> dict[str, tuple[ExceptionLine, ...]]:
    """By section. `quarter` says what is still to win; without a goal nothing says what is needed."""
    attention = pipeline_attention(
        team,
        money.pipeline_deals,
        money.pipeline_changes,
        still_to_win=(quarter.goal or quarter.actual) - quarter.actual,
        goals={goal.on: goal.amount for goal in money.goals},
        today=today,
    )
    return {
        Section.REVENUE: tuple(_shortfalls(team, attention, goal=quarter.goal)),
        Section.DEALS: tuple(_standing(team, attention)),
    }


def _shortfalls(team: Team, attention: PipelineAttention, *, goal: Decimal | None) -> Iterator[ExceptionLine]:
    """What is open, where more than a trifle of the goal is missing to what the rest of the quarter needs; and what was
    created lately, where later quarters need more.
    """
    path = reverse("deals:pipeline", args=(team.slug,))
    coverage, creation = attention.coverage, attention.creation
    missing = coverage.missing
    if goal and missing and missing > goal * NEWS:
        yield ExceptionLine(
            text=f"Open pipeline is {{{missing}}} short: {{{coverage.pipeline.money}}} of {{{coverage.needed}}} needed",
            path=path,
            money=missing,
        )
    if creation is not None and creation.is_short:
        yield ExceptionLine(
            text=f"Pipeline created in {RECENT_WEEKS} weeks: {{{creation.amount}}} of {{{creation.needed}}} needed",
            path=path,
            money=creation.missing_a_week,
        )


def _standing(team: Team, attention: PipelineAttention) -> Iterator[ExceptionLine]:
    """The largest of the deals that stand in their stage for longer than won deals did, and how many others do."""
    if not attention.standing:
        return
    (stay, name), others = attention.standing[0], len(attention.standing) - 1
    stage = stay.stage or "its stage"
    more = f"; {number_of(others, 'other deal')} longer than usual too" if others else ""
    name, stage = without_braces(name), without_braces(stage)
    yield ExceptionLine(
        text=f"{name} has been in {stage} for {stay.days} days, won deals for {stay.usual_days}{more}",
        path=reverse("deals:edit", args=(stay.pk,))
        if not others
        else reverse("deals:pipeline", args=(team.slug,)),
        money=stay.amount or Decimal(0),
        age=(stay.days - stay.usual_days) // 7,
    )
