from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q

from alignment.models import Team, TeamItem, User
from alignment.models.teams import teams_read_by
from alignment.permissions import can_act, can_plan, has_permission
from deals.models.deals import Deal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CapacityNeedQuerySet(models.QuerySet["CapacityNeed"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever reads the team that has the deal now."""
        return self.filter(deal__team__in=teams_read_by(user))

    def real(self) -> Self:
        """Without those that say that nothing is needed."""
        return self.exclude(what=CapacityNeed.NOTHING)

    @transaction.atomic
    def add_to(
        self,
        deal: Deal,
        *,
        what: str,
        by: User | None,
        now: datetime,
        needed_by: date | None = None,
        who: str = "",
        token: UUID | None = None,
    ) -> CapacityNeed:
        """The same need entered twice is one. “None needed” stands alone: it goes when something is needed, and does
        not come where something is.
        """
        Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
        known = list(self.filter(deal=deal))
        if what == CapacityNeed.NOTHING and known:
            return known[0]
        same = next(
            (need for need in known if (need.what, need.needed_by, need.who) == (what, needed_by, who)), None
        )
        if same is not None:
            return same
        fields = {"token": token} if token and not self.filter(token=token).exists() else {}
        need = self.create(
            deal=deal,
            team_id=deal.team_id,
            what=what,
            needed_by=needed_by,
            who=who,
            created_by=by,
            created_at=now,
            **fields,
        )
        self.drop_none_needed(deal)
        need.mark_deal_changed(now)
        return need

    def drop_none_needed(self, deal: Deal) -> None:
        """“None needed” goes once the deal needs something."""
        if self.real().filter(deal=deal).exists():
            self.filter(deal=deal, what=CapacityNeed.NOTHING).delete()


class CapacityNeed(TeamItem):
    """What delivering a deal takes: what, by when, and who must know. Its readers are those of the deal's team now;
    `team` is the one that had the deal when it was entered.
    """

    NOTHING = "None needed"
    """What is said of a won deal that needs nothing more to be delivered."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="capacity_needs")
    what = models.CharField(max_length=300)
    needed_by = models.DateField(null=True, blank=True)
    who = models.CharField(max_length=200, blank=True, help_text="Who must know.")
    informed_at = models.DateTimeField(null=True, blank=True)
    informed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CapacityNeedQuerySet.as_manager()

    class Meta:
        ordering = ("needed_by", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="capacity_need_says_what"),
            models.CheckConstraint(
                condition=~Q(what="None needed") | Q(needed_by=None, who="", informed_at=None),
                name="nothing_needed_says_nothing_else",
            ),
        ]
        # The page of a team's needs by month.
        indexes = [models.Index(fields=("deal", "needed_by"), name="capacity_needs_of_deals")]

    def __str__(self) -> str:
        return self.what

    @property
    def is_nothing(self) -> bool:
        return self.what == self.NOTHING

    def can_edit(self, user: User) -> bool:
        return has_permission(user, self.deal.team, can_plan)

    def can_tell(self, user: User) -> bool:
        return has_permission(user, self.deal.team, can_act)

    def mark_informed(self, *, by: User, now: datetime) -> None:
        """Whoever must know was told. Told twice is told once."""
        rows = CapacityNeed.objects.real().filter(pk=self.pk, informed_at=None)
        if rows.update(informed_at=now, informed_by=by, version=F("version") + 1):
            Team.objects.bump_revision(self.deal.team_id)

    def mark_uninformed(self) -> None:
        """Undo a slip: nobody was told yet."""
        rows = CapacityNeed.objects.filter(pk=self.pk).exclude(informed_at=None)
        if rows.update(informed_at=None, informed_by=None, version=F("version") + 1):
            Team.objects.bump_revision(self.deal.team_id)

    def revise(self, *, version: int, now: datetime, **fields: object) -> Self:
        """Save a change; who must know is told anew. Raises VersionConflict when somebody saved in between."""
        if self.informed_at is not None and self.differs_from(fields):
            fields |= {"informed_at": None, "informed_by": None}
        saved = self.edit(version=version, **fields)
        self.mark_deal_changed(now)
        return saved

    def mark_deal_changed(self, now: datetime) -> None:
        Deal.objects.filter(pk=self.deal_id).update(changed_at=now)
        Team.objects.bump_revision(self.deal.team_id)
