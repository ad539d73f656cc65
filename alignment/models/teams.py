from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify

from alignment.db.search_keys import SearchKeyField
from alignment.models.company import Company, known_zone
from alignment.models.overview_readers import OverviewReader
from alignment.models.people import Membership, User
from alignment.models.versioned import Versioned
from alignment.rules.call_periods import CallPeriod
from alignment.rules.revenue_kinds import RevenueKind
from alignment.rules.roles import PRINCIPAL_ROLES, Role, Side

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Weekday(models.IntegerChoices):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Rhythm(models.TextChoices):
    """How often the team meets; meetings.rules.cadence says on which days."""

    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Once a month"


class Nth(models.IntegerChoices):
    """Which such weekday of the month."""

    FIRST = 1, "First"
    SECOND = 2, "Second"
    THIRD = 3, "Third"
    FOURTH = 4, "Fourth"
    LAST = -1, "Last"


class DueRule(models.TextChoices):
    """What decides when the preparation is due; meetings.rules.cadence says when that is."""

    WORKING_DAY = "working_day", "On the last working day before the meeting"
    HOURS = "hours", "Hours before the start"


def reminder_hours() -> list[int]:
    """Hours before the preparation is due at which it is asked for, unless the team says otherwise."""
    return [72, 24, 2]


def teams_read_by(user: User | AnonymousUser) -> models.QuerySet[Seat, Any]:
    """The ids of the teams whose words the user may read, for `team__in`:
    only those on which they sit now."""
    return Seat.objects.filter(user=user.pk, until=None).order_by().values("team")


TAKEN = frozenset({"new"})
"""Addresses under /setup/<company>/teams/ that are not teams."""


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Teams on which the user sits today, and every team of a company they administer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk__in=teams_read_by(user))
            | Q(company__in=user.memberships.filter(is_admin=True).values("company"))
        )

    def read_by(self, user: User | AnonymousUser) -> Self:
        """Teams whose words the user may read: only those with a seat. An admin sees facts alone."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=teams_read_by(user))

    def remembered_by(self, user: User | AnonymousUser) -> Self:
        """Teams on which the user sat once and sits no more: what took place meanwhile stays theirs to read, unless
        they were deactivated in the company."""
        if not user.is_authenticated:
            return self.none()
        before = Seat.objects.before_of(user).order_by().values("team")
        return self.filter(pk__in=before).exclude(pk__in=teams_read_by(user))

    def in_overview_of(self, user: User | AnonymousUser) -> Self:
        """Teams of the companies whose overview the user reads: for facts in figures, never for what somebody wrote."""
        return self.filter(company__in=OverviewReader.objects.companies_of(user))

    def free_slug(self, name: str) -> str:
        """An address that no team of any company has yet: north, north-2 …"""
        stem = slugify(name)[:70] or "team"
        taken = TAKEN | set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        number = 1
        while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        return slug

    def bump_revision(self, pk: int) -> None:
        """Tell open pages of the team that one of its items changed."""
        self.filter(pk=pk).update(revision=F("revision") + 1)


class Team(Versioned):
    """A CEO, a sales leader and their standing meeting. `version` is that of its settings."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")
    slug = models.SlugField(max_length=80, unique=True)
    timezone = models.CharField(
        max_length=64, validators=[known_zone], help_text="The zone the meeting is planned in."
    )
    rhythm = models.CharField(max_length=12, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)
    nth = models.SmallIntegerField(
        choices=Nth, default=Nth.FIRST, help_text="Which such weekday of the month; for “once a month” alone."
    )
    local_time = models.TimeField(default=time(9, 0))
    starts_on = models.DateField(
        help_text="The cadence holds from this day on; two-week steps are counted from its first weekday."
    )
    ends_on = models.DateField(null=True, blank=True)

    minutes_revenue = models.PositiveSmallIntegerField(default=7)
    minutes_deals = models.PositiveSmallIntegerField(default=5)
    minutes_risks = models.PositiveSmallIntegerField(default=6)
    minutes_initiatives = models.PositiveSmallIntegerField(default=5)
    minutes_issues = models.PositiveSmallIntegerField(default=7)

    mid_deal_from = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(20_000))
    big_deal_from = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(80_000))

    due_rule = models.CharField(max_length=12, choices=DueRule, default=DueRule.WORKING_DAY)
    due_time = models.TimeField(
        default=time(17, 0),
        help_text="When the preparation is due on the last working day before the meeting.",
    )
    preparation_hours = models.PositiveSmallIntegerField(
        default=24, help_text="How long before the start it is due, where hours decide."
    )
    missed_after_hours = models.PositiveSmallIntegerField(default=24)
    closes_after_hours = models.PositiveSmallIntegerField(
        default=12, help_text="A meeting left open closes itself this long after its planned end."
    )

    reminder_hours = models.JSONField(
        default=reminder_hours, help_text="Hours before the preparation is due, the longest first."
    )
    admins_told_after = models.PositiveSmallIntegerField(
        default=2, help_text="So many meetings missed in a row, and the company's admins are told."
    )
    red_after = models.PositiveSmallIntegerField(
        default=3, help_text="So many missed in a row, and the team is red on every screen until one is held."
    )

    revenue_kind = models.CharField(
        max_length=10,
        choices=RevenueKind,
        default=RevenueKind.WON,
        help_text="What its goal is made of: only revenue of this kind counts.",
    )
    call_period = models.CharField(
        max_length=10,
        choices=CallPeriod,
        default=CallPeriod.QUARTER,
        help_text="For which period the sales leader states commit and best case.",
    )
    own_policies = models.JSONField(
        default=list,
        blank=True,
        help_text="Settings it says itself instead of following the company: alignment.models.policy.",
    )

    revision = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Grows with every change of the team's items, so that open pages notice.",
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.UniqueConstraint(fields=("company", "name_key"), name="team_name_is_unique_in_company"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="team_weekday_is_a_weekday"),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="team_rhythm_is_known"),
            models.CheckConstraint(condition=Q(nth__in=Nth.values), name="team_nth_is_of_a_month"),
            models.CheckConstraint(condition=Q(due_rule__in=DueRule.values), name="team_due_rule_is_known"),
            models.CheckConstraint(
                condition=Q(admins_told_after__gte=1, red_after__gte=F("admins_told_after")),
                name="team_escalation_ascends",
            ),
            models.CheckConstraint(
                condition=Q(big_deal_from__gte=F("mid_deal_from")), name="team_bands_ascend"
            ),
            models.CheckConstraint(condition=Q(mid_deal_from__gte=0), name="team_bands_are_not_negative"),
            models.CheckConstraint(
                condition=Q(revenue_kind__in=RevenueKind.values), name="team_revenue_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(call_period__in=CallPeriod.values), name="team_call_period_is_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes_revenue__gte=1)
                & Q(minutes_deals__gte=1)
                & Q(minutes_risks__gte=1)
                & Q(minutes_initiatives__gte=1)
                & Q(minutes_issues__gte=1),
                name="team_sections_have_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def currency(self) -> str:
        return self.company.currency

    @property
    def revenue_kind_label(self) -> str:
        return str(RevenueKind(self.revenue_kind).label)

    @property
    def planned_minutes(self) -> dict[str, int]:
        """Minutes of each section, in the order of the agenda."""
        return {
            "revenue": self.minutes_revenue,
            "deals": self.minutes_deals,
            "risks": self.minutes_risks,
            "initiatives": self.minutes_initiatives,
            "issues": self.minutes_issues,
        }

    @property
    def minutes(self) -> int:
        return sum(self.planned_minutes.values())

    @cached_property
    def current_seats(self) -> list[Seat]:
        """The team's current seats with their users: one query for a page."""
        return list(self.seats.current().select_related("user"))

    def with_seats(self, seats: Iterable[Seat]) -> Self:
        """The team, knowing who sits there now as somebody has read it
        already: asking costs no query then."""
        self.current_seats = list(seats)
        return self

    def forget_seats(self) -> None:
        """After a change of seats: they are read again when next asked for."""
        self.__dict__.pop("current_seats", None)

    def seat_of(self, user: User | AnonymousUser) -> Seat | None:
        return next((seat for seat in self.current_seats if seat.user_id == user.pk), None)

    def holder(self, role: str) -> User | None:
        """Who sits as CEO or leader now."""
        return next((seat.user for seat in self.current_seats if seat.role == role), None)

    def role_of(self, user: User | AnonymousUser) -> str:
        """The user's role on the team; empty without a seat."""
        seat = self.seat_of(user)
        return seat.role if seat else ""

    def side_of(self, user: User | AnonymousUser) -> str:
        """The side the user speaks for; empty for an observer and without a seat."""
        seat = self.seat_of(user)
        return seat.side if seat else ""

    def was_seated(self, user: User | AnonymousUser, day: date) -> bool:
        """Whether the user sat on the team on this day, and sits there no more. Costs a query."""
        seats = Seat.objects.before_of(user).filter(team=self, since__lte=day, until__gte=day)
        return user.is_authenticated and seats.exists()

    def is_principal(self, user: User | AnonymousUser) -> bool:
        """Whether the user is the CEO or the sales leader."""
        return self.role_of(user) in PRINCIPAL_ROLES

    def is_big_deal(self, amount: Decimal | None) -> bool:
        return (amount or 0) >= self.big_deal_from

    def has_ended(self, now: datetime) -> bool:
        return self.ends_on is not None and self.ends_on < self.today(now)

    def today(self, now: datetime) -> date:
        """The calendar day it is for this team at `now`."""
        return now.astimezone(self.zone).date()


class SeatQuerySet(models.QuerySet["Seat"]):
    def current(self) -> Self:
        """Seats not given up. Seats that start later do not exist until they start."""
        return self.filter(until=None)

    def on_leaders_side(self) -> Self:
        """Current seats of sales leaders and of their delegates."""
        leads = Q(role=Role.LEADER) | Q(role=Role.DELEGATE, acts_for=Side.LEADER)
        return self.current().filter(leads)

    def before_of(self, user: User | AnonymousUser) -> Self:
        """Seats the user gave up, in companies that have not deactivated them since."""
        left = Membership.objects.filter(user=user.pk, ended_at__isnull=False).values("company")
        return self.filter(user=user.pk).exclude(until=None).exclude(team__company__in=left)

    def at_the_end(self) -> Self:
        """Seats held until the last day of a team that has ended."""
        return self.filter(until=F("team__ends_on"))


class Seat(models.Model):
    """Who holds which role on a team, from when until when (the last day, inclusive)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=12, choices=Role)
    acts_for = models.CharField(
        max_length=12, choices=Side, blank=True, help_text="For a delegate: whose work they do."
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("team", "user"), condition=Q(until=None), name="one_current_seat_a_person"
            ),
            models.UniqueConstraint(
                fields=("team", "role"),
                condition=Q(until=None, role__in=("ceo", "leader")),
                name="one_current_ceo_and_leader",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="seat_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="seat_role_is_known"),
            models.CheckConstraint(
                condition=Q(role="delegate", acts_for__in=("ceo", "leader"))
                | (~Q(role="delegate") & Q(acts_for="")),
                name="only_a_delegate_acts_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.team}"

    @property
    def side(self) -> str:
        """The side this seat speaks for; empty for an observer, who only reads."""
        return self.acts_for or (self.role if self.role in Side.values else "")
