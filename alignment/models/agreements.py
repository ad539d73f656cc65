from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from alignment.models.people import User
from alignment.models.teams import Seat, Team, teams_read_by
from alignment.rules.roles import Role, Side

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

WITH_THEIR_ITEM: set[str] = set()
"""Subjects whose lines are read and decided with the item they are about, by its rules. Each adds itself."""
OTHER_SIDE = {Side.CEO: Side.LEADER, Side.LEADER: Side.CEO}


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever reads the team; what is about an item is read with that item."""
        return self.by_themselves().filter(team__in=teams_read_by(user))

    def by_themselves(self) -> Self:
        """Without what is about an item."""
        return self.exclude(subject__in=WITH_THEIR_ITEM)

    def about(self, team: Team, subject: str, key: str) -> Self:
        return self.filter(team=team, subject=subject, key=key)

    def agreed(self) -> Self:
        return self.filter(state=Agreement.State.AGREED)

    def agreed_by_holders(self) -> Self:
        """Those that hold with the yes of the two who sit there now."""
        seats = Seat.objects.current().filter(team=OuterRef("team"))
        ceo = seats.filter(role=Role.CEO, user=OuterRef("ceo"))
        leader = seats.filter(role=Role.LEADER, user=OuterRef("leader"))
        return self.agreed().filter(Exists(ceo), Exists(leader))

    def proposed(self) -> Self:
        return self.filter(state=Agreement.State.PROPOSED)

    def replaced(self) -> Self:
        return self.filter(state=Agreement.State.REPLACED)

    def waiting_for(self, side: Side, user: int, today: date) -> Self:
        """Proposals that lack this side's yes, and lines that hold with the yes of somebody who left that seat, as
        long as their day is not over. `user` sits there now.
        """
        lacking = Q(**{f"{side}_at": None}, state=Agreement.State.PROPOSED)
        former = Q(state=Agreement.State.AGREED) & ~Q(**{str(side): user})
        return self.by_themselves().filter(lacking | former, Q(ends_on=None) | Q(ends_on__gte=today))


class Agreement(models.Model):
    """A line that the CEO and the sales leader agreed: what it said when they did, and who said yes when.

    `subject` is what it is about, such as "mix", `key` which of its lines: "2026", or the token of an item. Each change
    is a new row with the next number; what was agreed before stays as it was. Whether the facts still are as agreed
    is compared on reading: nothing here changes by itself.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        AGREED = "agreed", "Agreed"
        REPLACED = "replaced", "Replaced"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    team = models.ForeignKey(Team, models.CASCADE, related_name="agreements")
    subject = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="As it was proposed; the subject says what is in it.")
    facts = models.JSONField(
        default=dict, blank=True, help_text="What it rests on, as it was when it was proposed."
    )
    ends_on = models.DateField(null=True, blank=True, help_text="The last day on which it is asked about.")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    ceo = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who said yes as the CEO."
    )
    ceo_at = models.DateTimeField(null=True, blank=True)
    leader = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    leader_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(
        max_length=500,
        blank=True,
        help_text=(
            "Why it was declined: for the CEO and the sales leader alone. "
            "Of an item what was said with the decision: for those who read the item."
        ),
    )
    closed_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who declined or withdrew it.",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    left_open_why = models.CharField(
        max_length=500,
        blank=True,
        help_text="Why it is no longer as agreed and left so: for the CEO and the sales leader alone.",
    )
    left_open_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    left_open_at = models.DateTimeField(null=True, blank=True)
    left_open_changes = models.JSONField(
        default=list,
        blank=True,
        help_text="What had changed then, in sentences. Another change is told again.",
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=("team", "subject", "key", "number"), name="agreements_are_numbered"
            ),
            models.UniqueConstraint(
                fields=("team", "subject", "key"),
                condition=Q(state="proposed"),
                name="one_agreement_is_proposed",
            ),
            models.UniqueConstraint(
                fields=("team", "subject", "key"), condition=Q(state="agreed"), name="one_agreement_holds"
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(ceo_at__isnull=False, leader_at__isnull=False),
                name="an_agreement_needs_both",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "agreed", "replaced", "declined", "withdrawn")),
                name="agreement_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(why=""), name="a_declined_agreement_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("declined", "withdrawn"), closed_at__isnull=False)
                | (~Q(state__in=("declined", "withdrawn")) & Q(closed_at=None)),
                name="a_closed_agreement_says_when",
            ),
            models.CheckConstraint(
                condition=Q(left_open_at=None, left_open_why="")
                | (Q(left_open_at__isnull=False) & ~Q(left_open_why="")),
                name="an_agreement_left_open_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.subject} {self.key}, {self.number}"

    @property
    def proposed_side(self) -> Side:
        """The side that proposed it: that which said yes first."""
        if self.ceo_at is None:
            return Side.LEADER
        return Side.CEO if self.leader_at is None or self.ceo_at < self.leader_at else Side.LEADER

    @property
    def waits_for(self) -> str:
        """The side whose yes is missing; empty once it was answered."""
        return OTHER_SIDE[self.proposed_side] if self.state == self.State.PROPOSED else ""

    def can_answer(self, user: User) -> bool:
        """The person on the side it waits for: no delegate says yes for somebody."""
        role = self.team.role_of(user)
        return bool(role) and role == self.waits_for

    def can_withdraw(self, user: User) -> bool:
        """The person on the side that proposed it, until it is answered."""
        return self.state == self.State.PROPOSED and self.team.role_of(user) == self.proposed_side

    def can_renew(self, user: User) -> bool:
        """Who sits now where somebody else said yes to the line that holds."""
        if self.state != self.State.AGREED or not self.team.is_principal(user):
            return False
        return self.yes_of(self.team.role_of(user)) != user.pk

    def yes_of(self, side: str) -> int | None:
        """Who said yes on this side."""
        return self.ceo_id if side == Side.CEO else self.leader_id

    def former_yes(self, ceo: User | None, leader: User | None) -> str:
        """The side whose yes is that of a former holder of the seat, for an agreed line; empty where both still sit
        there. It is asked anew.
        """
        if self.state != self.State.AGREED:
            return ""
        if ceo is not None and self.ceo_id != ceo.pk:
            return Side.CEO
        return Side.LEADER if leader is not None and self.leader_id != leader.pk else ""
