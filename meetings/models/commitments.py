from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

from alignment.db.search_keys import SearchKeyField
from alignment.models import Team, TeamItem, User
from alignment.models.teams import Seat, teams_read_by
from alignment.permissions import has_permission, is_principal_seat
from alignment.rules.formatting import spell_number
from deals.models import CapacityNeed
from meetings.models.calls import Call
from meetings.models.initiatives import plans_read_by
from meetings.models.issues import Issue
from meetings.models.meetings import Meeting
from meetings.models.origins import Originated
from meetings.models.transition_errors import TransitionNotAllowed
from meetings.rules.calls import MOST_MEASURES
from meetings.rules.rep_plans import NOBODY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models.expressions import Combinable


PLAN_IS_FULL = f"The plan has {spell_number(MOST_MEASURES)} measures already. Close one or change it first."


def measures_read_by(user: User | AnonymousUser) -> Q:
    """Commitments without the new measures against a gap, of whose commit they tell: these are open once a meeting has
    started since, to the CEO as soon as both numbers are in, and to the sales leader’s side, their owner and whoever
    entered them at once.
    """
    own = Q(owner=user.pk) | Q(created_by=user.pk)
    leads = Seat.objects.on_leaders_side().filter(user=user.pk).order_by()
    commits = Call.objects.visible_to(user).filter(
        meeting=OuterRef("meeting"), starts_on__lte=TruncDate("at")
    )
    knows = Q(team__in=leads.values("team")) | Q(Exists(commits.order_by()))
    return measures_open_to_team() | own | knows


def measures_open_to_team() -> Q:
    """Commitments without the new measures against a gap: what everybody on the team reads."""
    started_since = Meeting.objects.filter(team=OuterRef("team"), started_at__gte=OuterRef("created_at"))
    return Q(amount=None) | Q(meeting__started_at__isnull=False) | Q(Exists(started_since.order_by()))


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the teams on which the user sits; of a team that has ended, what was open is still there for those
        who sat on it until the end. A measure that tells of a commit waits for it."""
        readable = plans_read_by(user.pk or NOBODY, of="initiative__")
        until_the_end = Seat.objects.at_the_end().filter(user=user.pk).order_by().values("team")
        on_team = Q(team__in=teams_read_by(user)) | Q(team__in=until_the_end)
        return self.filter(readable, on_team, measures_read_by(user))

    def open(self) -> Self:
        return self.filter(done_at=None, dropped_at=None)

    def measures(self) -> Self:
        """Those of the plan for the gap between commit and goal: each with an amount."""
        return self.filter(amount__isnull=False)

    def require_room(self, team: Team, *, besides: Q) -> None:
        """Raises TransitionNotAllowed where the team's plan is full without those. Two at once take turns."""
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        if self.measures().open().filter(team=team).exclude(besides).count() >= MOST_MEASURES:
            raise TransitionNotAllowed(PLAN_IS_FULL)


class Commitment(TeamItem, Originated):
    """Who does what by when. Done, dropped with a reason, or still open."""

    meeting = models.ForeignKey(
        Meeting,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        help_text="The one it was made for or in.",
    )
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="commitments")
    capacity_need = models.ForeignKey(
        CapacityNeed,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        help_text="Of a commitment to tell somebody what a deal takes to deliver.",
    )
    text = models.CharField(max_length=300)
    search_key = SearchKeyField("text")
    owner = models.ForeignKey(User, models.PROTECT, related_name="commitments")
    due = models.DateField()
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    dropped_why = models.CharField(max_length=300, blank=True)
    accepted_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its owner accepted what somebody else gave them outside a meeting.",
    )

    amount = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="What it is meant to bring, about: of a measure against the gap between commit and goal.",
    )
    brought = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, blank=True, help_text="What it brought, once it is done."
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("due", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dropped_at=None), name="commitment_is_done_or_dropped"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(dropped_why=""), name="a_dropped_commitment_says_why"
            ),
            models.CheckConstraint(
                condition=Q(brought=None) | Q(done_at__isnull=False, amount__isnull=False),
                name="only_a_done_measure_brought_something",
            ),
            models.UniqueConstraint(fields=("capacity_need",), name="one_commitment_to_tell_a_need"),
        ]
        indexes = [
            models.Index(
                fields=("team",), condition=Q(done_at=None, dropped_at=None), name="commitment_open"
            ),  # the Agenda's
            models.Index(fields=("team", "due"), name="commitment_team_due"),  # completion over 13 weeks
            # the reminders: what falls due tomorrow or is overdue, over all teams
            models.Index(
                fields=("due", "owner"),
                condition=Q(done_at=None, dropped_at=None),
                name="commitment_open_due",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @staticmethod
    def is_unaccepted() -> Combinable:
        """Given to its owner by somebody else since the last meeting, outside a meeting, and not accepted yet.

        The next meeting settles it: both have it on the agenda there.
        """
        held_since = Meeting.objects.filter(team=OuterRef("team"), closed_at__gte=OuterRef("created_at"))
        outside = Q(meeting=None) | Q(meeting__started_at=None)
        by_other = Q(created_by__isnull=False) & ~Q(created_by=F("owner"))
        return Q(accepted_at=None) & by_other & outside & ~Exists(held_since)

    @property
    def is_measure(self) -> bool:
        return self.amount is not None

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due < today

    def can_settle(self, user: User) -> bool:
        """Mark it done, drop it, edit it or reopen it: its owner, the CEO and the sales leader; while the meeting
        runs that it was made in, the facilitator."""
        if has_permission(user, self.team, is_principal_seat):
            return True
        if self.team.ends_on is not None and not self.team.current_seats:
            return self._can_settle_after_the_end(user)
        is_own = self.owner_id == user.pk and self.team.seat_of(user) is not None
        return is_own or (self.meeting is not None and self.meeting.is_steered_by(user))

    def _can_settle_after_the_end(self, user: User) -> bool:
        seats = self.team.seats.at_the_end().filter(user=user.pk)
        return any(is_principal_seat(seat) or self.owner_id == user.pk for seat in seats)

    @transaction.atomic
    def do(self, *, by: User, now: datetime, brought: Decimal | None = None) -> None:
        """Mark it done; a measure against the gap says what it brought, and who was to be told of a need is told. One
        already done or dropped stays as it is.
        """
        is_new = (
            Commitment.objects.open()
            .filter(pk=self.pk)
            .update(done_at=now, done_by=by, brought=brought, changed_at=now, version=F("version") + 1)
        )
        if is_new and self.capacity_need is not None:
            self.capacity_need.mark_informed(by=by, now=now)

    def accept(self, *, now: datetime) -> None:
        """Its owner takes on what somebody else gave them."""
        Commitment.objects.open().filter(pk=self.pk, accepted_at=None).update(
            accepted_at=now, version=F("version") + 1
        )

    def drop(self, *, by: User, now: datetime, why: str) -> None:
        Commitment.objects.open().filter(pk=self.pk).update(
            dropped_at=now, dropped_by=by, dropped_why=why, changed_at=now, version=F("version") + 1
        )

    def carry(self, *, now: datetime) -> None:
        """Carry it over, overdue as it is. Its text does not change, so neither does its version."""
        Commitment.objects.open().filter(pk=self.pk).update(changed_at=now)

    def hand_to(self, owner: User, *, now: datetime) -> None:
        """Somebody else owns it from now on, with the same due date."""
        Commitment.objects.open().filter(pk=self.pk).exclude(owner=owner).update(
            owner=owner, changed_at=now, version=F("version") + 1
        )

    @transaction.atomic
    def reopen(self, *, now: datetime) -> None:
        """Undo done or dropped; a need that was told by this is not told. Raises TransitionNotAllowed for a measure
        where the plan is full.
        """
        if self.is_measure:
            Commitment.objects.require_room(self.team, besides=Q(pk=self.pk))
        row = Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        if row.is_open:
            return
        Commitment.objects.filter(pk=self.pk).update(
            done_at=None,
            done_by=None,
            brought=None,
            dropped_at=None,
            dropped_by=None,
            dropped_why="",
            changed_at=now,
            version=F("version") + 1,
        )
        row.mark_untold()

    def mark_untold(self) -> None:
        """A need that was told by doing this is not told; `done_at` is as it was then."""
        if self.capacity_need is not None and self.done_at == self.capacity_need.informed_at:
            self.capacity_need.mark_uninformed()


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        readable = plans_read_by(user.pk or NOBODY, of="initiative__")
        return self.filter(readable, team__in=teams_read_by(user))


class Decision(TeamItem, Originated):
    """One sentence the CEO and the sales leader agreed on in a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="decisions")
    text = models.CharField(max_length=500)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.text

    def can_edit(self, user: User) -> bool:
        """Edit or withdraw it while its meeting is not over: the CEO and the sales leader; while the meeting runs,
        the facilitator."""
        return has_permission(user, self.team, is_principal_seat) or self.meeting.is_steered_by(user)
