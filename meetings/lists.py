"""Commitments, initiatives and issues as lists show them: plain values, decided here and not in the template."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet

from alignment.access import acts, is_of_the_two, plans
from alignment.lists import Listing
from alignment.models import Seat
from alignment.models.teams import Role
from alignment.rows import JsonRows, as_amount, rows
from meetings.discipline import Completion, completion
from meetings.models import Commitment, Initiative, InitiativePoint, Issue

WEEKS = 13
COMMITMENT_STATES = (("open", "Open"), ("late", "Late"), ("closed", "Done and dropped"), ("all", "All"))
INITIATIVE_STATES = (
    ("open", "Going on"),
    ("waiting", "Waiting for the CEO"),
    ("closed", "Finished"),
    ("all", "All"),
)
ISSUE_STATES = (("open", "Open"), ("closed", "Solved"), ("all", "All"))
FROM_ITEM = ("deal", "risk", "initiative")


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    commitment: Commitment
    today: date
    can_settle: bool
    origin: str

    @property
    def is_late(self) -> bool:
        return self.commitment.is_late(self.today)

    @property
    def days_late(self) -> int:
        return (self.today - self.commitment.due).days


@dataclass(frozen=True, slots=True)
class Keeper:
    """How one person keeps commitments."""

    name: str
    kept: Completion

    @property
    def share(self) -> Decimal | None:
        share = self.kept.share
        return None if share is None else Decimal(share.numerator) / share.denominator


def commitments_asked(listing: Listing, now: datetime) -> QuerySet[Commitment]:
    seen = Commitment.objects.visible_to(listing.user)
    found = listing.found(
        seen.select_related("team__company", "owner", "issue", *FROM_ITEM), "text", "owner__name"
    )
    state = listing.choose("state", "Which", COMMITMENT_STATES)
    whose = listing.choose("whose", "Whose", [("", "Everybody’s"), ("mine", "Mine")])
    found = found.filter(owner=listing.user) if whose else found
    is_open = {"done_at": None, "dropped_at": None}
    if state == "late":
        # A day of slack for teams whose day has not begun yet; the line itself knows better.
        found = found.filter(due__lt=listing.today(now))
    if state in ("open", "late"):
        return found.filter(**is_open).order_by("due", "pk")
    if state == "closed":
        return found.exclude(**is_open).order_by("-changed_at", "-pk")
    return found.order_by("-due", "-pk")


def commitment_line(commitment: Commitment, seat: Seat, now: datetime) -> CommitmentLine:
    """As the holder of the seat sees it."""
    return CommitmentLine(
        commitment=commitment,
        today=commitment.team.today(now),
        can_settle=is_of_the_two(seat) or commitment.owner_id == seat.user_id,
        origin=str(commitment.item or ""),
    )


def keepers(listing: Listing, now: datetime) -> list[Keeper]:
    """Who kept how many of the commitments that fell due in 13 weeks, the busiest first."""
    since = listing.today(now) - timedelta(weeks=WEEKS + 1)
    due = listing.found_of_team(Commitment.objects.visible_to(listing.user)).filter(due__gte=since).order_by()
    told: dict[tuple[int, str], list[tuple[date, date | None, bool]]] = defaultdict(list)
    for team, pk, name, day, done_at, dropped_at in due.values_list(
        "team", "owner", "owner__name", "due", "done_at", "dropped_at"
    ):
        ended = done_at or dropped_at
        closed_on = listing.seat(team).team.today(ended) if ended else None
        told[pk, name].append((day, closed_on, dropped_at is not None))
    found = [
        Keeper(name, completion(rows, today=listing.today(now), weeks=WEEKS))
        for (_, name), rows in told.items()
    ]
    return sorted((one for one in found if one.kept.due), key=lambda one: (-one.kept.due, one.name))


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    initiative: Initiative
    points: tuple[Decimal, ...]
    overdue: bool
    asks_me: bool  # the reader is the CEO whose word it waits for
    can_edit: bool

    @property
    def tone(self) -> str:
        return {"on_track": "good", "behind": "warn", "stuck": "bad"}[self.initiative.health]

    @property
    def word_tone(self) -> str:
        return {"agreed": "good", "not_yet": "warn", "changed": "warn"}.get(self.initiative.ceo_word, "")


def with_points(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """With the values of the measure, oldest first."""
    points = InitiativePoint.objects.filter(initiative=OuterRef("pk"))
    return initiatives.annotate(point_rows=JsonRows(points, "value"))


def initiatives_asked(listing: Listing) -> QuerySet[Initiative]:
    seen = Initiative.objects.visible_to(listing.user).select_related("team__company")
    found = listing.found(with_points(seen), "title", "plan", "measure")
    state = listing.choose("state", "Which", INITIATIVE_STATES)
    kind = listing.choose("kind", "Kind", [("", "All kinds"), *Initiative.Kind.choices])
    found = found.filter(kind=kind) if kind else found
    if state == "waiting":
        found = found.filter(ceo_word__in=("", "changed"))
    if state in ("open", "waiting"):
        return found.filter(finished_at=None).order_by("team__name", "created_at", "pk")
    if state == "closed":
        return found.exclude(finished_at=None).order_by("-finished_at", "pk")
    return found.order_by(F("finished_at").desc(nulls_first=True), "created_at", "pk")


def initiative_line(initiative: Initiative, seat: Seat, now: datetime) -> InitiativeLine:
    """As the holder of the seat sees it; `initiative` comes from `with_points`."""
    today = initiative.team.today(now)
    going_on = initiative.finished_at is None
    return InitiativeLine(
        initiative=initiative,
        points=tuple(as_amount(value) or Decimal(0) for (value,) in rows(initiative.point_rows)),  # type: ignore[attr-defined]
        overdue=going_on and initiative.due is not None and initiative.due < today,
        asks_me=seat.role == Role.CEO and initiative.waits_for_ceo,
        can_edit=plans(seat),
    )


@dataclass(frozen=True, slots=True)
class IssueLine:
    issue: Issue
    origin: str
    days_open: int
    can_solve: bool


def issues_asked(listing: Listing) -> QuerySet[Issue]:
    seen = Issue.objects.visible_to(listing.user).select_related("team__company", "created_by", *FROM_ITEM)
    found = listing.found(seen, "title", "detail", "resolution")
    state = listing.choose("state", "Which", ISSUE_STATES)
    kind = listing.choose("kind", "Kind", [("", "Both"), ("issue", "Issues"), ("question", "Questions")])
    found = found.filter(kind=kind) if kind else found
    if state == "open":
        return found.filter(solved_at=None).order_by("team__name", "position", "created_at", "pk")
    if state == "closed":
        return found.exclude(solved_at=None).order_by("-solved_at", "pk")
    return found.order_by(F("solved_at").desc(nulls_first=True), "position", "created_at", "pk")


def issue_line(issue: Issue, seat: Seat, now: datetime) -> IssueLine:
    """As the holder of the seat sees it."""
    return IssueLine(
        issue=issue,
        origin=str(issue.item or ""),
        days_open=max(0, ((issue.solved_at or now) - issue.created_at).days),
        can_solve=acts(seat),
    )
