from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q

from alignment.access import acts, may, plans
from alignment.models import Stale, Team, TeamItem, User
from deals.models.accounts import Account

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.read_by(user))

    def open(self) -> Self:
        return self.filter(status=Deal.Status.OPEN)


class Deal(TeamItem):
    """A deal as last known. What it was before is in its DealChange rows."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    #: Fields whose every change is kept, with the day it was learned.
    TRACKED = ("status", "stage", "amount", "close_date", "owner")

    name = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="deals")
    external_id = models.CharField(
        max_length=100, blank=True, help_text="The deal's id in the CRM it came from."
    )
    owner = models.CharField(max_length=120, blank=True, help_text="The rep, as the CRM names them.")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    stage = models.CharField(max_length=80, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    close_date = models.DateField(
        null=True, blank=True, help_text="Open: expected. Won or lost: the day it was."
    )
    pinned_at = models.DateTimeField(
        null=True, blank=True, help_text="Shown as a big deal whatever its size."
    )
    capacity_what = models.CharField("Capacity needed to deliver", max_length=300, blank=True)
    capacity_by = models.DateField("Needed by", null=True, blank=True)
    capacity_who = models.CharField("Who must know", max_length=200, blank=True)
    changed_at = models.DateTimeField()

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ("close_date", "name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "external_id"), condition=~Q(external_id=""), name="one_deal_an_external_id"
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="deal_amount_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("open", "won", "lost")), name="deal_status_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=("team", "status", "close_date"), name="deal_team_status_close"
            ),  # the Agenda's big deals
        ]

    def __str__(self) -> str:
        return self.name

    def can_edit(self, user: User) -> bool:
        return may(user, self.team, plans)

    def can_pin(self, user: User) -> bool:
        return may(user, self.team, acts)

    def pin(self, at: datetime | None) -> None:
        """Show it as a big deal whatever its size, from then on; None: by its size alone."""
        Deal.objects.filter(pk=self.pk, pinned_at__isnull=at is not None).update(pinned_at=at)
        Team.objects.stir(self.team_id)

    @property
    def last_reason(self) -> str:
        """Why the close date last moved, as far as anyone said."""
        move = self.changes.filter(field="close_date").last()
        return move.reason if move else ""

    @transaction.atomic
    def explain(self, reason: str, *, version: int, now: datetime) -> Self:
        """Keep why the close date last moved. Raises Stale when somebody else saved in between."""
        if self.last_reason == reason:
            return self
        rows = Deal.objects.filter(pk=self.pk)
        if not rows.filter(version=version).update(version=F("version") + 1, changed_at=now):
            raise Stale(rows.get())
        moves = self.changes.filter(field="close_date")
        moves.filter(pk__in=moves.order_by("-at", "-pk").values("pk")[:1]).update(reason=reason)
        self.refresh_from_db(fields=("version", "changed_at"))
        return self

    @transaction.atomic
    def learn(
        self, *, version: int, day: date, now: datetime, by: User | None, reason: str = "", **fields: Any
    ) -> Self:
        """Write what is now known of the deal and keep a DealChange for every tracked field that differs.

        `day` is the day it was learned, in the team's zone. Raises Stale when somebody saved in between.
        """
        before = {name: getattr(self, name) for name in self.TRACKED}
        saved = self.edit(version=version, changed_at=now, **fields)
        if saved.changed_at != now:
            return saved  # the same was sent a moment ago and is kept already
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
    """ISO dates and plain decimals, so that a change reads the same on every database; nothing is empty."""
    return "" if value is None else str(value)
