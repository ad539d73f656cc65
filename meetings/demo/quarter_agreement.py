"""What North agreed for the quarter, signed in its first days: goals, measures, initiatives and who decides what."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from alignment.agreements.together import accept_all
from alignment.models import Agreement
from alignment.rules.periods import Period, quarter_of
from deals.goals.agreement import SUBJECT as GOALS
from meetings.agreement.as_it_is import agree_as_it_is, content_now, state_of_content
from meetings.agreement.proposals import Proposal, propose_lines, state_of
from meetings.agreement.queries import lines_of, open_initiatives, read_current, read_lines
from meetings.agreement.terms import MOST_INITIATIVES
from meetings.demo.world import World
from meetings.rules.decision_rights import Right, RightKind

INTO_THE_QUARTER = timedelta(days=5)
LEAST_WEEKS = 0.4
"""Before today where the quarter is younger than that."""
SENTENCES = ("We leave accounts under 20K to partners.",)


def sign_quarter(world: World) -> None:
    team, today = world.team, world.timeline.today
    quarter = quarter_of(today, first_month=team.company.fiscal_year_start)
    weeks = max(LEAST_WEEKS, (today - quarter.start - INTO_THE_QUARTER).days / 7)
    now = world.timeline.when(weeks)
    agree_on_goals(world, quarter, now)
    proposal = Proposal(
        with_measures=True,
        initiatives=tuple(plan.pk for plan in open_initiatives(team))[:MOST_INITIATIVES],
        rights=(
            Right(RightKind.DISCOUNT, Decimal(15)),
            Right(RightKind.TERMS, Decimal(60)),
            Right(RightKind.UNPAID, Decimal(5)),
            Right(RightKind.SPENDING, Decimal(20_000), currency=team.currency),
            Right(RightKind.PEOPLE, text="Reps alone; managers together"),
        ),
        sentences=SENTENCES,
    )
    state = state_of(read_lines(team, quarter), read_current(team, quarter))
    propose_lines(team, quarter, proposal, state=state, by=world.leader, now=now)
    lines = Agreement.objects.proposed().filter(lines_of(team, quarter), team=team)
    pks = list(lines.values_list("pk", flat=True))
    accept_all(team, pks, by=world.ceo, now=world.timeline.when(weeks * 0.95))


def agree_on_goals(world: World, quarter: Period, now: datetime) -> None:
    """The leader’s yes; the CEO’s comes with that to all lines."""
    content = content_now(GOALS, [], read_current(world.team, quarter), world.team, quarter)
    agree_as_it_is(
        world.team,
        quarter,
        GOALS,
        state=state_of_content(content),
        by=world.leader,
        now=now,
    )
