"""What a team measures: its leading measures week by week, and what an initiative is measured by."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q

from alignment.db.search_keys import SearchKeyField, with_keys
from alignment.models import Team, TeamItem, User
from alignment.models.teams import teams_read_by
from alignment.permissions import can_plan, can_speak, has_permission
from alignment.rules.periods import week_of
from deals.models import Rep
from meetings.models.initiatives import Initiative, plans_read_by
from meetings.models.issues import Issue
from meetings.models.sections import Section
from meetings.rules.measures import (
    DIRECTIONS,
    MOST_LEADING,
    OFF_OF,
    OFF_WEEKS,
    Direction,
    Week,
    direction_towards,
    judge_week,
)
from meetings.rules.rep_plans import NOBODY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ValueConflict(Exception):
    """Somebody else entered a value for the week first. Nothing was changed; `current` is theirs."""

    def __init__(self, current: Decimal | None) -> None:
        super().__init__("Someone else entered a value before you.")
        self.current = current


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Without that of a rep's plan that the user may not read."""
        readable = plans_read_by(user.pk or NOBODY, of="initiative__")
        return self.filter(readable, team__in=teams_read_by(user))

    def leading(self) -> Self:
        """Those a team agreed on, also the ones that have ended."""
        return self.filter(initiative=None)

    def current(self) -> Self:
        """The leading ones that have not ended."""
        return self.leading().filter(ended_at=None)


class Measure(TeamItem):
    """A number that is followed over time.

    A leading measure is one a team agreed on: a number a week that says early how the quarter will come. An
    initiative has one measure, with where it began; it may be without a name or a target until the plan says more.
    """

    class Source(models.TextChoices):
        """Where its values come from: the deals, or somebody who types them."""

        NEW_DEALS = "new_deals", "New deals"
        STAGE = "stage", "Deals that entered a stage"
        TYPED = "typed", "Typed in each week"

    initiative = models.OneToOneField(
        Initiative,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="measured_by",
        help_text="None: a leading one.",
    )
    name = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    direction = models.CharField(max_length=8, choices=DIRECTIONS, default=Direction.UP)
    baseline = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.TYPED)
    stage = models.CharField(max_length=80, blank=True, help_text="As the CRM names it.")
    rep = models.ForeignKey(
        Rep,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is asked for the value each week by a personal link.",
    )
    asked_for = models.DateField(
        null=True, blank=True, editable=False, help_text="The Monday of the last week they were asked for."
    )
    position = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="1 to 5; none once ended."
    )
    issue = models.ForeignKey(
        Issue,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="The last issue raised because it was off.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    search_key = SearchKeyField("name")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=("team", "position"), name="one_measure_a_place"),
            models.CheckConstraint(
                condition=Q(position=None, ended_at__isnull=False)
                | Q(position__range=(1, MOST_LEADING), ended_at=None, initiative=None)
                | Q(position=None, ended_at=None, initiative__isnull=False),
                name="at_most_five_leading_measures",
            ),
            models.CheckConstraint(
                condition=Q(initiative__isnull=False) | ~Q(name="") & Q(target__isnull=False),
                name="leading_measure_has_name_and_target",
            ),
            models.CheckConstraint(
                condition=Q(initiative=None) | Q(source="typed"), name="initiative_measure_is_typed"
            ),
            models.CheckConstraint(condition=Q(direction__in=("up", "down")), name="direction_is_known"),
            models.CheckConstraint(
                condition=Q(source__in=("new_deals", "typed"), stage="") | Q(source="stage") & ~Q(stage=""),
                name="measure_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(rep=None) | Q(source="typed"), name="only_typed_ones_are_asked_for"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_typed(self) -> bool:
        return self.source == self.Source.TYPED

    @classmethod
    def of_initiative(
        cls,
        initiative: Initiative,
        *,
        measure: str = "",
        unit: str = "",
        baseline: Decimal | None = None,
        target: Decimal | None = None,
    ) -> Measure:
        """The measure of a new initiative, not stored yet."""
        return cls(
            team=initiative.team,
            initiative=initiative,
            name=measure,
            unit=unit,
            baseline=baseline,
            target=target,
            direction=direction_towards(baseline, target),
            created_at=initiative.created_at,
            created_by=initiative.created_by,
        )

    def start(self, current: Decimal | None, *, at: datetime) -> None:
        """Store it with its initiative, and its first value."""
        assert self.initiative is not None
        self.initiative_id = self.initiative.pk
        self.save(force_insert=True)
        if current is not None:
            self.points.create(at=at, value=current)

    @property
    def current(self) -> Decimal | None:
        """The last value. Costs a query."""
        return self.points.order_by("-at", "-pk").values_list("value", flat=True).first()

    def revise(self, *, at: datetime, **measured: Any) -> None:
        """The changes of its initiative: `measure` is its name; a new `current` value is a point, None too: nobody
        knows it any more.
        """
        names = {"measure": "name", "unit": "unit", "baseline": "baseline", "target": "target"}
        columns = {names[name]: value for name, value in measured.items() if name in names}
        if columns:
            stored = Measure.objects.get(pk=self.pk)
            baseline, target = (
                measured.get("baseline", stored.baseline),
                measured.get("target", stored.target),
            )
            columns["direction"] = direction_towards(baseline, target)
            Measure.objects.filter(pk=self.pk).update(
                version=F("version") + 1, **with_keys(stored, **columns)
            )
        if "current" in measured and measured["current"] != self.current:
            self.points.create(at=at, value=measured["current"])

    def can_edit(self, user: User) -> bool:
        return has_permission(user, self.team, can_plan)

    def can_raise(self, user: User) -> bool:
        return has_permission(user, self.team, can_speak)

    def judge(self, monday: date, value: Decimal | None, *, today: date) -> Week:
        """One week of it."""
        return judge_week(
            week_of(monday),
            value,
            target=self.target,
            direction=Direction(self.direction),
            agreed_on=self.team.today(self.created_at),
            today=today,
        )

    @staticmethod
    def free_position(team: Team) -> int | None:
        """The first of the five places that is free; None when five are agreed."""
        taken = set(Measure.objects.current().filter(team=team).values_list("position", flat=True))
        return next((number for number in range(1, MOST_LEADING + 1) if number not in taken), None)

    @transaction.atomic
    def enter(
        self,
        period: date,
        value: Decimal | None,
        *,
        before: Decimal | None,
        by: User | None,
        rep: Rep | None = None,
        now: datetime,
    ) -> None:
        """The value of the week that begins on `period`; None takes it away. `before` is what was there when it was
        typed.

        Raises ValueConflict, and changes nothing, when somebody entered another one in between.
        """
        Measure.objects.select_for_update().get(pk=self.pk)
        point = MeasurePoint.objects.filter(measure=self, period=period).first()
        current = point.value if point else None
        if current == value:
            return
        if current != before:
            raise ValueConflict(current)
        if value is None:
            MeasurePoint.objects.filter(measure=self, period=period).delete()
        else:
            MeasurePoint.objects.update_or_create(
                measure=self, period=period, defaults={"value": value, "by": by, "rep": rep, "at": now}
            )
        Team.objects.bump_revision(self.team_id)

    def end(self, *, by: User, now: datetime) -> None:
        """Take it off the team's list; its values stay."""
        changed = Measure.objects.current().filter(pk=self.pk)
        if changed.update(ended_at=now, ended_by=by, position=None, version=F("version") + 1):
            Team.objects.bump_revision(self.team_id)

    @transaction.atomic
    def raise_issue(self, detail: str, *, by: User, now: datetime) -> Issue:
        """An issue because it is off; the one that is open already, when there is one."""
        row = Measure.objects.select_for_update().get(pk=self.pk)
        if row.issue_id and (issue := Issue.objects.open().filter(pk=row.issue_id).first()):
            return issue
        issue = Issue.objects.create(
            team=self.team,
            section=Section.INITIATIVES,
            kind=Issue.Kind.ISSUE,
            side=self.team.side_of(by),
            title=f"{self.name} was off target in {OFF_WEEKS} of {OFF_OF} weeks",
            detail=detail,
            created_at=now,
            created_by=by,
            changed_at=now,
        )
        Measure.objects.filter(pk=self.pk).update(issue=issue)
        Team.objects.bump_revision(self.team_id)
        return issue


class MeasurePointQuerySet(models.QuerySet["MeasurePoint"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(measure__in=Measure.objects.visible_to(user).order_by().values("pk"))


class MeasurePoint(models.Model):
    """A typed value: of one week of a leading measure; of an initiative's, what it was from a moment on.

    Counted measures have none: they are counted from the deals when they are read.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="points")
    period = models.DateField(null=True, help_text="The Monday of the week; none of an initiative's measure.")
    value = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, help_text="None: it is not known any more."
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    rep = models.ForeignKey(
        Rep,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answered by a personal link.",
    )
    at = models.DateTimeField()

    objects = MeasurePointQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("measure", "period"), name="one_value_a_period"),
            models.CheckConstraint(
                condition=Q(period=None) | Q(value__isnull=False), name="a_week_with_a_point_has_a_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.period or self.at.date()}: {self.value}"
