"""Revenue against the goal: the figures, the gap, and what is being done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Self, TypedDict

from django.urls import reverse

from alignment.models import Team
from alignment.rules.call_periods import CallPeriod
from alignment.rules.formatting import counted
from alignment.rules.periods import quarter_of
from alignment.rules.revenue_kinds import KindWords, RevenueKind, words_of
from alignment.rules.text import first_name
from deals.models import RevenueEntry
from deals.rules.bridge import Line
from deals.rules.pace import NEWS, MonthWon, change_of_gap, shape_of
from deals.rules.reconciliation import AccountMonth, Reconciliation, reconcile
from deals.rules.revenue import Revenue, Standing, as_of, is_out_of_date, revenue
from meetings.agenda.context import BuildContext
from meetings.agenda.section import AgendaSection, ExceptionLine
from meetings.agenda.sections.agreement_lines import are_goals_agreed
from meetings.agenda.sections.call_queries import CallsRead
from meetings.agenda.sections.calls import CallRow, build_calls
from meetings.agenda.sections.expectations import ExpectationRow, build_expectations
from meetings.agenda.sections.nearer import NearerRow, build_nearer
from meetings.agenda.sections.revenue_queries import AccountRead, MoneyRead, amount_and_number
from meetings.agenda.values import NOBODY, Check, CommitmentRow
from meetings.models import Section

UNINVOICED_LISTED = 10


def _reconcile(rows: Sequence[AccountRead]) -> Reconciliation:
    nothing = Decimal(0)
    return reconcile(
        AccountMonth(row.name, row.month, row.amount, nothing)
        if row.kind == RevenueKind.WON
        else AccountMonth(row.name, row.month, nothing, row.amount)
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class OtherKind:
    """Revenue of the quarter that does not count for the goal."""

    kind: str
    amount: Decimal

    @property
    def participle(self) -> str:
        return words_of(self.kind).participle


@dataclass(frozen=True, slots=True)
class UninvoicedRow:
    """What was won in a month and is not invoiced yet. An account without a name: nobody said whose it is."""

    account: str
    month: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueSection(AgendaSection):
    figures: Revenue
    gap_before: Decimal | None  # quarter to date, when the last meeting was closed
    pipeline: Decimal  # open deals expected in the quarter; never added to the actual
    pipeline_count: int
    corrected: Decimal  # total change of earlier entries corrected since the last meeting
    next_month_without_goal: date | None
    won_since: Decimal | None = None  # since the day of the last meeting, within the quarter
    due_since: Decimal | None = None
    kind: str = RevenueKind.WON  # what the goal is made of
    as_of: date | None = None  # the day of the file that it comes from; None where people enter it
    is_out_of_date: bool = False  # that file was older than two working days
    other_kinds: tuple[OtherKind, ...] = ()  # stated apart, never added
    uninvoiced: Decimal = Decimal(0)  # won within a year and not invoiced, where the goal is made of invoices
    uninvoiced_rows: tuple[
        UninvoicedRow, ...
    ] = ()  # the oldest first, at most as many as are read at a glance
    unassigned_invoices: Decimal = Decimal(0)  # naming no account, so subtracted from none
    calls: tuple[CallRow, ...] = ()
    expectations: tuple[ExpectationRow, ...] = ()
    goals_agreed: bool | None = None  # by both; None where there is no goal, and in older records
    nearer: tuple[NearerRow, ...] = ()  # of periods that ended since the last meeting
    pace_quarters: int = 0  # how many past quarters say what is due; 0: the goals of the months

    @classmethod
    def build(cls, context: BuildContext, money: MoneyRead) -> Self:
        team, today = context.team, context.today
        first_month = team.company.fiscal_year_start
        quarter = quarter_of(today, first_month=first_month)
        goals = {goal.on: goal.amount for goal in money.goals}
        actuals = {actual.on: actual.amount for actual in money.actuals}
        won = {row.month: MonthWon(row.amount, row.wins) for row in money.months}
        shape = shape_of(won, quarter, first_month=first_month)
        first_days = [team.starts_on, *(first.day for first in money.first)]

        def figures_at(day: date) -> Revenue:
            return revenue(
                day,
                first_month=first_month,
                goals=goals,
                actuals=actuals,
                holidays={holiday.day for holiday in money.holidays},
                data_from=min(first_days),
                shape=shape,
            )

        figures = figures_at(today)
        is_new_quarter = context.is_first or context.since_day < quarter.start
        before = None if is_new_quarter else figures_at(context.since_day).quarter
        next_month = figures.month.period.end + timedelta(days=1)
        pipeline, pipeline_count = amount_and_number(money.pipeline)
        corrected, _ = amount_and_number(money.corrections)
        reconciled = _reconcile(money.accounts)
        file_day = _file_day(money, team)
        return cls(
            **context.opening_of(Section.REVENUE),
            lines=_lines(context, money, figures.quarter),
            figures=figures,
            gap_before=None if before is None else context.gap_before,
            won_since=None if before is None else figures.quarter.actual - before.actual,
            due_since=_due_since(figures.quarter, before),
            kind=team.revenue_kind,
            as_of=file_day,
            is_out_of_date=file_day is not None
            and is_out_of_date(file_day, today, {holiday.day for holiday in money.holidays}),
            other_kinds=tuple(OtherKind(row.kind, row.amount) for row in money.other_kinds if row.amount),
            uninvoiced=reconciled.total,
            uninvoiced_rows=tuple(UninvoicedRow(*row) for row in reconciled.rows[:UNINVOICED_LISTED]),
            unassigned_invoices=reconciled.unassigned,
            **_calls(context, money, goals=goals, actuals=actuals),
            goals_agreed=None if figures.quarter.goal is None else are_goals_agreed(money.agreed, team),
            pace_quarters=shape.quarters if shape else 0,
            pipeline=pipeline,
            pipeline_count=pipeline_count,
            corrected=corrected,
            next_month_without_goal=None if next_month in goals else next_month,
        )

    @property
    def gap(self) -> Decimal | None:
        return self.figures.quarter.gap

    @property
    def kind_words(self) -> KindWords:
        return words_of(self.kind)

    @property
    def kind_label(self) -> str:
        return str(RevenueKind(self.kind).label)

    @property
    def weeks(self) -> list[tuple[date, Decimal]]:
        """The Monday and the actual of each of the 13 weeks, oldest first."""
        return [(week.period.start, week.actual) for week in self.figures.weeks]

    @property
    def standings(self) -> tuple[tuple[str, Standing], ...]:
        return (("Month", self.figures.month), ("Quarter", self.figures.quarter), ("Year", self.figures.year))

    @property
    def behind(self) -> bool:
        return self.figures.quarter.behind

    @property
    def measures(self) -> tuple[CommitmentRow, ...]:
        """Those of the plan for the gap between commit and goal: open, or closed since the last meeting. There is a
        gap only where the commit is below the goal, so that a new one waits until the reader may know the commit.
        """
        return tuple(row for row in self.commitments if row.is_measure and not self.hides(row))

    def hides(self, commitment: CommitmentRow, viewer: int = NOBODY.id) -> bool:
        """Whether it would tell the reader of the commit of the running period, which they may not know yet. Their own
        they know: `viewer` is the number of a person.
        """
        knows_commit = any(not call.is_next for call in self.calls)
        is_own = commitment.owner.id == viewer != NOBODY.id
        return commitment.is_measure and commitment.fresh and not knows_commit and not is_own

    def without_hidden_measures(self, viewer: int) -> Self:
        return replace(
            self, commitments=tuple(row for row in self.commitments if not self.hides(row, viewer))
        )

    @property
    def open_measures(self) -> str:
        """How many are open, in words: “two measures”; empty for none."""
        number = sum(measure.is_open for measure in self.measures)
        return counted(number, "measure") if number else ""

    @property
    def planned(self) -> Decimal:
        """What the open measures bring, about."""
        amounts = (measure.amount or Decimal(0) for measure in self.measures if measure.is_open)
        return sum(amounts, Decimal(0))

    @property
    def commit_gap(self) -> Decimal | None:
        """What the commit of the running period leaves to its goal, as far as the reader may know the commit."""
        return next((call.gap for call in self.calls if not call.is_next), None)

    @property
    def uncovered(self) -> Decimal:
        """What the open measures leave of that gap."""
        return max(Decimal(0), (self.commit_gap or Decimal(0)) - self.planned)

    @property
    def commitments_with_news(self) -> tuple[CommitmentRow, ...]:
        """Without the measures, which are listed in the plan."""
        return tuple(row for row in self.commitments if row.has_news and not row.is_measure)

    @property
    def needs_words(self) -> bool:
        return self.asks_for_words and self.leader_words is None

    @property
    def asks_for_words(self) -> bool:
        """A gap, or the CEO's comment on the figures."""
        return self.behind or self.ceo_words is not None

    @property
    def needs_commitment(self) -> bool:
        """A gap needs at least one open commitment that is not overdue."""
        return self.behind and not any(
            commitment.is_open and not commitment.late for commitment in self.commitments
        )

    @property
    def needs(self) -> str:
        missing = ("an update" if self.needs_words else "", "a commitment" if self.needs_commitment else "")
        return " and ".join(filter(None, missing))

    @property
    def heading(self) -> str:
        quarter, gap = self.figures.quarter, self.gap or Decimal(0)
        if quarter.goal is None:
            return "No goal for this quarter"
        if not quarter.has_begun:
            return "Nothing due yet"
        if quarter.is_on_pace:
            return "On pace"
        size = f"{{{abs(gap)}}} {'ahead' if gap > 0 else 'behind'}"
        change = self._change_of_gap()
        if self.gap_before is None or not change or gap > 0:
            return size
        return f"{size}, {{{abs(gap - self.gap_before)}}} {'closer' if change == 'shrank' else 'further'}"

    def _change_of_gap(self) -> str:
        """“grew” or “shrank” since the last meeting; empty when it did neither, or nobody knows."""
        if self.gap is None or self.gap_before is None or self.due_since is None:
            return ""
        goal = self.figures.quarter.goal or Decimal(0)
        return change_of_gap(self.gap, self.gap_before, goal=goal, due=self.due_since)

    def checks(self) -> Iterator[Check]:
        yield from self._call_checks()
        if self.asks_for_words:
            comment = self.ceo_words
            on_figures = f"Answer {first_name(comment.name)} on revenue" if comment else ""
            text = "Say what is being done about the gap" if self.behind else on_figures
            yield Check(self.name, text, not self.needs_words, "words-revenue")
        if self.behind:
            text = "Add at least one commitment on the gap"
            yield Check(self.name, text, not self.needs_commitment, "revenue")

    def _call_checks(self) -> Iterator[Check]:
        """One for the running period, where something was called before or can be: not in a team’s first hour."""
        for call in self.calls[:1]:
            if call.commit is not None or self.pipeline_count:
                text = f"State the commit for {call.label}"
                if call.commit is not None:
                    text = f"Confirm or change the commit for {call.label}"
                yield Check(self.name, text, call.is_stated, "call")
        for call in self.calls:
            if call.need_in_words:
                yield Check(self.name, call.need_in_words, done=False, anchor="call")

    def headline_clauses(self) -> tuple[str, ...]:
        """What is won of the goal, then how that compares with what is due."""
        quarter = self.figures.quarter
        if quarter.goal is None:
            return ("no goal is set for this quarter",)
        won = f"{{{quarter.actual}}} of {{{quarter.goal}}} {self.kind_words.predicate}"
        return (won, self._pace_clause()) if quarter.has_begun else (won, "nothing is due yet")

    def _pace_clause(self) -> str:
        quarter, gap = self.figures.quarter, self.gap or Decimal(0)
        if quarter.is_on_pace:
            return "the quarter is on pace"
        size = f"{{{abs(gap)}}}"
        if gap > 0:
            return f"the quarter is {size} ahead of its goal to date"
        if self.gap_before is None or self.due_since is None or self.won_since is None:
            return f"the quarter is {size} behind its goal to date"
        change = self._change_of_gap()
        if change:
            return f"the gap {change} to {size}"
        if self.won_since <= 0 and self.due_since <= 0:
            return f"the gap is still {size}"
        won = f"{{{self.won_since}}} {self.kind_words.participle}"
        return f"the gap is {size} with {won} and {{{self.due_since}}} due since the last meeting"


class Calls(TypedDict):
    calls: tuple[CallRow, ...]
    expectations: tuple[ExpectationRow, ...]
    nearer: tuple[NearerRow, ...]


def _calls(
    context: BuildContext, money: MoneyRead, *, goals: Mapping[date, Decimal], actuals: Mapping[date, Decimal]
) -> Calls:
    read = CallsRead(
        money.calls,
        money.call_deals,
        money.expected,
        money.struck,
        money.own_calls,
        money.ended_periods,
        money.moves,
        money.committed_periods,
        money.facts,
    )
    calls = build_calls(context, read, goals=goals, actuals=actuals)
    return {
        "calls": calls,
        "expectations": build_expectations(context, read, calls),
        "nearer": build_nearer(context, money.ended_numbers, money.ended_calls, actuals),
    }


def _lines(context: BuildContext, money: MoneyRead, quarter: Standing) -> tuple[ExceptionLine, ...]:
    """What smaller deals took out of the quarter since the last meeting, where it is more than a trifle of its goal."""
    amount, number = amount_and_number(money.pushed_out)
    if context.is_first or not amount or quarter.goal is None or amount <= quarter.goal * NEWS:
        return ()
    verb = "was" if number == 1 else "were"
    deals = counted(number, "smaller deal")
    text = f"{deals[:1].upper()}{deals[1:]} {verb} pushed out of {quarter.period.label}: {{{amount}}}"
    page = reverse("meetings:changes", args=(context.team.slug,))
    period = "quarter" if context.team.call_period == CallPeriod.MONTH else "this"
    path = f"{page}?until={context.meeting.pk}&period={period}&line={Line.PUSHED_OUT}"
    return (ExceptionLine(text=text, path=path, money=amount),)


def _file_day(money: MoneyRead, team: Team) -> date | None:
    imported_at = next((row.applied_at for row in money.imports), None)
    for newest in money.newest:
        is_from_file = newest.source in RevenueEntry.FROM_FILES
        return as_of(newest.created_at, imported_at, is_from_file=is_from_file, zone=team.zone)
    return None


def _due_since(now: Standing, before: Standing | None) -> Decimal | None:
    if before is None or now.goal_to_date is None or before.goal_to_date is None:
        return None
    return now.goal_to_date - before.goal_to_date
