"""Builds the agenda of a meeting: reads what all sections share, then builds each section in turn.

The number of queries is fixed, however much there is to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from alignment.models import User
from alignment.rules.periods import RECENT_WEEKS
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from deals.committed.ended_periods import ended_periods
from meetings.agenda.agenda import Agenda
from meetings.agenda.context import BuildContext
from meetings.agenda.headline import commitments_clause, headline
from meetings.agenda.preparation_checklist import checklist
from meetings.agenda.queries import MeetingRead, commitments_of, read_meeting
from meetings.agenda.record import load_record
from meetings.agenda.section import with_lines
from meetings.agenda.sections import (
    DealsSection,
    InitiativesSection,
    IssuesSection,
    RevenueSection,
    RisksSection,
)
from meetings.agenda.sections.agreement_lines import agreement_lines, rights_of
from meetings.agenda.sections.capacity_lines import capacity_lines
from meetings.agenda.sections.hit_rate_lines import hit_rate_lines
from meetings.agenda.sections.initiatives import initiatives_of
from meetings.agenda.sections.measure_lines import recent_measures
from meetings.agenda.sections.pipeline_lines import pipeline_lines
from meetings.agenda.sections.revenue_queries import MoneyRead, read_money
from meetings.agenda.values import Person, Present, Score
from meetings.models import Commitment, Meeting, Section
from meetings.models.initiatives import plan_reader
from meetings.rules.outcomes import Outcome
from meetings.rules.track_record import RECENT_MEETINGS, completion, streak


def build(meeting: Meeting, viewer: User, now: datetime) -> Agenda:
    """The meeting's agenda as `viewer` may read it:
    live at `now`, or from the record once the meeting is closed.

    Whether the viewer may read it at all is up to `meeting.can_read(viewer)`. What only the CEO and the
    sales leader may read is left out for everybody else.
    """
    record = meeting.records.order_by("-number").first() if meeting.is_held else None
    agenda = build_live(meeting, now) if record is None else load_record(record.agenda)
    return agenda.readable_by(plan_reader(meeting.team, viewer), viewer=viewer.pk)


def build_live(meeting: Meeting, now: datetime) -> Agenda:
    """The full agenda at `now`, for no particular reader: this is what a record stores."""
    read = read_meeting(meeting, now)
    context = BuildContext.of(meeting, now, read)
    due_from = context.today - timedelta(weeks=RECENT_WEEKS)
    commitments = list(commitments_of(meeting.team, since=context.since, due_from=due_from))
    context.add_commitments(commitments)
    money, measures = read_money(context), recent_measures(meeting.team, today=context.today)
    issues = IssuesSection.build(context, measures, rights_of(money.agreed, meeting.team))
    context.asked_about.update(issues.asked_about)
    revenue = RevenueSection.build(context, money)
    deals = DealsSection.build(context, money)
    risks = RisksSection.build(context)
    plans = list(initiatives_of(meeting.team, since=context.since))
    initiatives = InitiativesSection.build(context, plans)
    revenue, deals = _with_lines_of_trade(context, money, revenue, deals)
    lines = agreement_lines(
        meeting.team,
        money.agreed,
        goals={goal.on: goal.amount for goal in money.goals},
        measures=measures,
        initiatives=plans,
        today=context.today,
    )
    revenue = with_lines(revenue, lines)
    initiatives = with_lines(initiatives, lines)
    issues = with_lines(issues, lines)
    rows = tuple(context.all_commitments)
    clauses = (
        *revenue.headline_clauses(),
        deals.headline_clause(),
        commitments_clause(rows, today=context.today, since=None if context.is_first else context.since_day),
        risks.headline_clause(),
    )
    return Agenda(
        **_meeting_facts(meeting),
        **_people(context, read),
        **_track_record(context, read, commitments),
        today=context.today,
        since=None if context.is_first else context.since,
        headline=headline(clauses, win=deals.win()),
        revenue=revenue,
        deals=deals,
        risks=risks,
        initiatives=initiatives,
        issues=issues,
        commitments=rows,
        decisions=tuple(context.all_decisions),
        checks=checklist((revenue, deals, risks, initiatives, issues), rows),
    )


def _with_lines_of_trade(
    context: BuildContext, money: MoneyRead, revenue: RevenueSection, deals: DealsSection
) -> tuple[RevenueSection, DealsSection]:
    """With what the commits that are over, the pipeline and the delivery of wins say."""
    team, today = context.team, context.today
    ended = ended_periods(team, money.ended, today=today, hidden_since=context.commits_hidden_since)
    of_past_periods = {str(Section.REVENUE): tuple(hit_rate_lines(team, ended))}
    lines = pipeline_lines(team, money, revenue.figures.quarter, today=today)
    listed = {row.id for row in deals.won}
    needs = tuple(capacity_lines(team, money.untold_needs, listed=listed, today=today))
    revenue = with_lines(with_lines(revenue, of_past_periods), lines)
    return revenue, with_lines(with_lines(deals, lines), {str(Section.DEALS): needs})


def _meeting_facts(meeting: Meeting) -> dict[str, Any]:
    team = meeting.team
    return {
        "meeting_id": meeting.pk,
        "team": team.name,
        "team_slug": team.slug,
        "company": team.company.name,
        "currency": team.currency,
        "zone": team.timezone,
        "planned_start": meeting.planned_start,
        "starts_at": meeting.starts_at,
        "minutes": team.minutes,
        "state": meeting.state,
        "submitted_at": meeting.submitted_at,
        "submitted_by": meeting.submitted_by.name if meeting.submitted_by else "",
        "submitted_late": meeting.preparation.is_late,
        "started_at": meeting.started_at,
        "closed_at": meeting.closed_at,
        "closed_by": meeting.closed_by.name if meeting.closed_by else "",
    }


def _people(context: BuildContext, read: MeetingRead) -> dict[str, Any]:
    """The CEO and the sales leader: whether they attended, and how they rated the meeting."""
    holders = {person.role: person for person in context.people.values() if person.role in PRINCIPAL_ROLES}
    present = {row.user: row.present for row in read.attendance}
    return {
        "ceo": holders.get(Role.CEO),
        "leader": holders.get(Role.LEADER),
        "attendance": tuple(
            Present(holders[role], present.get(holders[role].id))
            for role in PRINCIPAL_ROLES
            if role in holders
        ),
        "ratings": tuple(
            Score(Person(row.user, row.name, row.role), row.score, row.why) for row in read.ratings
        ),
    }


def _track_record(
    context: BuildContext, read: MeetingRead, commitments: Iterable[Commitment]
) -> dict[str, Any]:
    """Outcomes of the meetings so far, and the share of commitments done on time."""
    outcomes = [Outcome(past.state) for past in read.past]
    closed = [
        (commitment.due, _closed_on(context, commitment), commitment.dropped_at is not None)
        for commitment in commitments
    ]
    record = completion(closed, today=context.today, weeks=RECENT_WEEKS)
    return {
        "outcomes": tuple(reversed(outcomes[:RECENT_MEETINGS])),
        "streak": streak(outcomes),
        "due": record.due,
        "on_time": record.on_time,
    }


def _closed_on(context: BuildContext, commitment: Commitment) -> date | None:
    closed_at = commitment.done_at or commitment.dropped_at
    return context.day(closed_at) if closed_at else None
