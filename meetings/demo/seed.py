"""The whole demo: the same for a given day, nothing in it later than the beginning of that day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from django.db import transaction

from alignment.models import Team, User
from meetings.demo import cast as people
from meetings.demo import matters, present
from meetings.demo.agenda import Weeks, promised
from meetings.demo.cast import Cast
from meetings.demo.complaints import Complaints
from meetings.demo.deals import plan
from meetings.demo.elsewhere import seed_elsewhere
from meetings.demo.ledger import wins
from meetings.demo.north import NORTH
from meetings.demo.south import SOUTH
from meetings.demo.story import Slot, Story
from meetings.demo.timeline import Timeline, held_on, share, slots, stretches
from meetings.demo.trade import Trade
from meetings.demo.voice import Voice
from meetings.demo.world import World
from meetings.planning import plan as plan_ahead

WEEKS = 104


@dataclass(frozen=True)
class Part:
    """A team's share of the demo."""

    story: Story
    average_month: int  # of goals this year, in dollars
    growth: int  # per cent a year


PARTS = {"north": Part(NORTH, 1_060_000, 11), "south": Part(SOUTH, 800_000, 16)}


@transaction.atomic
def seed(today: date, *, weeks: int = WEEKS, tick: Callable[[], object] = lambda: None) -> None:
    """Fill an empty database; `tick` is called after each of the `2 * weeks` meetings."""
    calendar = people.calendar(today)
    coming = {"north": calendar.after(today), "south": calendar.after(calendar.after(today))}
    cast = people.seat_the_cast(today, first_slot=coming["north"] - timedelta(weeks=weeks))
    for team, leader in ((cast.north, cast.leader), (cast.south, cast.second_leader)):
        tell(cast, team, leader, today=today, coming=coming[team.slug], weeks=weeks, tick=tick)
    seed_elsewhere(today, calendar)


def tell(cast: Cast, team: Team, leader: User, *, today: date, coming: date, weeks: int, tick: Callable[[], object]) -> None:  # fmt: skip
    """One team's story, from its goals to the preparation of the coming meeting."""
    part, calendar = PARTS[team.slug], cast.calendar
    rng = Random(f"{today} {team.slug}")  # noqa: S311  # a story, not a secret
    goals = people.goals(part.average_month, growth=part.growth, today=today)
    before = people.raised(goals, today=today)
    people.set_goals(team, goals | before, by=cast.admin, days=calendar, today=today)
    past = slots(part.story, coming=coming, weeks=weeks, calendar=calendar)
    days = [held_on(slot, calendar) for slot in past]
    local = team.local_time
    timeline = Timeline(calendar, today, coming, calendar.at(days[-1], local.hour + 1, local.minute))
    world = World(team, cast.ceo, leader, cast.facilitator, part.story, timeline, rng)
    world.at(
        calendar.at(calendar.before(min(before)), 10),
        lambda now: people.raise_goals(team, goals, before, by=cast.admin, now=now),
    )
    cuts = stretches(days, today=today)
    noise = [Decimal(rng.randint(-25, 25)) / 1000 for _ in range(97)]
    gaps = share(part.story, goals, today=today, calendar=calendar, noise=noise)
    won = wins(cuts, goals=goals, calendar=calendar, share=gaps, rng=rng)
    courses, orders = plan(part.story, won, timeline=timeline, begin=cuts[0].first, rng=rng)
    live_through(world, Trade(world, courses, orders), past, tick=tick)


def live_through(world: World, trade: Trade, past: list[Slot], *, tick: Callable[[], object]) -> None:
    voice = Voice(world.rng, world.story.reps)
    complaints = Complaints(world, voice)
    weeks = Weeks(world, trade, voice, complaints)
    begin_matters(world, trade, complaints, past)
    for slot in past:
        weeks.pass_week(slot)
        tick()
    weeks.until(world.timeline.moment)
    plan_ahead(world.team, world.timeline.moment)
    coming = weeks.planned(Slot(0, world.timeline.coming))
    present.prepare(world, coming)
    if present.is_ready(world.story):
        present.hand_in(world, coming)
    else:
        present.note_of_the_ceo(world, coming)


def begin_matters(world: World, trade: Trade, complaints: Complaints, past: list[Slot]) -> None:
    """Everything besides deals goes into the queue before the first week begins."""
    story, calendar, local = world.story, world.calendar, world.team.local_time
    starts = [calendar.at(slot.day, local.hour, local.minute) for slot in past]
    preparing = [calendar.office(start - timedelta(hours=28)) for start in starts]
    matters.past_risks(
        world, trade.courses, begin=starts[0], end=calendar.office(starts[-1] - timedelta(days=3))
    )
    for risk in story.risks:
        matters.open_risk(world, risk)
    for effort in story.efforts:
        matters.effort(world, effort, preparations=preparing)
    complaints.schedule([start for slot, start in zip(past, starts, strict=True) if slot.number > 2])
    for issue in story.issues:
        matters.open_issue(world, issue)
    world.at(world.timeline.when(story.corrected), trade.correct)
    for told in story.promises:
        if told.ago:
            world.at(world.timeline.when(told.ago), partial(promised, world, told))
