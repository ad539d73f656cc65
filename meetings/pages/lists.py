"""Commitments, initiatives and issues as lists show them: plain values, decided here and not in templates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import Seat
from alignment.permissions import can_act, can_plan, is_principal_seat
from alignment.rules.periods import RECENT_WEEKS
from alignment.rules.roles import Role
from alignment.web.listing import Listing
from deals.pages.spans import days_label
from deals.rules.spans import DaySpan
from meetings.models import Commitment, Initiative, Issue, MeasurePoint
from meetings.models.commitments import CommitmentQuerySet
from meetings.models.initiatives import InitiativeQuerySet
from meetings.rules.track_record import Completion, completion

COMMITMENT_STATES = (("open", "Open"), ("late", "Overdue"), ("closed", "Done and dropped"), ("all", "All"))
INITIATIVE_STATES = (
    ("open", "Active"),
    ("waiting", "Needs CEO approval"),
    ("closed", "Finished"),
    ("all", "All"),
)
ISSUE_STATES = (("open", "Open"), ("closed", "Resolved"), ("all", "All"))
FROM_ITEM = ("deal", "risk", "initiative")


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    commitment: Commitment
    today: date
    can_settle: bool
    origin: str

    @property
    def is_overdue(self) -> bool:
        return self.commitment.is_late(self.today)

    @property
    def days_overdue(self) -> int:
        return (self.today - self.commitment.due).days


@dataclass(frozen=True, slots=True)
class OwnerRate:
    """How many of their commitments one person has done on time."""

    name: str
    completion: Completion

    @property
    def share(self) -> Decimal | None:
        share = self.completion.share
        return None if share is None else Decimal(share.numerator) / share.denominator


def list_commitments(listing: Listing, now: datetime) -> QuerySet[Commitment]:
    visible = Commitment.objects.visible_to(listing.user)
    commitments = listing.search(
        visible.select_related("team__company", "owner", "issue", *FROM_ITEM), "search_key", "owner__name_key"
    )
    state = listing.choose("state", "Status", COMMITMENT_STATES)
    owner = listing.choose("whose", "Owner", [("", "Everyone"), ("mine", "Me")])
    commitments = commitments.filter(owner=listing.user) if owner else commitments
    commitments = _due_on(commitments, listing)
    is_open = {"done_at": None, "dropped_at": None}
    if state == "late":
        # A day of slack for teams whose day has not begun yet; the line itself knows better.
        commitments = commitments.filter(due__lt=listing.today(now))
    if state in ("open", "late"):
        return commitments.filter(**is_open).order_by("due", "pk")
    if state == "closed":
        return commitments.exclude(**is_open).order_by("-changed_at", "-pk")
    return commitments.order_by("-due", "-pk")


def _due_on(commitments: CommitmentQuerySet, listing: Listing) -> CommitmentQuerySet:
    """Of the days that only a link asks for, as from the history of a team; without one there is no such filter."""
    if DaySpan.parse(listing.params.get("due", "")) is None:
        return commitments
    days = DaySpan.parse(listing.choose("due", "Due", [("", "Any day")], other=days_label(listing)))
    return commitments.filter(due__range=(days.first, days.last)) if days else commitments


def commitment_line(commitment: Commitment, seat: Seat, now: datetime) -> CommitmentLine:
    """As the holder of the seat sees it."""
    return CommitmentLine(
        commitment=commitment,
        today=commitment.team.today(now),
        can_settle=is_principal_seat(seat) or commitment.owner_id == seat.user_id,
        origin=str(commitment.item or ""),
    )


def owner_rates(listing: Listing, now: datetime) -> list[OwnerRate]:
    """Who did how many of the commitments due in 13 weeks on time, the busiest first."""
    since = listing.today(now) - timedelta(weeks=RECENT_WEEKS + 1)
    due = (
        listing.filter_by_team(Commitment.objects.visible_to(listing.user)).filter(due__gte=since).order_by()
    )
    by_owner: dict[tuple[int, str], list[tuple[date, date | None, bool]]] = defaultdict(list)
    rows = due.values_list("team", "owner", "owner__name", "due", "done_at", "dropped_at", named=True)
    for row in rows:
        ended = row.done_at or row.dropped_at
        closed_on = listing.seat(row.team).team.today(ended) if ended else None
        by_owner[row.owner, row.owner__name].append((row.due, closed_on, row.dropped_at is not None))
    rates = [
        OwnerRate(name, completion(commitments, today=listing.today(now), weeks=RECENT_WEEKS))
        for (_, name), commitments in by_owner.items()
    ]
    return sorted(
        (rate for rate in rates if rate.completion.due), key=lambda rate: (-rate.completion.due, rate.name)
    )


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    initiative: Initiative
    points: tuple[Decimal, ...]
    current: Decimal | None
    overdue: bool
    needs_my_approval: bool
    can_edit: bool

    @property
    def tone(self) -> str:
        return {"on_track": "good", "behind": "warn", "stuck": "bad"}[self.initiative.health]

    @property
    def approval_tone(self) -> str:
        return {"agreed": "good", "": ""}.get(self.initiative.approval, "warn")


class PointRow(NamedTuple):
    """None: from then on it was not known."""

    value: Decimal | None


def with_points(initiatives: InitiativeQuerySet) -> QuerySet[Initiative]:
    """With the values of the measure, oldest first, and the CEO's last decision."""
    points = MeasurePoint.objects.filter(measure__initiative=OuterRef("pk"))
    return initiatives.with_measure().with_decision().annotate(point_rows=JsonRows(points, into=PointRow))


def list_initiatives(listing: Listing) -> QuerySet[Initiative]:
    visible = Initiative.objects.visible_to(listing.user).select_related("team__company")
    state = listing.choose("state", "Status", INITIATIVE_STATES)
    if state in ("open", "waiting"):
        visible = visible.waiting_for_ceo() if state == "waiting" else visible.open()
    initiatives = listing.search(with_points(visible), "search_key", "measured_by__search_key")
    kind = listing.choose("kind", "Type", [("", "All types"), *Initiative.Kind.choices])
    initiatives = initiatives.filter(kind=kind) if kind else initiatives
    if state in ("open", "waiting"):
        return initiatives.order_by("team__name_key", "created_at", "pk")
    if state == "closed":
        return initiatives.exclude(finished_at=None).order_by("-finished_at", "pk")
    return initiatives.order_by(F("finished_at").desc(nulls_first=True), "created_at", "pk")


def initiative_line(initiative: Initiative, seat: Seat, now: datetime) -> InitiativeLine:
    """As the holder of the seat sees it; `initiative` comes from `with_points`."""
    today = initiative.team.today(now)
    points: list[PointRow] = initiative.point_rows  # type: ignore[attr-defined]  # annotated
    is_open = initiative.finished_at is None
    return InitiativeLine(
        initiative=initiative,
        points=tuple(point.value for point in points if point.value is not None),
        current=points[-1].value if points else None,
        overdue=is_open and initiative.due is not None and initiative.due < today,
        needs_my_approval=seat.role == Role.CEO and initiative.waits_for_ceo,
        can_edit=can_plan(seat),
    )


@dataclass(frozen=True, slots=True)
class IssueLine:
    issue: Issue
    origin: str
    days_open: int
    can_solve: bool


def list_issues(listing: Listing) -> QuerySet[Issue]:
    visible = Issue.objects.visible_to(listing.user).select_related("team__company", "created_by", *FROM_ITEM)
    issues = listing.search(visible, "search_key")
    state = listing.choose("state", "Status", ISSUE_STATES)
    kind = listing.choose("kind", "Type", [("", "Both"), ("issue", "Issues"), ("question", "Questions")])
    issues = issues.filter(kind=kind) if kind else issues
    if state == "open":
        return issues.filter(solved_at=None).order_by("team__name_key", "position", "created_at", "pk")
    if state == "closed":
        return issues.exclude(solved_at=None).order_by("-solved_at", "pk")
    return issues.order_by(F("solved_at").desc(nulls_first=True), "position", "created_at", "pk")


def issue_line(issue: Issue, seat: Seat, now: datetime) -> IssueLine:
    """As the holder of the seat sees it."""
    return IssueLine(
        issue=issue,
        origin=str(issue.item or ""),
        days_open=max(0, ((issue.solved_at or now) - issue.created_at).days),
        can_solve=can_act(seat),
    )
