"""Rows of the database as rows of the agenda, with what stands in their margin. Reads no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from alignment.money import compact
from alignment.rows import as_amount, as_day, as_time, rows
from deals.models import Deal, Risk
from deals.promises import Change, date_is_fiction, movement, promised_dates, pushes
from meetings.agenda.values import (
    DealRow,
    Decided,
    InitiativeRow,
    IssueRow,
    Mark,
    Person,
    Promise,
    RiskRow,
    Words,
)
from meetings.models import Commitment, Initiative, Issue, Meeting

NOBODY = Person(0, "Nobody", "")
ON_THEIR_WAY = timedelta(seconds=10)
"""Words typed before the click that handed in may arrive after it."""


@dataclass(slots=True)
class Scene:
    """What the rows of one agenda have in common: the time, the people, and what was said about which item."""

    meeting: Meeting
    now: datetime
    today: date
    since: datetime  # the last held meeting's close, or a week before this one
    since_day: date
    closes: list[datetime]  # of the held meetings before this one, newest first
    people: dict[int, Person]
    words: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))
    before: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))
    promises: dict[str, list[Promise]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[str, list[Decided]] = field(default_factory=lambda: defaultdict(list))
    all_promises: list[Promise] = field(default_factory=list)
    all_decisions: list[Decided] = field(default_factory=list)

    def about(self, place: str) -> dict[str, Any]:
        """Words and commitments on one item or section."""
        return {
            "words": tuple(self.words[place]), "before": tuple(self.before[place]), "promises": tuple(self.promises[place])
        }  # fmt: skip

    def day(self, time: datetime) -> date:
        return self.meeting.team.today(time)

    def meetings_since(self, time: datetime) -> int:
        """How many held meetings have passed a row that has not changed since `time`."""
        return sum(close > time for close in self.closes)

    def person(self, user: Any) -> Person | None:
        if user is None:
            return None
        return self.people.get(user.pk) or Person(user.pk, user.name, "")

    def changed_late(self, time: datetime) -> bool:
        handed_in = self.meeting.handed_in_at
        return handed_in is not None and time > handed_in + ON_THEIR_WAY


def place(section: str, deal: int | None, risk: int | None, initiative: int | None, issue: int | None) -> str:
    """Where something belongs: an item such as risk-7, or its section."""
    items = (("deal", deal), ("risk", risk), ("initiative", initiative), ("issue", issue))
    return next((f"{kind}-{pk}" for kind, pk in items if pk), section)


def read_words(scene: Scene, told: list[list[Any]], *, into: dict[str, list[Words]], before: bool) -> None:
    for pk, side, name, text, at, version, *about in told:
        time = as_time(at) or scene.now
        late = side == "leader" and not before and scene.changed_late(time)
        into[place(*about)].append(Words(pk, side, name, text, time, version, late))


def read_decisions(scene: Scene, told: list[list[Any]]) -> None:
    for pk, text, at, *rest in told:
        about, (deal, risk, initiative, issue, kind, ceo, leader) = rest[:5], rest[5:]
        plan = Initiative(kind=kind or "", pair_ceo_id=ceo, pair_leader_id=leader)
        where = place(*about)
        decided = Decided(
            id=pk, text=text, section=about[0], item="" if where == about[0] else where,
            item_title=deal or risk or initiative or issue or "", at=as_time(at) or scene.now,
            pair_only=plan.is_for_the_two, readers=plan.readers,
        )  # fmt: skip
        scene.decisions[where].append(decided)
        scene.all_decisions.append(decided)


def read_promises(scene: Scene, commitments: Iterable[Commitment]) -> None:
    """Open ones and those closed since the last meeting, each also at the item it is about."""
    for commitment in commitments:
        closed_at = commitment.done_at or commitment.dropped_at
        if closed_at is not None and closed_at <= scene.since:
            continue
        promise = promise_row(scene, commitment, closed_at)
        scene.promises[promise.item or promise.section].append(promise)
        scene.all_promises.append(promise)


def promise_row(scene: Scene, commitment: Commitment, closed_at: datetime | None) -> Promise:
    where = place(
        commitment.section, commitment.deal_id, commitment.risk_id, commitment.initiative_id, commitment.issue_id
    )  # fmt: skip
    last_day = scene.day(closed_at) if closed_at else scene.today
    return Promise(
        id=commitment.pk, text=commitment.text, owner=scene.person(commitment.owner) or NOBODY, due=commitment.due,
        state="open" if closed_at is None else "done" if commitment.done_at else "dropped",
        made_at=commitment.created_at, closed_at=closed_at, late=last_day > commitment.due, why=commitment.dropped_why,
        section=commitment.section, item="" if where == commitment.section else where,
        item_title=str(commitment.item or ""), fresh=commitment.created_at > scene.since, version=commitment.version,
        pair_only=commitment.is_for_the_two, readers=commitment.readers,
        carried=closed_at is None and commitment.created_at <= scene.since < commitment.changed_at,
    )  # fmt: skip


def deal_row(scene: Scene, deal: Deal) -> DealRow:
    team = scene.meeting.team
    known = [
        (Change(name, old, new, as_day(day) or scene.today, reason), as_time(at) or scene.now)
        for name, old, new, day, reason, at in rows(deal.change_rows)  # type: ignore[attr-defined]
        if (as_day(day) or scene.today) <= scene.today
    ]
    changes = [change for change, _ in known]
    fresh = [
        change
        for change, at in known
        if change.day > scene.since_day or (change.day == scene.since_day and at > scene.since)
    ]
    born = scene.today if scene.since < deal.created_at <= scene.now and scene.closes else None
    moved = movement(fresh, since=scene.since_day - timedelta(days=1), created_on=born)
    pushed = [push for push in pushes(changes, first_month=team.company.fiscal_year_start) if push.counts]
    reason = next(
        (change.reason for change in reversed(fresh) if change.field == "close_date" and change.reason), ""
    )
    fiction = deal.status == Deal.Status.OPEN and date_is_fiction(pushed)
    return DealRow(
        id=deal.pk, title=deal.name, version=deal.version, account=deal.account.name if deal.account else "",
        owner=deal.owner, stage=deal.stage, status=deal.status, amount=deal.amount, close_date=deal.close_date,
        pinned=deal.pinned_at is not None, capacity_what=deal.capacity_what, capacity_by=deal.capacity_by,
        capacity_who=deal.capacity_who, kinds=tuple(str(kind) for kind in moved.kinds),
        trail=promised_dates(changes, current=deal.close_date), pushes=len(pushed), date_is_fiction=fiction, push_reason=reason,
        marks=deal_marks(deal, moved.kinds, moved.days, moved.amount, len(pushed), team.currency, fiction=fiction),
        **scene.about(f"deal-{deal.pk}"),
    )  # fmt: skip


def deal_marks(
    deal: Deal,
    kinds: Iterable[str],
    days: int,
    amount: Decimal,
    pushes: int,
    currency: str,
    *,
    fiction: bool,
) -> tuple[Mark, ...]:
    """What happened to a deal since the last meeting, in words."""
    marks = []
    if deal.status == Deal.Status.WON:
        marks.append(Mark("won", "good"))
    elif deal.status == Deal.Status.LOST:
        marks.append(Mark("lost", "bad"))
    elif "new" in kinds:
        marks.append(Mark("new"))
    if "pushed_out" in kinds:
        marks.append(Mark(f"pushed {span(days)}{times(pushes)}", "bad"))
    if "pulled_in" in kinds:
        marks.append(Mark(f"pulled in {span(-days)}", "good"))
    if "amount_up" in kinds or "amount_down" in kinds:
        marks.append(
            Mark(
                compact(amount, currency=currency, locale="en", signed=True), "good" if amount > 0 else "warn"
            )
        )
    if fiction:
        marks.append(Mark("date is fiction", "bad"))
    return tuple(marks)


def span(days: int) -> str:
    """A number of days in words: weeks from two weeks on."""
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    return f"{round(days / 7)} weeks"


def times(count: int) -> str:
    words = {2: ", second time", 3: ", third time", 4: ", fourth time", 5: ", fifth time"}
    return words.get(count, f", {count} times" if count > 5 else "")


def risk_row(scene: Scene, risk: Risk) -> RiskRow:
    unchanged = scene.meetings_since(risk.changed_at)
    weeks = max(0, (scene.today - scene.day(risk.created_at)).days // 7)
    marks = []
    if risk.closed_at:
        marks.append(Mark("closed", "good"))
    elif unchanged >= 2:
        marks.append(Mark(f"{unchanged} meetings without change", "bad"))
    elif risk.created_at > scene.since and scene.closes:
        marks.append(Mark("new"))
    elif risk.changed_at > scene.since and scene.closes:
        marks.append(Mark("changed"))
    if risk.closed_at is None and risk.due and risk.due < scene.today:
        marks.append(Mark("action overdue", "bad"))
    return RiskRow(
        id=risk.pk, title=risk.name, version=risk.version, kind="deal" if risk.deal_id else "account", exposure=risk.exposure,
        what_is_wrong=risk.what_is_wrong, action=risk.action, owner=scene.person(risk.owner), due=risk.due, weeks_open=weeks,
        meetings_unchanged=unchanged, closed=risk.closed_at is not None, outcome=risk.outcome, marks=tuple(marks),
        **scene.about(f"risk-{risk.pk}"),
    )  # fmt: skip


def initiative_row(scene: Scene, initiative: Initiative) -> InitiativeRow:
    marks = [
        Mark(
            initiative.get_health_display().lower(),
            {"on_track": "good", "behind": "warn"}.get(initiative.health, "bad"),
        )
    ]
    if initiative.finished_at:
        marks = [Mark("finished", "good")]
    elif initiative.created_at > scene.since and scene.closes:
        marks.append(Mark("new"))
    if initiative.ceo_word == Initiative.Word.CHANGED and not initiative.finished_at:
        marks.append(Mark("plan changed", "warn"))
    return InitiativeRow(
        id=initiative.pk, title=initiative.title, version=initiative.version, kind=initiative.kind,
        kind_label=initiative.get_kind_display(), plan=initiative.plan, measure=initiative.measure, unit=initiative.unit,
        baseline=initiative.baseline, target=initiative.target, current=initiative.current, due=initiative.due,
        health=initiative.health, health_label=initiative.get_health_display(), ceo_word=initiative.ceo_word,
        ceo_word_label=initiative.get_ceo_word_display(), ceo_why=initiative.ceo_why, waits_for_ceo=initiative.waits_for_ceo,
        points=tuple(as_amount(value) or Decimal(0) for (value,) in rows(initiative.point_rows)),  # type: ignore[attr-defined]
        changed=initiative.changed_at > scene.since, finished=initiative.finished_at is not None, outcome=initiative.outcome,
        marks=tuple(marks), pair_only=initiative.is_for_the_two, readers=initiative.readers, **scene.about(f"initiative-{initiative.pk}"),
    )  # fmt: skip


def issue_row(scene: Scene, issue: Issue) -> IssueRow:
    side = {"ceo": "from the CEO", "leader": "from the leader", "facilitator": "from the facilitator"}.get(
        issue.side, ""
    )
    marks = [Mark(side)] if side else []
    if issue.solved_at:
        marks.append(Mark("solved", "good"))
    elif issue.discussed_at:
        marks.append(Mark("discussed"))
    elif issue.created_at > scene.since and scene.closes:
        marks.append(Mark("new"))
    where = place(issue.section, issue.deal_id, issue.risk_id, issue.initiative_id, None)
    return IssueRow(
        id=issue.pk, title=issue.title, version=issue.version, kind=issue.kind, side=issue.side,
        raised_by=issue.created_by.name if issue.created_by else "", raised_at=issue.created_at, detail=issue.detail, section=issue.section,
        item="" if where == issue.section else where, item_title=str(issue.item or ""), discussed=issue.discussed_at is not None,
        solved=issue.solved_at is not None, resolution=issue.resolution, marks=tuple(marks),
        pair_only=issue.is_for_the_two, readers=issue.readers,
        decisions=tuple(scene.decisions[f"issue-{issue.pk}"]), **scene.about(f"issue-{issue.pk}"),
    )  # fmt: skip
