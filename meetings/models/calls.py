"""The sales leader's calls of a period: commit and best case, with the deals of the commit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from alignment.models import Seat, Team, User
from alignment.models.teams import teams_read_by
from alignment.rules.roles import Role
from deals.models import Deal
from deals.rules.evidence import FACT_CHOICES, FACTS
from meetings.models.meetings import Meeting
from meetings.rules.calls import CalledDays

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def _has_started_since() -> Exists:
    """Whether the meeting of a call, or a later one, has started."""
    return Exists(Meeting.objects.started_from("meeting__"))


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """For everybody on the team once the meeting or a later one has started; until then for the sales leader's
        side, and for the CEO once their own number is in too. A meeting that is excused or missed opens nothing.
        """
        seats = Seat.objects.current().filter(user=user.pk).order_by()
        leads = Q(team__in=Seat.objects.on_leaders_side().filter(user=user.pk).order_by().values("team"))
        same_period = {
            "expectations__starts_on": OuterRef("starts_on"),
            "expectations__ends_on": OuterRef("ends_on"),
            "expectations__ceo": user.pk,
        }
        is_revealed = Q(meeting__submitted_at__isnull=False) & Exists(
            Meeting.objects.filter(pk=OuterRef("meeting"), **same_period)
        )
        as_ceo = Q(team__in=seats.filter(role=Role.CEO).values("team")) & is_revealed
        return self.filter(Q(_has_started_since()) | leads | as_ceo, team__in=teams_read_by(user))

    def open_to_team(self) -> Self:
        """Those that everybody on the team reads: no secret to anybody who may know the team's figures."""
        return self.filter(_has_started_since())

    def last_of_meetings(self) -> Self:
        """Of each meeting and period the last one: none before it counts once the meeting has started."""
        later = Call.objects.filter(
            meeting=OuterRef("meeting"),
            starts_on=OuterRef("starts_on"),
            ends_on=OuterRef("ends_on"),
            number__gt=OuterRef("number"),
        )
        return self.filter(~Exists(later))

    def in_order(self) -> Self:
        return self.order_by("meeting__starts_at", "meeting", "number")


class Call(models.Model):
    """What the sales leader calls for one period, stated while preparing one meeting. Never changed: a change until
    the meeting starts is another row with the next `number`. Amounts contain what was won already.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="calls")
    team = models.ForeignKey(Team, models.CASCADE, related_name="calls")
    starts_on = models.DateField(help_text="The period’s first day; its days stay as they were called.")
    ends_on = models.DateField()
    is_part_of_quarter = models.BooleanField(
        default=False,
        help_text="As short as a month, and called by quarter: what a moved fiscal year left of one.",
    )
    number = models.PositiveSmallIntegerField(help_text="1 for the first of this meeting and period.")
    commit = models.DecimalField(max_digits=18, decimal_places=2)
    best_case = models.DecimalField(max_digits=18, decimal_places=2)
    won = models.DecimalField(
        "won so far", max_digits=18, decimal_places=2, help_text="When it was stated, of the team’s revenue."
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role, help_text="The leader, or a delegate.")

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "starts_on", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("meeting", "starts_on", "ends_on", "number"), name="calls_of_a_period_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(best_case__gte=F("commit")), name="best_case_is_at_least_the_commit"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_called_period_has_days"),
            models.CheckConstraint(
                condition=Q(role__in=("leader", "delegate")), name="a_leader_s_side_calls"
            ),
        ]
        # the agenda and the forecast page: a team's calls of the periods that run or are over
        indexes = [models.Index(fields=("team", "ends_on"), name="call_team_period")]

    def __str__(self) -> str:
        return f"{self.team}, {self.starts_on} to {self.ends_on}: {self.commit}"

    @property
    def days(self) -> CalledDays:
        return CalledDays(self.starts_on, self.ends_on, self.is_part_of_quarter)

    @property
    def is_by_delegate(self) -> bool:
        return self.role == Role.DELEGATE

    # What an edit form asks of a row that several people change.

    @property
    def version(self) -> int:
        return self.number

    @property
    def changed_at(self) -> datetime:
        return self.at

    @property
    def last_editor(self) -> User | None:
        return self.by


class CallDealQuerySet(models.QuerySet["CallDeal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The deals of a commit are no secret before the meeting, its totals are: the CEO thinks about each of them.
        Nobody else on the team reads them before its start.
        """
        visible = Call.objects.visible_to(user).order_by().values("pk")
        as_ceo = Seat.objects.current().filter(user=user.pk, role=Role.CEO).order_by().values("team")
        return self.filter(Q(call__in=visible) | Q(call__team__in=as_ceo))


class CallDeal(models.Model):
    """An open deal that the commit of a call counts on, with the amount and the close date of that moment."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="deals")
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    close_date = models.DateField(null=True)
    fact = models.CharField(
        max_length=12,
        choices=FACT_CHOICES,
        blank=True,
        help_text="Why it will close, where it was pushed three times: one fact, kept with the deal once committed.",
    )

    objects = CallDealQuerySet.as_manager()

    class Meta:
        ordering = ("call", "pk")
        constraints = [
            models.UniqueConstraint(fields=("call", "deal"), name="a_deal_is_once_in_a_call"),
            models.CheckConstraint(condition=Q(fact__in=("", *FACTS)), name="a_fact_of_a_call_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.deal} in {self.call}"
