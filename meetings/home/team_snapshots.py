"""A team as the home page needs it: the row of the query, with its dates and its next meeting worked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alignment.rules.periods import Period, quarter_of
from alignment.rules.roles import PRINCIPAL_ROLES, PRINCIPAL_SIDES, Role
from alignment.rules.zones import zone_named
from meetings.home.queries import FlagRow, NearDaysOff, SeatRow, TeamFacts, VisibleTeam
from meetings.home.values import Last, Next
from meetings.models import Meeting
from meetings.models.team_cadence import make_due_rule
from meetings.rules.escalation import STEPS, Policy
from meetings.rules.outcomes import Outcome
from meetings.rules.preparation import preparation_due
from meetings.rules.track_record import missed_in_a_row


@dataclass(frozen=True, slots=True)
class TeamSnapshot:
    """A team as the page needs it."""

    pk: int
    name: str
    slug: str
    zone: str
    company: int
    currency: str
    today: date  # where the team is
    quarter: Period
    first_month: int
    data_from: date
    """Nothing is known of the team before that day."""
    holidays: Mapping[date, str]  # of the company
    part: str  # ceo, leader, reader or admin
    role: str  # of the reader; empty without a seat
    side: str
    leader: str
    next: Next | None
    last: Last | None
    held: tuple[Last, ...]
    """The last ones that were held, the newest first."""
    outcomes: tuple[str, ...]  # newest first
    missed: int  # in a row, up to now
    policy: Policy
    stale_risks: int
    """How many risks have not moved for as many held meetings as make one stale."""
    flag: FlagRow | None = None
    own: SeatRow | None = None
    """The reader's seat."""
    is_taken_over: bool = False
    """Whether somebody else had that seat before."""
    days_off: tuple[str, ...] = ()
    """Why nobody expects them to meet on the day of the next meeting."""

    @property
    def since(self) -> date | None:
        """Since when the reader has their seat."""
        return self.own.since if self.own else None

    @property
    def last_closed_on(self) -> date | None:
        """The day, where the team is, on which the last meeting was closed."""
        return self.last.closed_at.astimezone(zone_named(self.zone)).date() if self.last else None

    @property
    def is_principal(self) -> bool:
        return self.role in PRINCIPAL_ROLES

    @property
    def is_red(self) -> bool:
        return self.flag is not None and self.flag.step == STEPS


def team_snapshot(team: VisibleTeam, days_off: NearDaysOff, now: datetime) -> TeamSnapshot:
    """`days_off` are those of all teams on the page."""
    facts, own = team.facts, team.own
    today = now.astimezone(zone_named(facts.timezone)).date()
    role = own.role if own else ""
    side = (own.acts_for if own else "") or role
    leader = team.holder(Role.LEADER)
    holidays = days_off.holidays.get(facts.company, {})
    ahead = _next(facts, holidays)
    held = tuple(Last(*meeting) for meeting in facts.held)
    outcomes = tuple(meeting.state for meeting in facts.outcomes)
    return TeamSnapshot(
        pk=facts.pk,
        name=facts.name,
        slug=facts.slug,
        zone=facts.timezone,
        company=facts.company,
        currency=facts.currency,
        today=today,
        quarter=quarter_of(today, first_month=facts.first_month),
        first_month=facts.first_month,
        data_from=min(facts.starts_on, facts.first_revenue or facts.starts_on),
        holidays=holidays,
        role=role,
        side=side,
        part=_part(role, side),
        leader=leader.name if leader else "",
        next=ahead,
        last=held[0] if held else None,
        held=held,
        outcomes=outcomes,
        missed=missed_in_a_row(Outcome(state) for state in outcomes),
        policy=Policy(facts.admins_told_after, facts.red_after),
        stale_risks=(facts.stale_risks or 0) if own else 0,
        flag=next(iter(facts.open_flags), None),
        own=own,
        is_taken_over=team.is_taken_over,
        days_off=_reasons_off(team, ahead, days_off),
    )


def _reasons_off(team: VisibleTeam, ahead: Next | None, days_off: NearDaysOff) -> tuple[str, ...]:
    if ahead is None:
        return ()
    on_that_day = days_off.of_team(team).on(team.facts.pk, ahead.starts_at, team.facts.timezone)
    return tuple(day_off.label for day_off in on_that_day)


def _part(role: str, side: str) -> str:
    if not role:
        return "admin"
    return side if side in PRINCIPAL_SIDES else "reader"


def _next(team: TeamFacts, holidays: Collection[date]) -> Next | None:
    rule = make_due_rule(team.due_rule, hours=team.preparation_hours, at=team.due_time, zone=team.timezone)
    for meeting in team.next:
        return Next(
            id=meeting.pk,
            starts_at=meeting.starts_at,
            in_session=meeting.state == Meeting.State.IN_PROGRESS,
            submitted_at=meeting.submitted_at,
            missing=meeting.missing_when_submitted,
            preparation_due=preparation_due(
                meeting.starts_at, rule, holidays, not_before=meeting.due_not_before
            ),
        )
    return None
