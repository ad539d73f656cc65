from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q

from alignment.agreements.decisions import ItemLine, record_no, record_yes, undo_last
from alignment.db.search_keys import SearchKeyField, with_keys
from alignment.models import Agreement, Team, TeamItem, User, VersionConflict
from alignment.models.teams import Seat, teams_read_by
from alignment.permissions import can_plan, has_permission
from alignment.rules.roles import PRINCIPAL_ROLES, Role, Side
from meetings.models import approvals
from meetings.rules.rep_plans import NOBODY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def paired_with(user: int) -> models.QuerySet[Seat, Any]:
    """Teams of which the user is the CEO or the sales leader."""
    seats = Seat.objects.filter(user=user, until=None, role__in=PRINCIPAL_ROLES)
    return seats.order_by().values("team")


def plans_read_by(user: int, *, of: str = "", paired: Collection[int] | None = None, team: str = "team") -> Q:
    """Rows that are no rep's plan, and rep's plans this person started as CEO or sales leader and still is.

    `of` leads from the filtered row, which is of the same team, to the initiative it comes from, if any.
    `team` leads to the row's team. `paired` are the teams of `paired_with`, where the caller has read them already.
    `meetings.rules.rep_plans.can_read` is the same rule for values.
    """
    started = Q(**{f"{of}pair_ceo": user}) | Q(**{f"{of}pair_leader": user})
    is_no_plan = ~Q(**{f"{of}kind": Initiative.Kind.REP})
    return is_no_plan | (started & Q(**{f"{team}__in": paired_with(user) if paired is None else paired}))


def plan_reader(team: Team, user: User | AnonymousUser) -> int:
    """Whose rep's plans of the team the user reads: their own as a principal, or NOBODY's."""
    return (user.pk or NOBODY) if team.is_principal(user) else NOBODY


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A rep's plan is only for the CEO and the sales leader who started it, while they are seated."""
        return self.filter(plans_read_by(user.pk or NOBODY), team__in=teams_read_by(user))

    def open(self) -> Self:
        return self.filter(finished_at=None)

    def with_measure(self) -> Self:
        """Each with its measure, whose current value is still to be read."""
        return self.select_related("measured_by")

    def with_decision(self) -> Self:
        """Each with the CEO's last decision and with who is the CEO now."""
        return self.select_related("decision").annotate(seated_ceo=approvals.seated_ceo())

    def waiting_for_ceo(self) -> Self:
        """Open ones whose current plan who is the CEO now has neither approved nor sent back."""
        return self.open().alias(state=approvals.approval_state()).filter(state__in=Initiative.UNDECIDED)


class Initiative(TeamItem):
    """A project beyond day-to-day selling, with a measure and the CEO's approval."""

    class Kind(models.TextChoices):
        SKILLS = "skills", "Skills"
        PRODUCT = "product", "New product"
        MARKET = "market", "New market"
        REP = "rep", "Rep development"
        REFERRALS = "referrals", "Referrals"
        MARKETING = "marketing", "Marketing"
        OTHER = "other", "Other"

    class Health(models.TextChoices):
        ON_TRACK = "on_track", "On track"
        BEHIND = "behind", "Behind"
        STUCK = "stuck", "Blocked"

    Approval = approvals.Approval
    UNDECIDED = approvals.UNDECIDED
    #: What stands in its Measure.
    MEASURED = ("measure", "unit", "baseline", "target", "current")
    #: A change of any of these is a change of plan.
    PLAN = ("title", "kind", "plan", "measure", "unit", "baseline", "target")

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    plan = models.TextField(max_length=4000, blank=True, help_text="What is done, why, by whom.")
    due = models.DateField(null=True, blank=True)
    health = models.CharField(max_length=10, choices=Health, default=Health.ON_TRACK)
    changed_at = models.DateTimeField()
    plan_number = models.PositiveIntegerField(
        default=1, editable=False, help_text="Goes up with each change of the plan."
    )
    decision = models.OneToOneField(
        Agreement,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The CEO's last one. Whether it is about the present plan is compared on reading.",
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)
    pair_ceo = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text=(
            "Of a rep's plan: the CEO with whom it was begun. Who follows in the seat does not read it."
        ),
    )
    pair_leader = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="Of a rep's plan: the leader with whom it was begun.",
    )

    search_key = SearchKeyField("title", "plan")

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        indexes = [
            models.Index(fields=("team",), condition=Q(finished_at=None), name="initiative_open")
        ]  # the Agenda's

    def __str__(self) -> str:
        return self.title

    @property
    def measure(self) -> str:
        """What is counted, such as “deals above $20k a month”."""
        return self.measured_by.name

    @property
    def unit(self) -> str:
        return self.measured_by.unit

    @property
    def baseline(self) -> Decimal | None:
        return self.measured_by.baseline

    @property
    def target(self) -> Decimal | None:
        return self.measured_by.target

    @property
    def current(self) -> Decimal | None:
        """Its last value: a query, unless the values were read with the row."""
        return self.measured_by.current

    @property
    def is_for_principals(self) -> bool:
        return self.kind == self.Kind.REP

    @property
    def readers(self) -> tuple[int, ...]:
        """The only readers of a rep's plan, while they hold their seats; (0,): nobody.

        Any other kind: empty, everyone.
        """
        readers = tuple(user for user in (self.pair_ceo_id, self.pair_leader_id) if user)
        return (readers or (NOBODY,)) if self.is_for_principals else ()

    @staticmethod
    def pair_of(team: Team) -> dict[str, User | None]:
        """The CEO and the sales leader of a rep's plan started now."""
        return {"pair_ceo": team.holder(Role.CEO), "pair_leader": team.holder(Role.LEADER)}

    @property
    def approval(self) -> approvals.Approval:
        """As it stands now. Costs queries, unless it was read `with_decision`."""
        is_asked_anew = self.decision is not None and not self.is_for_principals
        return approvals.approval_of(
            self.decision,
            plan_number=self.plan_number,
            seated_ceo=self._seated_ceo() if is_asked_anew else None,
            is_for_principals=self.is_for_principals,
        )

    def _seated_ceo(self) -> int | None:
        if "seated_ceo" in vars(self):
            user: int | None = vars(self)["seated_ceo"]
            return user
        ceo = self.team.holder(Role.CEO)
        return ceo.pk if ceo else None

    @property
    def approval_label(self) -> str:
        return str(self.approval.label)

    @property
    def approval_why(self) -> str:
        """What the CEO said with the last decision."""
        return self.decision.why if self.decision else ""

    @property
    def approval_at(self) -> datetime | None:
        return (self.decision.closed_at or self.decision.ceo_at) if self.decision else None

    @property
    def approval_by(self) -> User | None:
        """Who decided last; None also for somebody who is gone."""
        return approvals.decided_by(self.decision) if self.decision else None

    @property
    def waits_for_ceo(self) -> bool:
        return self.finished_at is None and self.approval in self.UNDECIDED

    def can_edit(self, user: User) -> bool:
        return has_permission(user, self.team, can_plan)

    def can_agree(self, user: User) -> bool:
        """Approve the plan: only the CEO."""
        return self.team.role_of(user) == Role.CEO

    @transaction.atomic
    def revise(self, *, version: int, now: datetime, **fields: Any) -> Self:
        """Save the leader's changes.

        A changed plan needs approval again; a new value is a point on the sparkline.

        Raises VersionConflict when somebody saved in between.
        """
        plan_changed = any(name in fields and fields[name] != getattr(self, name) for name in self.PLAN)
        if plan_changed:
            fields["plan_number"] = self.plan_number + 1
        return self.edit(version=version, changed_at=now, **fields)

    @transaction.atomic
    def edit(self, *, version: int, **fields: Any) -> Self:
        """As of any versioned row; the fields of its measure go there."""
        measured = {name: fields[name] for name in self.MEASURED if name in fields}
        if not measured:
            return super().edit(version=version, **fields)
        own = {name: value for name, value in fields.items() if name not in measured}
        rows = Initiative.objects.filter(pk=self.pk)
        if rows.filter(version=version).update(version=F("version") + 1, **with_keys(self, **own)):
            self.measured_by.revise(at=own.get("changed_at", self.changed_at), **measured)
            return self._stored()
        current = self._stored()
        if current.differs_from(fields):
            raise VersionConflict(current)
        return current

    def _stored(self) -> Self:
        return type(self)._base_manager.get(pk=self.pk)  # noqa: SLF001 - Django's public name for it

    @transaction.atomic
    def decide(self, approval: str, *, by: User, now: datetime, why: str = "") -> None:
        """The CEO's decision on the plan as it is here: AGREED, or NOT_YET with a reason.

        Raises VersionConflict, and changes nothing, when somebody changed it in between.
        """
        rows = Initiative.objects.filter(pk=self.pk)
        is_current = rows.filter(finished_at=None, version=self.version).update(version=F("version") + 1)
        if is_current:
            record = record_yes if approval == self.Approval.AGREED else record_no
            rows.update(decision=record(self._plan_line(), by=by, now=now, why=why))
            Team.objects.bump_revision(self.team_id)
        self.refresh_from_db()
        if not is_current and not self.has_decision(approval, why, by=by):
            raise VersionConflict(self)

    def _plan_line(self) -> ItemLine:
        """The plan as the sales leader's side stands by it now."""
        content = {name: getattr(self, name) for name in self.PLAN}
        return ItemLine(
            team=self.team,
            subject=approvals.SUBJECT,
            key=self.token.hex,
            content={
                name: str(value) if isinstance(value, Decimal) else value for name, value in content.items()
            },
            facts={approvals.PLAN_NUMBER: self.plan_number},
            side=Side.LEADER,
            by=self.team.holder(Role.LEADER),
            since=self.changed_at,
        )

    @transaction.atomic
    def undo_decision(self) -> None:
        """The last decision was never made. Raises VersionConflict when anything was changed since."""
        rows = Initiative.objects.filter(pk=self.pk)
        if self.decision is None or not rows.filter(version=self.version).update(version=F("version") + 1):
            raise VersionConflict(self)
        rows.update(decision=undo_last(self.decision))
        Team.objects.bump_revision(self.team_id)

    def has_decision(self, approval: str, why: str, *, by: User) -> bool:
        """Whether this is their decision on the current plan."""
        return (self.approval, self.approval_why, self.approval_by) == (approval, why, by)

    def finish(self, *, by: User, now: datetime, outcome: str) -> None:
        Initiative.objects.filter(pk=self.pk, finished_at=None).update(
            finished_at=now, finished_by=by, outcome=outcome, changed_at=now, version=F("version") + 1
        )

    def reopen(self, *, now: datetime) -> None:
        """Undo the finish; the outcome stays until it is finished again."""
        Initiative.objects.filter(pk=self.pk).exclude(finished_at=None).update(
            finished_at=None, finished_by=None, changed_at=now, version=F("version") + 1
        )
