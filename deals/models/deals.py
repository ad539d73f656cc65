from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import Company, Team, TeamItem, User, VersionConflict
from alignment.models.teams import teams_read_by
from alignment.permissions import can_act, can_plan, has_permission
from deals.models.accounts import Account

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=teams_read_by(user))

    def open(self) -> Self:
        return self.filter(status=Deal.Status.OPEN)

    def won_and_booked(self, *, teams: Iterable[int], amounts: Iterable[Decimal]) -> Self:
        """Won deals of these teams and amounts for which money is booked."""
        return (
            self.filter(team__in=teams, amount__in=amounts, status=Deal.Status.WON)
            .filter(revenue__corrected_by=None, revenue__amount__gt=0)
            .select_related("account")
            .distinct()
        )


class Deal(TeamItem):
    """A deal as last known. What it was before is in its DealChange rows."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    #: Fields whose changes are all recorded, with the day each was learned.
    TRACKED = ("status", "stage", "amount", "close_date", "owner")

    name = models.CharField(max_length=200)
    name_key = SearchKeyField("name")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="deals")
    external_id = models.CharField(
        max_length=100, blank=True, help_text="The deal's id in the CRM it came from: deals.rules.identity."
    )
    source = models.CharField(max_length=20, blank=True, help_text="Which CRM that is; empty: not known.")
    company = models.ForeignKey(
        Company,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="The team's, for a deal with such an id.",
    )
    owner = models.CharField(max_length=120, blank=True, help_text="The rep, as the CRM names them.")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    stage = models.CharField(max_length=80, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    close_date = models.DateField(
        null=True, blank=True, help_text="Expected close date, or the day it was won or lost."
    )
    pinned_at = models.DateTimeField(
        null=True, blank=True, help_text="Shown as a big deal whatever its size."
    )
    capacity_what = models.CharField("Capacity needed to deliver", max_length=300, blank=True)
    capacity_by = models.DateField("Needed by", null=True, blank=True)
    capacity_who = models.CharField("Who to inform", max_length=200, blank=True)
    changed_at = models.DateTimeField()
    search_key = SearchKeyField("owner", "stage")

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ("close_date", "name_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("company", "source", "external_id"),
                condition=~Q(external_id=""),
                name="one_deal_an_id_in_the_company",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="deal_amount_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("open", "won", "lost")), name="deal_status_is_known"
            ),
        ]
        indexes = [
            # The agenda's big deals.
            models.Index(fields=("team", "status", "close_date"), name="deal_team_status_close"),
            # The reps offered as a filter, without reading the deals themselves.
            models.Index(fields=("team", "owner"), name="deal_reps"),
        ]

    def __str__(self) -> str:
        return self.name

    def can_edit(self, user: User) -> bool:
        return has_permission(user, self.team, can_plan)

    def can_pin(self, user: User) -> bool:
        return has_permission(user, self.team, can_act)

    def pin(self, at: datetime | None) -> None:
        """Show it as a big deal whatever its size, from then on. None: by its size alone."""
        Deal.objects.filter(pk=self.pk, pinned_at__isnull=at is not None).update(pinned_at=at)
        Team.objects.bump_revision(self.team_id)

    def is_named_in(self, note: str) -> bool:
        """Whether the note has the name of the deal or of its account."""
        names = (self.name, self.account.name if self.account else "")
        return any(name and name.casefold() in note.casefold() for name in names)

    @property
    def last_reason(self) -> str:
        """Why the close date last moved; empty if no reason was given."""
        move = self.changes.filter(field="close_date").last()
        return move.reason if move else ""

    @transaction.atomic
    def record_reason(self, reason: str, *, version: int, now: datetime) -> Self:
        """Record why the close date last moved.

        Raises VersionConflict when somebody else saved in between.
        """
        if self.last_reason == reason:
            return self
        rows = Deal.objects.filter(pk=self.pk)
        if not rows.filter(version=version).update(version=F("version") + 1, changed_at=now):
            raise VersionConflict(rows.get())
        moves = self.changes.filter(field="close_date")
        moves.filter(pk__in=moves.order_by("-at", "-pk").values("pk")[:1]).update(reason=reason)
        self.refresh_from_db(fields=("version", "changed_at"))
        return self

    @transaction.atomic
    def record_change(
        self, *, version: int, day: date, now: datetime, by: User | None, reason: str = "", **fields: Any
    ) -> Self:
        """Save what is now known of the deal, with a DealChange for every tracked field that differs.

        `day` is the day it was learned, in the team's zone. Raises VersionConflict when somebody saved in
        between.
        """
        before = {name: getattr(self, name) for name in self.TRACKED}
        saved = self.edit(version=version, changed_at=now, **fields)
        if saved.changed_at != now:
            return saved  # the same was sent a moment ago and is saved already
        DealChange.objects.bulk_create(
            DealChange(
                deal=self,
                field=name,
                old=_as_text(before[name]),
                new=_as_text(fields[name]),
                day=day,
                at=now,
                by=by,
                reason=reason if name == "close_date" else "",
            )
            for name in self.TRACKED
            if name in fields and fields[name] != before[name]
        )
        return saved


class DealChange(models.Model):
    """One change of a tracked field, with the day it was learned and, for a push, the reason."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=12)
    old = models.CharField(max_length=120, blank=True)
    new = models.CharField(max_length=120, blank=True)
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(field__in=("status", "stage", "amount", "close_date", "owner")),
                name="deal_change_field_is_tracked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.field} {self.old} → {self.new}"


def _as_text(value: Any) -> str:
    """ISO dates and plain decimals, so that a change reads the same on every database. None is empty text."""
    return "" if value is None else str(value)
