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
from meetings.demo import coming_meeting, items
from meetings.demo.agenda import TeamHistory, make_story_commitment
from meetings.demo.calls import Calls
from meetings.demo.cast import Cast
from meetings.demo.check_ins import raise_last_question
from meetings.demo.deal_evidence import explain_commits
from meetings.demo.deal_flow import DealFlow
from meetings.demo.deal_mix import agree_on_mix
from meetings.demo.deals import plan
from meetings.demo.first_meeting import hold_first_meeting, prepare_first_meeting
from meetings.demo.handover import queue_handover
from meetings.demo.heads_ups import leave_heads_ups
from meetings.demo.key_clients import add_key_clients
from meetings.demo.market import describe_market
from meetings.demo.measures import add_measures
from meetings.demo.north import NORTH
from meetings.demo.other_company import seed_other_company
from meetings.demo.past_issues import PastIssues
from meetings.demo.quarter_agreement import sign_quarter
from meetings.demo.south import SOUTH
from meetings.demo.story import Slot, Story
from meetings.demo.timeline import Timeline, held_on, share, slots, stretches
from meetings.demo.voice import Voice
from meetings.demo.wins import wins
from meetings.demo.world import World
from meetings.schedule.slots import plan_meetings

WEEKS = 104


@dataclass(frozen=True)
class TeamSetup:
    """A team's story and its goals."""

    story: Story
    average_month: int  # of goals this year, in dollars
    growth: int  # per cent a year


NORTH_SLUG = "north"
PARTS = {NORTH_SLUG: TeamSetup(NORTH, 1_060_000, 11), "south": TeamSetup(SOUTH, 800_000, 16)}


@transaction.atomic
def seed(today: date, *, weeks: int = WEEKS, tick: Callable[[], object] = lambda: None) -> None:
    """Fill an empty database; `tick` is called after each of the `2 * weeks` meetings."""
    calendar = people.calendar(today)
    coming = {"north": calendar.after(today), "south": calendar.after(calendar.after(today))}
    cast = people.create_cast(today, first_slot=coming["north"] - timedelta(weeks=weeks))
    for team, leader in ((cast.north, cast.leader), (cast.south, cast.former_leader)):
        seed_team(cast, team, leader, today=today, coming=coming[team.slug], weeks=weeks, tick=tick)
    seed_other_company(today, calendar)


def seed_team(
    cast: Cast, team: Team, leader: User, *, today: date, coming: date, weeks: int, tick: Callable[[], object]
) -> None:
    """One team's story, from its goals to the preparation of the coming meeting."""
    part, calendar = PARTS[team.slug], cast.calendar
    rng = Random(f"{today} {team.slug}")  # noqa: S311  # a story, not a secret
    goals = people.goals(part.average_month, growth=part.growth, today=today)
    before = people.goals_before_raise(goals, today=today)
    people.set_goals(team, goals | before, by=cast.admin, days=calendar, today=today)
    past = slots(part.story, coming=coming, weeks=weeks, calendar=calendar)
    days = [held_on(slot, calendar) for slot in past]
    local = team.local_time
    timeline = Timeline(calendar, today, coming, calendar.at(days[-1], local.hour + 1, local.minute))
    world = World(team, cast.ceo, leader, cast.facilitator, part.story, timeline, rng)
    world.at(
        calendar.at(calendar.before(min(before)), 10),
        lambda now: people.record_raised_goals(team, goals, before, by=cast.admin, now=now),
    )
    cuts = stretches(days, today=today)
    noise = [Decimal(rng.randint(-25, 25)) / 1000 for _ in range(97)]
    gaps = share(part.story, goals, today=today, calendar=calendar, noise=noise)
    won = wins(cuts, goals=goals, calendar=calendar, share=gaps, rng=rng)
    courses, orders = plan(part.story, won, timeline=timeline, begin=cuts[0].first, rng=rng)
    is_north = team.slug == NORTH_SLUG
    if not is_north:
        queue_handover(world, cast.second_leader, by=cast.admin)
    play_weeks(world, DealFlow(world, courses, orders), past, tick=tick)
    if is_north:
        add_key_clients(world)
    agree_on_mix(world)
    add_measures(world)
    if is_north:
        hold_first_meeting(world)
        sign_quarter(world)
        leave_heads_ups(world)
        raise_last_question(world)
    else:
        prepare_first_meeting(world)
    explain_commits(world, unsaid=1 if is_north else 0)


def play_weeks(world: World, deal_flow: DealFlow, past: list[Slot], *, tick: Callable[[], object]) -> None:
    voice = Voice(world.rng, world.story.reps)
    past_issues = PastIssues(world, voice)
    calls = Calls(world)
    history = TeamHistory(world, deal_flow, voice, past_issues, calls)
    queue_items(world, deal_flow, past_issues, past)
    for slot in past:
        history.play_week(slot)
        tick()
    history.until(world.timeline.moment)
    describe_market(world)
    plan_meetings(world.team, world.timeline.moment)
    coming = history.planned(Slot(0, world.timeline.coming))
    coming_meeting.prepare(world, coming)
    if coming_meeting.is_ready(world.story):
        coming_meeting.submit_preparation(world, coming, calls)
    else:
        coming_meeting.write_ceo_note(world, coming)


def queue_items(world: World, deal_flow: DealFlow, past_issues: PastIssues, past: list[Slot]) -> None:
    """Everything besides deals goes into the queue before the first week begins."""
    story, calendar, local = world.story, world.calendar, world.team.local_time
    starts = [calendar.at(slot.day, local.hour, local.minute) for slot in past]
    preparing = [calendar.office(start - timedelta(hours=28)) for start in starts]
    items.queue_past_risks(
        world, deal_flow.courses, begin=starts[0], end=calendar.office(starts[-1] - timedelta(days=3))
    )
    for risk in story.risks:
        items.queue_open_risk(world, risk)
    for initiative in story.initiatives:
        items.queue_initiative(world, initiative, preparations=preparing)
    past_issues.schedule([start for slot, start in zip(past, starts, strict=True) if slot.number > 2])
    for issue in story.issues:
        items.queue_open_issue(world, issue)
    world.at(world.timeline.when(story.corrected), deal_flow.correct)
    for commitment in story.commitments:
        if commitment.ago:
            made_at = world.timeline.when(commitment.ago)
            world.at(made_at, partial(make_story_commitment, world, commitment))
