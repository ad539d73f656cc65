"""The deal mixes that the two teams agreed in January. North wants mid-size deals and lately chases big ones;
South lives by big lines.
"""

from __future__ import annotations

from datetime import timedelta

from alignment.agreements.answers import accept, propose
from alignment.rules.periods import year_of
from alignment.rules.roles import Side
from deals.mix.queries import key_of
from deals.mix.terms import SUBJECT, MixTerms
from deals.rules.mix import Band, Bands
from meetings.demo.world import World

TARGET = {Band.SMALL: 20, Band.MID: 60, Band.BIG: 20}
WHY = "Mid-size pays the salaries until June."
SOUTH_TARGET = {Band.SMALL: 10, Band.MID: 45, Band.BIG: 45}
SOUTH_WHY = "Each big line brings ten years of service."
MIXES = {"north": (TARGET, WHY), "south": (SOUTH_TARGET, SOUTH_WHY)}
INTO_THE_YEAR = timedelta(days=9)
LEAST_WEEKS = 0.6
"""Before today where the year is younger than that."""


def agree_on_mix(world: World) -> None:
    target, why = MIXES[world.team.slug]
    team, today = world.team, world.timeline.today
    year = year_of(today, first_month=team.company.fiscal_year_start)
    weeks = max(LEAST_WEEKS, (today - year.start - INTO_THE_YEAR).days / 7)
    terms = MixTerms(target, why, Bands(team.mid_deal_from, team.big_deal_from))
    now = world.timeline.when(weeks)
    proposal = propose(
        team,
        subject=SUBJECT,
        key=key_of(team, today=today),
        content=terms.as_content(),
        side=Side.LEADER,
        by=world.leader_at(now),
        now=now,
    )
    accept(proposal, by=world.ceo, now=world.timeline.when(weeks * 0.95))
