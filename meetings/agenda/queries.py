"""The queries that all sections of an agenda share; their number is fixed.

What only one section needs is in the section's own file.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from alignment.db.json_aggregation import JsonRows
from alignment.models import Team
from deals.models import Deal, DealChange, FollowUp, ImportRun
from meetings.agenda.values import anchor_of
from meetings.models import Attendance, Commitment, Decision, Flag, Meeting, Rating, Update
from meetings.rules.escalation import STEPS

PAST_MEETINGS = 60
"""How many past meetings the streak and the outcomes cover."""


def pages() -> QuerySet[Meeting]:
    """Meetings as their pages need them, with team and company. The seats take one more query."""
    red = Flag.objects.filter(team=OuterRef("team"), step=STEPS, cleared_at=None)
    written = ImportRun.objects.being_written(team=OuterRef("team"), company=OuterRef("team__company"))
    meetings = Meeting.objects.select_related("team__company", "submitted_by", "closed_by")
    return meetings.annotate(is_red=Exists(red), is_importing=Exists(written))


class UpdateRead(NamedTuple):
    pk: int
    side: str
    author: str
    text: str
    changed_at: datetime
    version: int
    section: str
    deal: int | None
    risk: int | None
    initiative: int | None
    issue: int | None

    @property
    def anchor(self) -> str:
        return anchor_of(
            self.section, deal=self.deal, risk=self.risk, initiative=self.initiative, issue=self.issue
        )


class DecisionRead(NamedTuple):
    pk: int
    text: str
    created_at: datetime
    section: str
    deal: int | None
    risk: int | None
    initiative: int | None
    issue: int | None
    item_title: str
    initiative_kind: str | None
    pair_ceo: int | None
    pair_leader: int | None

    @property
    def anchor(self) -> str:
        return anchor_of(
            self.section, deal=self.deal, risk=self.risk, initiative=self.initiative, issue=self.issue
        )


class AttendanceRead(NamedTuple):
    user: int
    present: bool


class RatingRead(NamedTuple):
    user: int
    name: str
    role: str
    score: int
    why: str


class PastMeetingRead(NamedTuple):
    state: str
    closed_at: datetime | None
    gap: Decimal | None


class ClientRead(NamedTuple):
    name: str
    owner: str | None
    due_on: date
    every_days: int


class MeetingRead(NamedTuple):
    """What belongs to one meeting, and the meetings before it, newest first; of the team, the key clients that
    nobody has spoken to for longer than agreed, whether there are deals, and whether the dates of smaller ones moved
    later without a reason."""

    updates: list[UpdateRead]
    earlier_updates: list[UpdateRead]
    decisions: list[DecisionRead]
    attendance: list[AttendanceRead]
    ratings: list[RatingRead]
    past: list[PastMeetingRead]
    quiet_clients: list[ClientRead]
    has_deals: bool
    has_moved_dates: bool
    is_open: bool
    """Whether this meeting or a later one has started: until then its calls are not for everyone."""
    commits_hidden_since: datetime | None
    """From when on what was committed waits for its meeting to start, be it this one or another."""

    @property
    def past_held(self) -> list[PastMeetingRead]:
        return [meeting for meeting in self.past if meeting.state == Meeting.State.HELD]


def read_meeting(meeting: Meeting, now: datetime) -> MeetingRead:
    """Updates of this meeting and the last one held, decisions, attendance, ratings, past meetings, quiet clients:
    one query.
    """
    past = Meeting.objects.over(now).before(meeting)
    last_held = past.filter(state=Meeting.State.HELD).values("pk")[:1]
    updates = Update.objects.exclude(text="").order_by("changed_at", "pk")
    columns = {
        "updates": _update_rows(updates.filter(meeting=meeting.pk)),
        "earlier_updates": _update_rows(updates.filter(meeting=Subquery(last_held))),
        "decisions": _decision_rows(Decision.objects.filter(meeting=meeting.pk)),
        "attendance": JsonRows(Attendance.objects.filter(meeting=meeting.pk), into=AttendanceRead),
        "ratings": JsonRows(
            Rating.objects.filter(meeting=meeting.pk).order_by("pk"), into=RatingRead, name="user__name"
        ),
        "past": JsonRows(past[:PAST_MEETINGS], into=PastMeetingRead),
        "quiet_clients": JsonRows(
            FollowUp.objects.quiet(meeting.team.today(now)).filter(team=meeting.team_id),
            into=ClientRead,
            name="account__name",
            owner="owner__name",
        ),
        "has_deals": Exists(Deal.objects.filter(team=meeting.team_id)),
        "has_moved_dates": Exists(_moved_dates(meeting, last_held, now)),
        "is_open": Exists(Meeting.objects.started_from()),
        "commits_hidden_since": Subquery(Meeting.objects.submissions_not_open(meeting.team_id)[:1]),
    }
    names = [f"{name}_rows" for name in columns]
    rows: QuerySet[Meeting, Any] = (
        Meeting.objects.filter(pk=meeting.pk)
        .order_by()
        .annotate(**dict(zip(names, columns.values(), strict=True)))
        .values_list(*names)
    )
    return MeetingRead(*rows.get())


def _moved_dates(meeting: Meeting, last_held: QuerySet[Meeting, Any], now: datetime) -> QuerySet[DealChange]:
    """Later dates, recorded after the last meeting without a reason, of open deals that the agenda does not list. Days
    are compared as the texts they are stored as."""
    closed_at = Subquery(Meeting.objects.filter(pk__in=last_held).values("closed_at"))
    small = Q(deal__amount=None) | Q(deal__amount__lt=meeting.team.big_deal_from)
    return (
        DealChange.objects.standing()
        .filter(
            small,
            field="close_date",
            at__gt=Coalesce(closed_at, Value(now - timedelta(days=7))),
            deal__team=meeting.team_id,
            deal__status=Deal.Status.OPEN,
            deal__pinned_at=None,
            reason="",
            reason_kind="",
            new__gt=F("old"),
        )
        .exclude(old="")
    )


def _update_rows(updates: QuerySet[Update]) -> JsonRows:
    return JsonRows(updates, into=UpdateRead, author="author__name")


def _decision_rows(decisions: QuerySet[Decision]) -> JsonRows:
    titled = decisions.annotate(
        item_title=Coalesce("deal__name", "risk__name", "initiative__title", "issue__title", Value(""))
    )
    return JsonRows(
        titled,
        into=DecisionRead,
        initiative_kind="initiative__kind",
        pair_ceo="initiative__pair_ceo_id",
        pair_leader="initiative__pair_leader_id",
    )


def commitments_of(team: Team, *, since: datetime, due_from: date) -> QuerySet[Commitment]:
    """Open commitments, those closed since the last meeting,
    and those due in the weeks that count for completion.
    """
    open_or_new = Q(done_at=None, dropped_at=None) | Q(done_at__gt=since) | Q(dropped_at__gt=since)
    return (
        Commitment.objects.filter(open_or_new | Q(due__gte=due_from), team=team)
        .select_related("owner", "deal", "risk", "initiative", "issue")
        .order_by("due", "pk")
    )
