"""Risks, initiatives and issues of two years, queued in the world; what is open today is the story's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from deals.models import Deal, Risk
from meetings.demo.deals import Course
from meetings.demo.story import OpenIssue, OpenRisk, StoryInitiative
from meetings.demo.words.risks import COURSES
from meetings.demo.world import World, as_field
from meetings.models import Initiative, Issue, Measure

HOURS = timedelta(hours=1)


def queue_open_risk(world: World, script: OpenRisk) -> None:
    """A risk of the story: opened with its first stage, rewritten with each later one."""
    first, *later = script.stages
    world.at(
        world.timeline.when(first[0]),
        partial(_start, world, script.on, script.exposure, _stage(world, first)),
    )
    for stage in later:
        world.at(world.timeline.when(stage[0]), partial(_rewrite, world, script.on, _stage(world, stage)))


def _stage(world: World, stage: tuple[float, str, str, int]) -> dict[str, Any]:
    _, wrong, action, due = stage
    return {"what_is_wrong": wrong, "action": action, "due": world.timeline.day(due)}


def queue_past_risks(world: World, courses: Sequence[Course], *, begin: datetime, end: datetime) -> None:
    """One every three or four weeks, on a big deal or an account, each over before `end`."""
    in_story = {deal.name for deal in world.story.deals}
    known = {deal.account for deal in world.story.deals} | {risk.on for risk in world.story.risks}
    quiet = [short for short in world.story.accounts if short not in known]
    week = timedelta(weeks=1)
    at = begin
    while at < end - 3 * week:
        at = world.calendar.office(at + week * world.rng.uniform(1.4, 5.2))
        open_now = [
            course
            for course in courses
            if course.name not in in_story and _is_open(course, at, at + 2 * week)
        ]
        if open_now and world.rng.random() < 0.65:
            course = world.rng.choice(open_now)
            queue_past_risk(world, course.name, course.amount, at=at, until=min(end, course.steps[-1].at))
        else:
            exposure = world.rng.randrange(60_000, 320_000, 5_000)
            queue_past_risk(world, world.rng.choice(quiet), exposure, at=at, until=end)


def _is_open(course: Course, start: datetime, end: datetime) -> bool:
    return course.opened < start and bool(course.steps) and course.steps[-1].at > end


def queue_past_risk(world: World, on: str, exposure: int, *, at: datetime, until: datetime) -> None:
    rng = world.rng
    stages, well, badly = COURSES[rng.randrange(len(COURSES))]
    key = f"{on} {at:%Y%m%d}"
    ends = min(until, at + timedelta(weeks=rng.uniform(2, 8)))
    ends = max(world.calendar.office(ends - 2 * HOURS), at + HOURS)
    for number, (wrong, action) in enumerate(stages):
        begins = world.calendar.office(at + (ends - at) * number / len(stages))
        due = world.calendar.on_or_after(world.calendar.day(begins) + timedelta(days=rng.randrange(5, 14)))
        fields = {
            "what_is_wrong": wrong,
            "action": action.format(rep=rng.choice(world.story.reps).split(" ")[0]),
            "due": due,
        }
        if number:
            world.at(max(begins, at), partial(_rewrite, world, key, fields))
        else:
            world.at(at, partial(_start, world, on, exposure, fields, key=key))
    outcome = well if rng.random() < 0.7 else badly
    world.at(ends, partial(_close, world, key, outcome))


def _start(
    world: World, on: str, exposure: int, fields: dict[str, Any], now: datetime, *, key: str = ""
) -> None:
    deal = world.items.get(on)
    deal = deal if isinstance(deal, Deal) else None
    account = None if deal else world.team.company.accounts.get(name=world.story.accounts[on])
    world.items[key or f"risk {on}"] = Risk.objects.create(
        team=world.team,
        deal=deal,
        account=account,
        name=deal.name if deal else str(account),
        exposure=Decimal(exposure),
        owner=world.leader,
        created_at=now,
        created_by=world.leader,
        changed_at=now,
        **fields,
    )


def _rewrite(world: World, key: str, fields: dict[str, Any], now: datetime) -> None:
    key = key if f"risk {key}" not in world.items else f"risk {key}"
    risk = world.items[key]
    assert isinstance(risk, Risk)
    world.items[key] = risk.edit(version=risk.version, changed_at=now, **fields)


def _close(world: World, key: str, outcome: str, now: datetime) -> None:
    risk = world.items[key]
    assert isinstance(risk, Risk)
    risk.close(by=world.leader, now=now, outcome=outcome)


def queue_initiative(world: World, script: StoryInitiative, *, preparations: Sequence[datetime]) -> None:
    """An initiative from its first week on: the CEO's decisions, a figure most weeks, its end."""
    begins = world.timeline.when(script.began)
    ends = world.timeline.when(script.ended) if script.ended else world.timeline.moment
    world.at(begins, partial(_begin, world, script))
    for ago, approval, why in script.decisions:
        world.at(world.timeline.when(ago), partial(_decide, world, script, approval, why))
    moments = [moment for moment in preparations if begins < moment < ends]
    for number, moment in enumerate(moments, 1):
        value = _value(world, script, Decimal(number) / len(moments))
        health = _health(script, value, last=number == len(moments) and script.ended is None)
        if number == len(moments) or world.rng.random() < 0.88:
            world.at(moment, partial(_revise, world, script, current=value, health=health))
    if script.new_plan:
        ago, plan = script.new_plan
        world.at(world.timeline.when(ago), partial(_revise, world, script, plan=plan))
    if script.ended:
        world.at(
            ends,
            lambda now: _initiative(world, script).finish(by=world.leader, now=now, outcome=script.outcome),
        )


def _initiative(world: World, script: StoryInitiative) -> Initiative:
    initiative = world.items[script.title]
    assert isinstance(initiative, Initiative)
    return initiative


def _begin(world: World, script: StoryInitiative, now: datetime) -> None:
    baseline, target, _ = (Decimal(figure) for figure in script.figures)
    initiative = Initiative.objects.create(
        team=world.team,
        title=script.title,
        kind=script.kind,
        plan=script.plan,
        due=world.calendar.on_or_after(world.calendar.day(now) + timedelta(weeks=30)),
        created_at=now,
        created_by=world.leader,
        changed_at=now,
        **Initiative.pair_of(world.team),
    )
    measure = Measure.of_initiative(
        initiative, measure=script.measure, unit=script.unit, baseline=baseline, target=target
    )
    measure.start(baseline, at=now)
    world.items[script.title] = initiative


def _revise(world: World, script: StoryInitiative, now: datetime, **fields: Any) -> None:
    row = _initiative(world, script)
    world.items[script.title] = row.revise(version=row.version, now=now, **fields)


def _decide(world: World, script: StoryInitiative, approval: str, why: str, now: datetime) -> None:
    row = _initiative(world, script)
    row.decide(approval, by=world.ceo, now=now, why=why)
    world.items[script.title] = Initiative.objects.get(pk=row.pk)


def _value(world: World, script: StoryInitiative, progress: Decimal) -> Decimal:
    """From the baseline to the current value with a little noise; the last one is the current value."""
    baseline, reached = script.path
    if progress == 1:
        return reached
    distance = reached - baseline
    noise = distance * world.rng.randint(-14, 14) / 100
    if "." in "".join(script.figures):
        return max(round(baseline + distance * progress + noise, 1), Decimal(0))
    if abs(distance) < 12:  # counted in ones: a good week, a poor week
        noise = Decimal(world.rng.choice((-1, 0, 0, 1)))
    return max(Decimal(round(baseline + distance * progress + noise)), Decimal(0))


def _health(script: StoryInitiative, value: Decimal, *, last: bool) -> str:
    if last:
        return script.health
    baseline, target = Decimal(script.figures[0]), Decimal(script.figures[1])
    progress = (value - baseline) / (target - baseline) if target != baseline else Decimal(1)
    return "on_track" if progress > Decimal("0.15") else "behind"


def queue_open_issue(world: World, script: OpenIssue) -> None:
    world.at(world.timeline.when(script.ago), partial(_raise, world, script))


def _raise(world: World, script: OpenIssue, now: datetime) -> None:
    about = world.about(script.section, script.about)
    issue = Issue.objects.create(
        team=world.team,
        section=script.section,
        kind=script.kind,
        side=script.side,
        title=script.title,
        detail=script.detail,
        created_at=now,
        created_by=world.person(script.side),
        changed_at=now,
        **as_field(about),
    )
    world.items[script.title] = issue
    if script.discussed:
        world.at(world.timeline.fresh_from - HOURS, lambda at: issue.discuss(now=at))
