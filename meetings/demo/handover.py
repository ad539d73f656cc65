"""South’s change of leader: who left, when, and what both agreed before; the new pair’s first meeting is prepared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from alignment.agreements.together import accept_all
from alignment.audit import note
from alignment.models import Agreement, Seat, Team, User
from alignment.people.membership import deactivate
from alignment.rules.periods import quarter_of
from meetings.agreement.proposals import Proposal, propose_lines, state_of
from meetings.agreement.queries import lines_of, open_initiatives, read_current, read_lines
from meetings.agreement.terms import MOST_INITIATIVES
from meetings.demo.days import ONE_DAY, Calendar
from meetings.demo.quarter_agreement import INTO_THE_QUARTER, agree_on_goals
from meetings.demo.world import World
from meetings.rules.decision_rights import Right, RightKind

WEEKS_AGO = 5
WHY = "Mark moved to a customer"
HOUR = timedelta(hours=1)
SENTENCES = ("We leave machines below 30K to the distributors.",)
UNANSWERED = "Every quote above 200K has a second reader before it goes out"


def queue_handover(world: World, successor: User, *, by: User) -> None:
    """The agreement of the quarter in which the leader leaves, and the change itself, in order of time."""
    moment = world.timeline.when(WEEKS_AGO)
    first_day = world.calendar.day(moment)
    last_day = first_day - ONE_DAY
    signed_at = _signing(world.team, last_day, world.calendar)
    world.at(signed_at, lambda now: _sign(world, last_day, now))
    world.at(moment, lambda now: _hand_over(world, successor, first_day, by=by, now=now))


def _signing(team: Team, last_day: date, calendar: Calendar) -> datetime:
    """In the first days of the quarter, or on the last day but one in the seat where that is earlier."""
    quarter = quarter_of(last_day, first_month=team.company.fiscal_year_start)
    return calendar.at(max(quarter.start, min(quarter.start + INTO_THE_QUARTER, last_day - ONE_DAY)), 10)


def _sign(world: World, last_day: date, now: datetime) -> None:
    """Goals, initiatives, rights and a sentence hold; one more sentence was proposed and never answered."""
    team = world.team
    quarter = quarter_of(last_day, first_month=team.company.fiscal_year_start)
    agree_on_goals(world, quarter, now)
    proposal = Proposal(
        with_measures=False,
        initiatives=tuple(plan.pk for plan in open_initiatives(team))[:MOST_INITIATIVES],
        rights=(
            Right(RightKind.DISCOUNT, Decimal(10)),
            Right(RightKind.TERMS, Decimal(45)),
            Right(RightKind.SPENDING, Decimal(10_000), currency=team.currency),
        ),
        sentences=SENTENCES,
    )
    state = state_of(read_lines(team, quarter), read_current(team, quarter))
    propose_lines(team, quarter, proposal, state=state, by=world.leader, now=now)
    lines = Agreement.objects.proposed().filter(lines_of(team, quarter), team=team)
    accept_all(team, list(lines.values_list("pk", flat=True)), by=world.ceo, now=now + HOUR)
    state = state_of(read_lines(team, quarter), read_current(team, quarter))
    more = replace(proposal, sentences=(*SENTENCES, UNANSWERED))
    propose_lines(team, quarter, more, state=state, by=world.leader, now=now + 2 * HOUR)


def _hand_over(world: World, successor: User, first_day: date, *, by: User, now: datetime) -> None:
    team, leaves = world.team, world.leader
    Seat.objects.current().filter(team=team, user=leaves).update(until=first_day - ONE_DAY)
    Seat.objects.create(team=team, user=successor, role="leader", since=first_day)
    team.forget_seats()
    new = f"{successor.name}, Sales leader from {first_day}, after {leaves.name}"
    note("seat.handed_over", by=by, now=now, company=team.company, about=team.name, new=new, why=WHY)
    world.change_leader(successor, now)
    deactivate(leaves, team.company, by=by, now=now, why=WHY)
    User.objects.filter(pk=leaves.pk).update(last_login=now - ONE_DAY)
