"""Three made-up weeks of North before its meeting: quiet, usual, bad. The week's budget is counted over them.

Everything stands relative to `now`; the last meeting was closed six days before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product

from alignment.models import Goal, Team
from alignment.rules.periods import quarter_of
from deals.models import Deal, DealChange, RevenueEntry, Risk
from meetings.models import Initiative, Issue, Meeting
from tests.cast import Cast
from tests.factories import (
    make_account,
    make_call,
    make_commitment,
    make_deal,
    make_feedback_talk,
    make_first_meeting,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
QUIET, USUAL, BAD = "quiet", "usual", "bad"
MONTHLY_GOAL = Decimal(900_000)
ACCOUNTS = ("Kestrel", "Alder", "Brandt", "Tessaro", "Finch", "Grayling", "Norwood", "Lakeshore", "Pembroke")
WORDS = "Two renewals move up from January. Dana calls the five open mid-size offers this week."
RISKY = ("Hollis Foods", "Quill Paper", "Meridian", "Orbis", "Calder", "Selby")
PLANS = ("Mid-market playbook", "Distributors", "Controls software", "Ask every plant", "Winter school")


@dataclass(frozen=True)
class Week:
    """A meeting and what was there when its preparation began."""

    kind: str
    meeting: Meeting
    deals: list[Deal]
    risks: list[Risk]
    initiatives: list[Initiative]
    issues: list[Issue]

    @property
    def team(self) -> Team:
        return self.meeting.team


@dataclass(frozen=True)
class Measure:
    """How much of each there is, and how much of it is news."""

    deals: int
    amount_changes: int
    pulled_in: int
    pushed: int
    won: int
    lost: int
    risks: int
    risks_changed: int
    risks_stale: int
    initiatives: int
    to_approve: int
    behind: int
    issues: int
    questions: int
    commitments: int
    overdue: int
    comments: int
    weekly_revenue: int


MEASURES = {
    QUIET: Measure(6, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0, 0, 1, 0, 3, 0, 0, 215_000),
    USUAL: Measure(9, 2, 1, 0, 0, 0, 4, 2, 0, 4, 1, 1, 3, 1, 7, 2, 2, 165_000),
    BAD: Measure(12, 2, 0, 3, 1, 1, 6, 2, 2, 5, 1, 2, 5, 2, 9, 5, 4, 120_000),
}


def make_week(kind: str, cast: Cast, *, now: datetime, starts_in: timedelta = 2 * DAY) -> Week:
    measure, team = MEASURES[kind], cast.north
    last = now - 6 * DAY
    for number in range(1, 13):
        make_held_meeting(team=team, starts_at=last - number * WEEK)
    held = make_held_meeting(team=team, starts_at=last - timedelta(minutes=30))
    quarter = quarter_of(team.today(now), first_month=1)
    make_call(
        meeting=held,
        starts_on=quarter.start,
        ends_on=quarter.end,
        commit=Decimal(2_600_000),
        best_case=Decimal(2_700_000),
    )
    meeting = make_meeting(team=team, starts_at=now + starts_in)
    _make_money(team, measure, now=now)
    deals = _make_deals(cast, measure, now=now)
    risks = _make_risks(cast, measure, now=now)
    initiatives = _make_initiatives(cast, measure, now=now)
    issues = _make_issues(cast, measure, now=now)
    _make_commitments(cast, measure, now=now)
    settle_pair(team, now=now)
    week = Week(kind, meeting, deals, risks, initiatives, issues)
    _make_comments(cast, week, measure, now=now)
    return week


def prepare_week(week: Week, cast: Cast, *, now: datetime) -> None:
    """Submitted with words on the gap and on what changed, as the leader of the usual week leaves it."""
    places = (
        {"section": "revenue"},
        {"section": "risks", "risk": week.risks[0]},
        {"section": "risks", "risk": week.risks[1]},
        {"section": "initiatives", "initiative": week.initiatives[1]},
    )
    for place in places:
        make_update(meeting=week.meeting, author=cast.leader, text=WORDS, changed_at=now, **place)
    week.meeting.submit_preparation(by=cast.leader, now=now)


def settle_pair(team: Team, *, now: datetime) -> None:
    """The two had their first meeting of this year, and in this quarter the leader knows where they stand."""
    quarter = quarter_of(team.today(now), first_month=1)
    year = quarter.start.replace(month=1)
    make_first_meeting(team=team, year_starts_on=year, opened_at=now - WEEK, ended_at=now - WEEK)
    for role in ("ceo", "leader"):
        make_feedback_talk(
            team=team,
            user=team.holder(role),
            starts_on=quarter.start,
            ends_on=quarter.end,
            not_yet=0,
            ask_on=None,
            talked_on=quarter.start,
        )


def _make_money(team: Team, measure: Measure, *, now: datetime) -> None:
    today = team.today(now)
    for year, month in product(range(today.year - 1, today.year + 2), range(1, 13)):
        Goal.objects.create(team=team, month=date(year, month, 1), amount=MONTHLY_GOAL)
    for number in range(1, 60):
        day, at = today - number * WEEK, now - number * WEEK
        RevenueEntry.objects.create(team=team, day=day, amount=measure.weekly_revenue, created_at=at)


def _make_deals(cast: Cast, measure: Measure, *, now: datetime) -> list[Deal]:
    """All are big. Those that changed did two days ago; the first closes in two days and can be won."""
    team, today, changed = cast.north, cast.north.today(now), now - 2 * DAY
    made = now - 90 * DAY
    deals = []
    for number in range(measure.deals):
        name = ACCOUNTS[number % len(ACCOUNTS)]
        title = f"{name} {'renewal' if number < len(ACCOUNTS) else 'plant two'}"
        deals.append(
            make_deal(
                team=team,
                name=title,
                account=make_account(company=cast.company, name=f"{name} {number + 1} Ltd"),
                rep="Dana Ruiz",
                stage="Negotiation",
                amount=Decimal(100_000 + 20_000 * number),
                close_date=today + (2 + number) * DAY,
                created_at=made,
                changed_at=made,
            )
        )
    left = iter(deals[2:])

    def change(deal: Deal, field: str, old: object, **now_is: object) -> None:
        Deal.objects.filter(pk=deal.pk).update(changed_at=changed, **now_is)
        new = str(now_is[field])
        DealChange.objects.create(
            deal=deal, field=field, old=str(old), new=new, day=team.today(changed), at=changed, by=cast.leader
        )

    for _ in range(measure.amount_changes):
        deal = next(left)
        change(deal, "amount", deal.amount - 15_000, amount=deal.amount)
    for _ in range(measure.pulled_in):
        deal = next(left)
        change(deal, "close_date", deal.close_date + 20 * DAY, close_date=deal.close_date)
    for _ in range(measure.pushed):
        deal = next(left)
        change(deal, "close_date", deal.close_date, close_date=deal.close_date + 60 * DAY)
    for status, count in ((Deal.Status.WON, measure.won), (Deal.Status.LOST, measure.lost)):
        for _ in range(count):
            change(next(left), "status", "open", status=status, close_date=team.today(changed))
    return deals


def _make_risks(cast: Cast, measure: Measure, *, now: datetime) -> list[Risk]:
    """Each has its action; those changed were two days ago, the stale ones not for four meetings."""
    today = cast.north.today(now)
    risks = []
    for number in range(measure.risks):
        days = 2 if number < measure.risks_changed else 9
        stale = number >= measure.risks - measure.risks_stale
        risks.append(
            make_risk(
                team=cast.north,
                name=RISKY[number],
                exposure=Decimal(60_000 * (number + 1)),
                action="Visit with operations",
                owner=cast.leader,
                due=today + 9 * DAY,
                created_at=now - 60 * DAY,
                changed_at=now - (30 * DAY if stale else days * DAY),
            )
        )
    return risks


def _make_initiatives(cast: Cast, measure: Measure, *, now: datetime) -> list[Initiative]:
    plans = []
    for number in range(measure.initiatives):
        waits = number < measure.to_approve
        behind = measure.to_approve <= number < measure.to_approve + measure.behind
        plans.append(
            make_initiative(
                team=cast.north,
                title=PLANS[number],
                plan="Two reps, one segment, one offer.",
                health="behind" if behind else "on_track",
                approval="" if waits else "agreed",
                approval_at=None if waits else now - 30 * DAY,
                approval_by=None if waits else cast.ceo,
                created_at=now - 40 * DAY,
                changed_at=now - (2 * DAY if waits else 9 * DAY),
            )
        )
    return plans


def _make_issues(cast: Cast, measure: Measure, *, now: datetime) -> list[Issue]:
    """The questions are the CEO's to the leader."""
    titles = (
        "Do we still chase plants?",
        "Price list",
        "Quotas for January",
        "Two open seats",
        "Who backs Dana?",
    )
    return [
        make_issue(
            team=cast.north,
            title=titles[number],
            kind="question" if number < measure.questions else "issue",
            side="ceo" if number < measure.questions or number % 2 else "leader",
            created_by=cast.ceo if number < measure.questions or number % 2 else cast.leader,
            created_at=now - (2 * DAY if number < measure.questions else 20 * DAY),
            changed_at=now - (2 * DAY if number < measure.questions else 20 * DAY),
        )
        for number in range(measure.issues)
    ]


def _make_commitments(cast: Cast, measure: Measure, *, now: datetime) -> None:
    """Made at the last meeting or before it; the overdue ones became so since it."""
    today = cast.north.today(now)
    texts = ("Call the open offers", "Price list for mid-size", "Visit Carver", "Draft the quota plan")
    for number in range(measure.commitments):
        make_commitment(
            team=cast.north,
            owner=cast.ceo if number % 3 == 2 else cast.leader,
            text=f"{texts[number % len(texts)]} ({number + 1})",
            section=("revenue", "deals", "risks")[number % 3],
            due=today - 2 * DAY if number < measure.overdue else today + (1 + number) * DAY,
            created_at=now - 6 * DAY - timedelta(minutes=10),
            changed_at=now - 6 * DAY - timedelta(minutes=10),
        )


def _make_comments(cast: Cast, week: Week, measure: Measure, *, now: datetime) -> None:
    """The CEO's, since yesterday: on the gap, on a risk, on a deal, on an initiative."""
    places = (
        {"section": "revenue"},
        {"section": "risks", "risk": week.risks[0]},
        {"section": "deals", "deal": week.deals[2]},
        {"section": "initiatives", "initiative": week.initiatives[0]},
    )
    for place in places[: measure.comments]:
        make_update(
            meeting=week.meeting,
            author=cast.ceo,
            side="ceo",
            text="What would have to be true to win it this month?",
            changed_at=now - DAY,
            **place,
        )
