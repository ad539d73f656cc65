from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import Company, Team, TeamItem, User, VersionConflict
from alignment.models.teams import teams_read_by
from alignment.permissions import can_act, can_plan, has_permission
from deals.models.accounts import Account
from deals.models.deal_changes import DealChange, as_text
from deals.models.pipelines import Pipeline
from deals.models.reps import Rep
from deals.rules.contract_ends import ENDS_SOON
from deals.rules.reasons import CHOICES as REASONS
from deals.rules.reasons import reason_in_words

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def was_created_since(day: date) -> Q:
    """Opened on that day or later; where nobody knows when, first seen since. In some zone it was that day already
    the day before: whoever counts days looks at them once more in the team's own.
    """
    earliest = datetime.combine(day - timedelta(days=1), time(), tzinfo=UTC)
    return Q(opened_on__gte=day) | Q(opened_on=None, created_at__gte=earliest)


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=teams_read_by(user))

    def open(self) -> Self:
        return self.filter(status=Deal.Status.OPEN)

    def moved_since(self, day: date) -> Self:
        """Those of which stage, amount, close date or status changed on that day or later."""
        moves = DealChange.objects.standing().filter(
            deal=OuterRef("pk"), field__in=("status", "stage", "amount", "close_date"), day__gte=day
        )
        since = datetime.combine(day, time.min, tzinfo=UTC) - timedelta(days=1)  # a day is far from UTC's
        return self.filter(Exists(moves), changed_at__gte=since)

    def ending_unrenewed(self, teams: Mapping[date, Iterable[int]]) -> Self:
        """Won deals whose contract ends soon while no renewal is open at the account: `ends_unrenewed` of
        deals.rules.contract_ends in SQL. `teams`: their numbers by the day it is for them.
        """
        there = Deal.objects.filter(team=OuterRef("team"), account=OuterRef("account"))
        renewal = there.filter(status=Deal.Status.OPEN, deal_type=Deal.Type.RENEWAL)
        renewed = there.filter(status=Deal.Status.WON, contract_end__gt=OuterRef("contract_end"))
        ends = (
            Q(team__in=list(pks), contract_end__range=(today, today + ENDS_SOON))
            for today, pks in teams.items()
        )
        soon = reduce(or_, ends, Q(pk__in=()))
        return self.filter(soon, ~Exists(renewal), ~Exists(renewed), status=Deal.Status.WON)

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
        WITHDRAWN = "withdrawn", "Withdrawn"
        """Deleted in the CRM, or merged into another deal: neither open nor won nor lost."""

    class Type(models.TextChoices):
        NEW = "new", "New business"
        EXPANSION = "expansion", "Expansion"
        RENEWAL = "renewal", "Renewal"

    class LeadSource(models.TextChoices):
        PROSPECTING = "prospecting", "Own prospecting"
        MARKETING = "marketing", "Marketing"
        REFERRAL = "referral", "Referral"
        CLIENT = "client", "Existing client"
        PARTNER = "partner", "Partner"
        OTHER = "other", "Other"

    class Forecast(models.TextChoices):
        """The CRM's forecast category in our words."""

        COMMIT = "commit", "Commit"
        BEST_CASE = "best_case", "Best case"
        PIPELINE = "pipeline", "Pipeline"
        LEFT_OUT = "left_out", "Left out"

    #: Fields whose changes are all recorded, with the day each was learned.
    TRACKED = ("status", "stage", "pipeline", "amount", "close_date", "rep", "team", "next_step")

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
    rep = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="deals")
    deal_type = models.CharField("Type", max_length=12, choices=Type, blank=True)
    lead_source = models.CharField(max_length=12, choices=LeadSource, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    pipeline = models.ForeignKey(Pipeline, models.SET_NULL, null=True, blank=True, related_name="deals")
    stage = models.CharField(
        max_length=80, blank=True, help_text="As the CRM names it; what it means: deals.models.pipelines."
    )
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField("On", null=True, blank=True)
    forecast = models.CharField("Forecast category", max_length=12, choices=Forecast, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    close_date = models.DateField(
        null=True, blank=True, help_text="Expected close date, or the day it was won or lost."
    )
    pinned_at = models.DateTimeField(
        null=True, blank=True, help_text="Shown as a big deal whatever its size."
    )
    contract_end = models.DateField(null=True, blank=True, help_text="When what was sold ends or renews.")
    reason_kind = models.CharField(
        max_length=12, choices=REASONS, blank=True, help_text="Why it was won or lost."
    )
    reason = models.CharField(
        max_length=300, blank=True, help_text="Why it was lost, in words; a win has its `won_line`."
    )
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged",
        help_text="Of a withdrawn deal: where it went.",
    )
    merge_moves = models.JSONField(
        default=dict, blank=True, help_text="Of a merged deal: what it was, and the rows that went with it."
    )
    won_by = models.CharField("Who earned it", max_length=120, blank=True, help_text="Of a won deal.")
    won_line = models.CharField("What won it", max_length=300, blank=True)
    changed_at = models.DateTimeField()
    search_key = SearchKeyField("stage", "won_by", "won_line", "next_step")

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
                condition=Q(status__in=("open", "won", "lost", "withdrawn")), name="deal_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status="withdrawn"), name="merged_deal_is_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(deal_type__in=("", "new", "expansion", "renewal")), name="deal_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    lead_source__in=("", "prospecting", "marketing", "referral", "client", "partner", "other")
                ),
                name="deal_lead_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(forecast__in=("", "commit", "best_case", "pipeline", "left_out")),
                name="deal_forecast_is_known",
            ),
            models.CheckConstraint(
                condition=Q(reason_kind__in=("", *(kind for kind, _ in REASONS))), name="deal_reason_is_known"
            ),
        ]
        indexes = [
            # The agenda's big deals.
            models.Index(fields=("team", "status", "close_date"), name="deal_team_status_close"),
            # The reps offered as a filter, without reading the deals themselves.
            models.Index(fields=("team", "rep"), name="deal_reps"),
            # The stages offered as a filter, in the same way.
            models.Index(fields=("team", "status", "stage"), name="deal_stages"),
            # Contracts that end soon, and whether their account has a renewal.
            models.Index(
                fields=("team", "contract_end"),
                condition=Q(status="won", contract_end__isnull=False),
                name="deal_contract_ends",
            ),
            models.Index(
                fields=("account", "team", "status", "deal_type", "contract_end"), name="deal_renewals"
            ),
            # What is new on home, without reading the changes of deals that did not change lately.
            models.Index(fields=("team", "changed_at"), name="deal_changed"),
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

    @property
    def is_decided(self) -> bool:
        """Won or lost."""
        return self.status in (self.Status.WON, self.Status.LOST)

    def is_named_in(self, note: str) -> bool:
        """Whether the note has the name of the deal or of its account."""
        names = (self.name, self.account.name if self.account else "")
        return any(name and name.casefold() in note.casefold() for name in names)

    @property
    def reason_in_words(self) -> str:
        """Why it was won or lost: the kind, then the words."""
        return reason_in_words(self.reason_kind, self.won_line if self.status == "won" else self.reason)

    @property
    def earned_by(self) -> str:
        """Who is to be congratulated on it: its rep, unless somebody else was named when it was won."""
        return self.won_by or self.rep_name

    @property
    def rep_name(self) -> str:
        """Empty without a rep."""
        return self.rep.name if self.rep else ""

    @property
    def last_reason(self) -> str:
        """Why the close date last moved, in words; empty if none were given."""
        return self.last_push.reason if self.last_push else ""

    @property
    def last_push(self) -> DealChange | None:
        """The last change of its close date. Costs a query."""
        return self.changes.standing().filter(field="close_date").last()

    @transaction.atomic
    def record_reason(self, reason: str, *, kind: str = "", version: int, now: datetime) -> Self:
        """Record why the close date last moved: its kind (deals.rules.reasons) and the words.

        Raises VersionConflict when somebody else saved in between.
        """
        push = self.last_push
        if push is None or (push.reason, push.reason_kind) == (reason, kind):
            return self
        rows = Deal.objects.filter(pk=self.pk)
        if not rows.filter(version=version).update(version=F("version") + 1, changed_at=now):
            raise VersionConflict(rows.get())
        self.changes.filter(pk=push.pk).update(reason=reason, reason_kind=kind)
        self.refresh_from_db(fields=("version", "changed_at"))
        return self

    @transaction.atomic
    def record_change(
        self,
        *,
        version: int,
        day: date,
        now: datetime,
        by: User | None,
        reason: str = "",
        reason_kind: str = "",
        **fields: Any,
    ) -> Self:
        """Save what is now known of the deal, with a DealChange for every tracked field that differs.

        `day` is the day it was learned, in the team's zone; the reason is why its status changed, else why the
        close date moved; that of a win or a loss stays with the deal until it is open again. Raises
        VersionConflict when somebody saved in between.
        """
        before = {name: getattr(self, name) for name in self.TRACKED if name in fields}
        status = fields.get("status", self.status)
        fields |= self._outcome(status, reason, reason_kind)
        if self.merged_into_id and status != self.Status.WITHDRAWN:
            fields["merged_into"] = None  # it is back
        saved = self.edit(version=version, changed_at=now, **fields)
        if saved.changed_at != now:
            return saved  # the same was sent a moment ago and is saved already
        changed = [name for name, value in before.items() if value != fields[name]]
        explained = "status" if "status" in changed else "close_date"
        DealChange.objects.bulk_create(
            DealChange(
                deal=self,
                field=name,
                old=as_text(before[name]),
                new=as_text(fields[name]),
                from_team=before[name] if name == "team" else None,
                day=day,
                at=now,
                by=by,
                reason=reason if name == explained else "",
                reason_kind=reason_kind if name == explained else "",
            )
            for name in changed
        )
        return saved

    def _outcome(self, status: str, reason: str, kind: str) -> dict[str, str]:
        """Why it was won or lost, as far as that is said now; nothing of it once the deal is open again."""
        if status not in (self.Status.WON, self.Status.LOST):
            return {"reason": "", "reason_kind": ""} if self.reason or self.reason_kind else {}
        if status == self.status and not (reason or kind):
            return {}
        return {"reason": reason, "reason_kind": kind}
