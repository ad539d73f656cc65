"""Risks, initiatives and issues of two years, put into the world's queue; what is open today comes from the story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from deals.models import Deal, Risk
from meetings.demo.deals import Course
from meetings.demo.story import Effort, OpenIssue, OpenRisk
from meetings.demo.words.risks import COURSES
from meetings.demo.world import World, as_field
from meetings.models import Initiative, Issue

HOURS = timedelta(hours=1)


def open_risk(world: World, told: OpenRisk) -> None:
    """A risk of the story: opened with its first stage, rewritten with each later one."""
    first, *later = told.stages
    world.at(
        world.timeline.when(first[0]), partial(_start, world, told.on, told.exposure, _stage(world, first))
    )
    for stage in later:
        world.at(world.timeline.when(stage[0]), partial(_rewrite, world, told.on, _stage(world, stage)))


def _stage(world: World, stage: tuple[float, str, str, int]) -> dict[str, Any]:
    _, wrong, action, due = stage
    return {"what_is_wrong": wrong, "action": action, "due": world.timeline.day(due)}


def past_risks(world: World, courses: Sequence[Course], *, begin: datetime, end: datetime) -> None:
    """One every three or four weeks, on a big deal or an account, each over before `end`."""
    told = {deal.name for deal in world.story.deals}
    known = {deal.account for deal in world.story.deals} | {risk.on for risk in world.story.risks}
    quiet = [short for short in world.story.accounts if short not in known]
    week = timedelta(weeks=1)
    at = begin
    while at < end - 3 * week:
        at = world.calendar.office(at + week * world.rng.uniform(1.4, 5.2))
        open_now = [
            course for course in courses if course.name not in told and _is_open(course, at, at + 2 * week)
        ]
        if open_now and world.rng.random() < 0.65:
            course = world.rng.choice(open_now)
            past_risk(world, course.name, course.amount, at=at, until=min(end, course.steps[-1].at))
        else:
            exposure = world.rng.randrange(60_000, 320_000, 5_000)
            past_risk(world, world.rng.choice(quiet), exposure, at=at, until=end)


def _is_open(course: Course, start: datetime, end: datetime) -> bool:
    return course.opened < start and bool(course.steps) and course.steps[-1].at > end


def past_risk(world: World, on: str, exposure: int, *, at: datetime, until: datetime) -> None:
    rng = world.rng
    stages, well, badly = COURSES[rng.randrange(len(COURSES))]
    key = f"{on} {at:%Y%m%d}"
    ends = min(until, at + timedelta(weeks=rng.uniform(2, 8)))
    ends = max(world.calendar.office(ends - 2 * HOURS), at + HOURS)
    for number, (wrong, action) in enumerate(stages):
        begins = world.calendar.office(at + (ends - at) * number / len(stages))
        due = world.calendar.on_or_after(world.calendar.day(begins) + timedelta(days=rng.randrange(5, 14)))
        says = {
            "what_is_wrong": wrong,
            "action": action.format(rep=rng.choice(world.story.reps).split(" ")[0]),
            "due": due,
        }
        if number:
            world.at(max(begins, at), partial(_rewrite, world, key, says))
        else:
            world.at(at, partial(_start, world, on, exposure, says, key=key))
    outcome = well if rng.random() < 0.7 else badly
    world.at(ends, partial(_close, world, key, outcome))


def _start(
    world: World, on: str, exposure: int, says: dict[str, Any], now: datetime, *, key: str = ""
) -> None:
    deal = world.items.get(on)
    deal = deal if isinstance(deal, Deal) else None
    account = None if deal else world.team.company.accounts.get(name=world.story.accounts[on])
    world.items[key or f"risk {on}"] = Risk.objects.create(
        team=world.team, deal=deal, account=account, name=deal.name if deal else str(account), exposure=Decimal(exposure),
        owner=world.leader, created_at=now, created_by=world.leader, changed_at=now, **says,
    )  # fmt: skip


def _rewrite(world: World, key: str, says: dict[str, Any], now: datetime) -> None:
    key = key if f"risk {key}" not in world.items else f"risk {key}"
    risk = world.items[key]
    assert isinstance(risk, Risk)
    world.items[key] = risk.edit(version=risk.version, changed_at=now, **says)


def _close(world: World, key: str, outcome: str, now: datetime) -> None:
    risk = world.items[key]
    assert isinstance(risk, Risk)
    risk.close(by=world.leader, now=now, outcome=outcome)


def effort(world: World, told: Effort, *, preparations: Sequence[datetime]) -> None:
    """An initiative from its first week on: the CEO's words, a figure most weeks, its end."""
    begins = world.timeline.when(told.began)
    ends = world.timeline.when(told.ended) if told.ended else world.timeline.moment
    world.at(begins, partial(_begin, world, told))
    for ago, word, why in told.words:
        world.at(world.timeline.when(ago), partial(_word, world, told, word, why))
    moments = [each for each in preparations if begins < each < ends]
    for number, each in enumerate(moments, 1):
        value = _value(world, told, Decimal(number) / len(moments))
        health = _health(told, value, last=number == len(moments) and told.ended is None)
        if number == len(moments) or world.rng.random() < 0.88:
            world.at(each, partial(_revise, world, told, current=value, health=health))
    if told.new_plan:
        ago, plan = told.new_plan
        world.at(world.timeline.when(ago), partial(_revise, world, told, plan=plan))
    if told.ended:
        world.at(
            ends, lambda now: _initiative(world, told).finish(by=world.leader, now=now, outcome=told.outcome)
        )


def _initiative(world: World, told: Effort) -> Initiative:
    found = world.items[told.title]
    assert isinstance(found, Initiative)
    return found


def _begin(world: World, told: Effort, now: datetime) -> None:
    baseline, target, _ = (Decimal(figure) for figure in told.figures)
    made = Initiative.objects.create(
        team=world.team, title=told.title, kind=told.kind, plan=told.plan, measure=told.measure, unit=told.unit, baseline=baseline,
        target=target, due=world.calendar.on_or_after(world.calendar.day(now) + timedelta(weeks=30)), created_at=now,
        created_by=world.leader, changed_at=now, **Initiative.pair_of(world.team),
    )  # fmt: skip
    world.items[told.title] = made.revise(version=made.version, now=now, current=baseline)


def _revise(world: World, told: Effort, now: datetime, **fields: Any) -> None:
    row = _initiative(world, told)
    world.items[told.title] = row.revise(version=row.version, now=now, **fields)


def _word(world: World, told: Effort, word: str, why: str, now: datetime) -> None:
    row = _initiative(world, told)
    row.say(word, by=world.ceo, now=now, why=why)
    world.items[told.title] = Initiative.objects.get(pk=row.pk)


def _value(world: World, told: Effort, progress: Decimal) -> Decimal:
    """On the way from the baseline to where it stands, with a little up and down; the last one is where it stands."""
    baseline, reached = told.path
    if progress == 1:
        return reached
    way = reached - baseline
    wobble = way * world.rng.randint(-14, 14) / 100
    if "." in "".join(told.figures):
        return max(round(baseline + way * progress + wobble, 1), Decimal(0))
    if abs(way) < 12:  # counted in ones: a good week, a poor week
        wobble = Decimal(world.rng.choice((-1, 0, 0, 1)))
    return max(Decimal(round(baseline + way * progress + wobble)), Decimal(0))


def _health(told: Effort, value: Decimal, *, last: bool) -> str:
    if last:
        return told.health
    baseline, target = Decimal(told.figures[0]), Decimal(told.figures[1])
    way = (value - baseline) / (target - baseline) if target != baseline else Decimal(1)
    return "on_track" if way > Decimal("0.15") else "behind"


def open_issue(world: World, told: OpenIssue) -> None:
    world.at(world.timeline.when(told.ago), partial(_raise, world, told))


def _raise(world: World, told: OpenIssue, now: datetime) -> None:
    about = world.about(told.section, told.about)
    issue = Issue.objects.create(
        team=world.team, section=told.section, kind=told.kind, side=told.side, title=told.title, detail=told.detail, created_at=now,
        created_by=world.person(told.side), changed_at=now, **as_field(about),
    )  # fmt: skip
    world.items[told.title] = issue
    if told.discussed:
        world.at(world.timeline.fresh_from - HOURS, lambda at: issue.discuss(now=at))
