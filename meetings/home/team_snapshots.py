"""A team as the home page needs it: the row of the query, with its dates and its next meeting worked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from alignment.models import ReadState
from alignment.rules.periods import Period, quarter_of, year_of
from alignment.rules.roles import PRINCIPAL_ROLES, PRINCIPAL_SIDES, Role
from alignment.rules.zones import zone_named
from deals.models import RevenueEntry
from deals.rules.revenue import as_of
from meetings.check_in.rows import OpenCheckInRow
from meetings.feedback_talk.rows import FeedbackTalkRow
from meetings.first_meeting.rows import FirstMeetingRow
from meetings.home.queries import (
    FlagRow,
    NearDaysOff,
    OutcomeRow,
    OwnNumberRow,
    SeatRow,
    TeamFacts,
    VisibleTeam,
)
from meetings.home.values import Last, Next
from meetings.models import Meeting
from meetings.models.team_cadence import make_due_rule
from meetings.needs import SeatedTeam
from meetings.news import NewsTeam
from meetings.news.values import HeadsUpRow
from meetings.rules.escalation import STEPS, Policy
from meetings.rules.misses import Fault
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
    revenue_kind: str
    """What its goal is made of."""
    holidays: Mapping[date, str]  # of the company
    part: str  # ceo, leader, reader or admin
    role: str  # of the reader; empty without a seat
    side: str
    leader: str
    holders: Mapping[int, tuple[str, str]]
    """Who sits there now: name and role."""
    names: Mapping[int, str]
    """Of everybody who sits or sat there."""
    next: Next | None
    last: Last | None
    held: tuple[Last, ...]
    """The last ones that were held, the newest first."""
    outcomes: tuple[str, ...]  # newest first
    past: tuple[OutcomeRow, ...]
    """The same meetings, with whose miss it was and how they were prepared."""
    missed: int  # in a row, up to now
    policy: Policy
    last_fault: Fault | None
    """Whose miss the last one missed was."""
    stale_risks: int
    """How many risks have not moved for as many held meetings as make one stale."""
    flag: FlagRow | None = None
    own: SeatRow | None = None
    """The reader's seat."""
    is_taken_over: bool = False
    """Whether somebody else had that seat before."""
    read: ReadState = field(default_factory=ReadState)
    """What the reader has read of what is new."""
    revenue_as_of: date | None = None
    """The day of the file that the newest revenue comes from, or of a later import that found nothing else to say; None
    where people enter it.
    """
    own_number: OwnNumberRow | None = None
    """What the reader, as the CEO, expects of the running period at the next meeting."""
    check_ins: tuple[OpenCheckInRow, ...] = ()
    """Those that wait for the reader’s answer."""
    heads_ups: tuple[HeadsUpRow, ...] = ()
    """Between the CEO and the sales leader: those that wait for the reader, and what was answered to theirs."""
    can_leave_heads_up: bool = False
    feedback_talk: FeedbackTalkRow | None = None
    """What the reader answered this quarter."""
    together_since: date | None = None
    """Since when this CEO and this sales leader have met; None where one of the seats is empty."""
    first_meeting: FirstMeetingRow | None = None
    """That of the two in this fiscal year, once anything of it is stored."""
    has_met_first: bool = False
    """Whether the two had one in an earlier fiscal year."""
    other: str = ""
    """The name of the other one of the two, for either of them."""
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
    def start_order(self) -> tuple[bool, bool, float, str]:
        """In session first, then by the next meeting's start; those without one last."""
        if self.next is None:
            return True, True, 0, self.name
        return False, not self.next.in_session, self.next.starts_at.timestamp(), self.name

    @property
    def is_principal(self) -> bool:
        return self.role in PRINCIPAL_ROLES

    @property
    def as_seated(self) -> SeatedTeam:
        return SeatedTeam(
            self.pk, self.name, self.slug, self.role, self.side, self.next.id if self.next else None
        )

    @property
    def as_news(self) -> NewsTeam:
        return NewsTeam(
            seat=self.as_seated,
            slug=self.slug,
            zone=self.zone,
            currency=self.currency,
            since=self.last.closed_at if self.last else None,
            names=self.names,
            read=self.read,
            submitted_at=self.next.submitted_at if self.next else None,
            submitted_by=self.next.submitted_by if self.next else None,
            heads_ups=self.heads_ups if self.is_principal else (),
        )

    @property
    def is_red(self) -> bool:
        return self.flag is not None and self.flag.step == STEPS


def team_snapshot(team: VisibleTeam, days_off: NearDaysOff, now: datetime) -> TeamSnapshot:
    """`days_off` are those of all teams on the page."""
    facts, own = team.facts, team.own
    today = now.astimezone(zone_named(facts.timezone)).date()
    role = own.role if own else ""
    side = (own.acts_for if own else "") or role
    leader, ceo = team.holder(Role.LEADER), team.holder(Role.CEO)
    quarter = quarter_of(today, first_month=facts.first_month)
    year = year_of(today, first_month=facts.first_month)
    firsts = [row for row in facts.first_meetings if ceo and leader and row[:2] == (ceo.user, leader.user)]
    are_two = ceo is not None and leader is not None and ceo.user != leader.user
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
        quarter=quarter,
        first_month=facts.first_month,
        revenue_kind=facts.revenue_kind,
        data_from=min(facts.starts_on, facts.first_revenue or facts.starts_on),
        holidays=holidays,
        role=role,
        side=side,
        part=_part(role, side),
        leader=leader.name if leader else "",
        holders={seat.user: (seat.name, seat.role) for seat in team.facts.all_seats if seat.until is None},
        names={seat.user: seat.name for seat in team.facts.all_seats},
        read=_read_state(facts),
        revenue_as_of=_revenue_as_of(facts),
        next=ahead,
        last=held[0] if held else None,
        held=held,
        outcomes=outcomes,
        past=tuple(facts.outcomes),
        missed=missed_in_a_row(Outcome(state) for state in outcomes),
        last_fault=next((Fault(row.missed_by) for row in facts.outcomes if row.missed_by), None),
        policy=Policy(facts.admins_told_after, facts.red_after),
        stale_risks=(facts.stale_risks or 0) if own else 0,
        flag=next(iter(facts.open_flags), None),
        own=own,
        is_taken_over=team.is_taken_over,
        own_number=_own_number(facts, ahead, today),
        check_ins=tuple(facts.check_ins),
        heads_ups=tuple(facts.heads_ups),
        can_leave_heads_up=are_two and role == Role.CEO,
        feedback_talk=next((row for row in facts.feedback_talks if row.starts_on == quarter.start), None),
        together_since=max(ceo.since, leader.since) if ceo and leader and are_two else None,
        other=_other(own, ceo, leader),
        first_meeting=next((row for row in firsts if row.year_starts_on == year.start), None),
        has_met_first=any(row.ended_at is not None for row in firsts if row.year_starts_on < year.start),
        days_off=_reasons_off(team, ahead, days_off),
    )


def _other(own: SeatRow | None, ceo: SeatRow | None, leader: SeatRow | None) -> str:
    others = {Role.CEO.value: leader, Role.LEADER.value: ceo}
    other = others.get(own.role) if own else None
    return other.name if other else ""


def _own_number(team: TeamFacts, ahead: Next | None, today: date) -> OwnNumberRow | None:
    rows = (row for row in team.own_numbers if ahead and row.meeting == ahead.id)
    return next((row for row in rows if row.starts_on <= today <= row.ends_on), None)


def _reasons_off(team: VisibleTeam, ahead: Next | None, days_off: NearDaysOff) -> tuple[str, ...]:
    if ahead is None:
        return ()
    on_that_day = days_off.of_team(team).on(team.facts.pk, ahead.starts_at, team.facts.timezone)
    return tuple(day_off.label for day_off in on_that_day)


def _read_state(team: TeamFacts) -> ReadState:
    up_to = next((row.up_to for row in team.read), None)
    return ReadState(up_to, {row.about: row.at for row in team.read if row.about and row.at})


def _revenue_as_of(team: TeamFacts) -> date | None:
    for newest in team.newest_revenue:
        is_from_file = newest.source in RevenueEntry.FROM_FILES
        zone = zone_named(team.timezone)
        return as_of(newest.created_at, team.imported_at, is_from_file=is_from_file, zone=zone)
    return None


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
            submitted_by=meeting.submitted_by,
            started_at=meeting.started_at,
            started_by=meeting.started_by,
            preparation_due=preparation_due(
                meeting.starts_at, rule, holidays, not_before=meeting.due_not_before
            ),
        )
    return None
