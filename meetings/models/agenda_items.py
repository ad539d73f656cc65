from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Min, Q

from alignment.access import acts, is_of_the_two, may, plans
from alignment.models import Team, TeamItem, User, Versioned
from alignment.models.teams import Role, Seat, Side
from deals.models import Deal, Risk
from meetings.models.meetings import Meeting
from meetings.models.sections import Section

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def paired_with(user: User | AnonymousUser) -> models.QuerySet[Team]:
    """Teams of which the user is the CEO or the leader: what only the two may read is theirs."""
    seats = Seat.objects.current().filter(user=user.pk, role__in=(Role.CEO, Role.LEADER))
    return Team.objects.filter(pk__in=seats.values("team"))


def begun_with(user: int, *, of: str = "") -> Q:
    """Rep's plans begun while this person was one of the two; `of` leads from the row asked about to the initiative."""
    return Q(**{f"{of}pair_ceo": user}) | Q(**{f"{of}pair_leader": user})


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A rep's plan is for the two alone who began it, while they are the two."""
        begun = begun_with(user.pk or 0) & Q(team__in=paired_with(user))
        return self.filter(team__in=Team.objects.read_by(user)).filter(~Q(kind=Initiative.Kind.REP) | begun)

    def open(self) -> Self:
        return self.filter(finished_at=None)


class Initiative(TeamItem):
    """What the leader works on besides selling, with a measure and the CEO's word on it."""

    class Kind(models.TextChoices):
        SKILLS = "skills", "Skills"
        PRODUCT = "product", "New product"
        MARKET = "market", "New market"
        REP = "rep", "A rep worth saving"
        REFERRALS = "referrals", "Referrals"
        MARKETING = "marketing", "With marketing"
        OTHER = "other", "Other"

    class Health(models.TextChoices):
        ON_TRACK = "on_track", "On track"
        BEHIND = "behind", "Behind"
        STUCK = "stuck", "Stuck"

    class Word(models.TextChoices):
        """The CEO's word. CHANGED: it was given, then the leader changed the plan; it is asked for again."""

        NOT_ASKED = "", "Waiting for the CEO"
        AGREED = "agreed", "Agreed"
        NOT_YET = "not_yet", "Not yet"
        CHANGED = "changed", "Plan changed since"

    #: A change of any of these is a change of plan.
    PLAN = ("title", "kind", "plan", "measure", "unit", "baseline", "target")

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    plan = models.TextField(max_length=4000, blank=True, help_text="What is done, why, by whom.")
    measure = models.CharField(
        max_length=200, blank=True, help_text="What is counted, such as “deals above $20k a month”."
    )
    unit = models.CharField(max_length=20, blank=True)
    baseline = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    current = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    health = models.CharField(max_length=10, choices=Health, default=Health.ON_TRACK)
    changed_at = models.DateTimeField()
    ceo_word = models.CharField(max_length=8, choices=Word, blank=True, default=Word.NOT_ASKED)
    ceo_why = models.CharField(max_length=500, blank=True)
    ceo_word_at = models.DateTimeField(null=True, blank=True)
    ceo_word_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)
    pair_ceo = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        help_text="Of a rep's plan: the CEO with whom it was begun. Who follows in the seat does not read it.",
    )  # fmt: skip
    pair_leader = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        help_text="Of a rep's plan: the leader with whom it was begun.",
    )  # fmt: skip

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ceo_word__in=("", "agreed", "not_yet", "changed")),
                name="initiative_word_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(ceo_word="not_yet") | ~Q(ceo_why=""), name="not_yet_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=("team",), condition=Q(finished_at=None), name="initiative_open")
        ]  # the Agenda's

    def __str__(self) -> str:
        return self.title

    @property
    def is_for_the_two(self) -> bool:
        return self.kind == self.Kind.REP

    @property
    def readers(self) -> tuple[int, ...]:
        """Who alone may read a rep's plan, while they are the two; (0,): nobody. Of every other kind all do: nothing."""
        two = tuple(user for user in (self.pair_ceo_id, self.pair_leader_id) if user)
        return (two or (0,)) if self.is_for_the_two else ()

    @staticmethod
    def pair_of(team: Team) -> dict[str, User | None]:
        """For a rep's plan begun now: with whom."""
        return {"pair_ceo": team.holder(Role.CEO), "pair_leader": team.holder(Role.LEADER)}

    @property
    def waits_for_ceo(self) -> bool:
        return self.finished_at is None and self.ceo_word in (self.Word.NOT_ASKED, self.Word.CHANGED)

    def can_edit(self, user: User) -> bool:
        return may(user, self.team, plans)

    def can_agree(self, user: User) -> bool:
        """The CEO's word is the CEO's own."""
        return self.team.role_of(user) == Role.CEO

    @transaction.atomic
    def revise(self, *, version: int, now: datetime, **fields: Any) -> Self:
        """Write what the leader says now. A changed plan asks for the CEO's word again; a new value is a point on the line.

        Raises Stale when somebody saved in between.
        """
        plan_changed = any(name in fields and fields[name] != getattr(self, name) for name in self.PLAN)
        if plan_changed and self.ceo_word in (self.Word.AGREED, self.Word.NOT_YET):
            fields["ceo_word"] = self.Word.CHANGED
        moved = "current" in fields and fields["current"] is not None and fields["current"] != self.current
        saved = self.edit(version=version, changed_at=now, **fields)
        if moved and saved.changed_at == now:  # not when the same was sent a moment ago
            InitiativePoint.objects.create(initiative=self, at=now, value=fields["current"])
        return saved

    def say(self, word: str, *, by: User, now: datetime, why: str = "") -> bool:
        """The CEO's word, AGREED or NOT_YET with why, on the plan as it is here.

        False, and nothing is said, when somebody changed it in between.
        """
        said = Initiative.objects.filter(pk=self.pk, finished_at=None, version=self.version).update(
            ceo_word=word, ceo_why=why, ceo_word_at=now, ceo_word_by=by, version=F("version") + 1
        )
        self.refresh_from_db()
        return bool(said) or self.has_heard(word, why, by=by)

    def has_heard(self, word: str, why: str, *, by: User) -> bool:
        """Whether that is what they said of the plan as it is."""
        return (self.ceo_word, self.ceo_why, self.ceo_word_by_id) == (word, why, by.pk)

    def finish(self, *, by: User, now: datetime, outcome: str) -> None:
        Initiative.objects.filter(pk=self.pk, finished_at=None).update(
            finished_at=now, finished_by=by, outcome=outcome, changed_at=now, version=F("version") + 1
        )

    def reopen(self, *, now: datetime) -> None:
        """Undo the finish; what came of it stays written until it is finished again."""
        Initiative.objects.filter(pk=self.pk).exclude(finished_at=None).update(
            finished_at=None, finished_by=None, changed_at=now, version=F("version") + 1
        )


class InitiativePoint(models.Model):
    """The measure's value as it was said at one time: one point of the sparkline."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="points")
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.initiative}: {self.value}"


class Originated(models.Model):
    """Where a row comes from: a section of the agenda and, at most, one item in it."""

    section = models.CharField(max_length=12, choices=Section)
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, blank=True, related_name="%(class)ss")
    risk = models.ForeignKey(Risk, models.SET_NULL, null=True, blank=True, related_name="%(class)ss")
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    @property
    def item(self) -> Deal | Risk | Initiative | Issue | None:
        """The item it is about; None when it is about the section."""
        return self.deal or self.risk or self.initiative or getattr(self, "issue", None)

    @property
    def is_for_the_two(self) -> bool:
        return self.initiative is not None and self.initiative.is_for_the_two

    @property
    def readers(self) -> tuple[int, ...]:
        """Who alone may read it, because it comes from a rep's plan; nothing: all do."""
        return self.initiative.readers if self.initiative is not None else ()


def not_a_reps_plan(user: User | AnonymousUser) -> Q:
    """Rows that do not come from a rep's plan, or from one that the user began as one of the two they still are."""
    begun = begun_with(user.pk or 0, of="initiative__") & Q(team__in=paired_with(user))
    return Q(initiative=None) | ~Q(initiative__kind=Initiative.Kind.REP) | begun


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.read_by(user)).filter(not_a_reps_plan(user))

    def open(self) -> Self:
        return self.filter(solved_at=None)


class Issue(TeamItem, Originated):
    """Something to talk through, or a question: raised by either side, discussed, solved."""

    class Kind(models.TextChoices):
        ISSUE = "issue", "Issue"
        QUESTION = "question", "Question"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ISSUE)
    side = models.CharField(max_length=12, choices=Side)
    title = models.CharField(max_length=200)
    detail = models.TextField(max_length=4000, blank=True)
    position = models.IntegerField(default=0, help_text="Lower is discussed earlier.")
    changed_at = models.DateTimeField()
    discussed_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    resolution = models.TextField(max_length=2000, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ("position", "created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_at=None) | ~Q(resolution=""), name="a_solved_issue_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=("team",), condition=Q(solved_at=None), name="issue_open")
        ]  # the Agenda's issues

    def __str__(self) -> str:
        return self.title

    def can_edit(self, user: User) -> bool:
        """Whoever speaks for the side that raised it, and the two."""
        return may(user, self.team, is_of_the_two) or (
            bool(self.side) and self.team.side_of(user) == self.side
        )

    def can_solve(self, user: User) -> bool:
        """Order, discuss, solve and reopen: the CEO's and the leader's side."""
        return may(user, self.team, acts)

    def discuss(self, *, now: datetime) -> None:
        Issue.objects.filter(pk=self.pk, discussed_at=None).update(discussed_at=now)

    def put_first(self, *, now: datetime) -> None:
        """Discuss this one before the others; it being the first already, nothing moves."""
        others = Issue.objects.open().filter(team=self.team_id).exclude(pk=self.pk)
        least = others.aggregate(least=Min("position"))["least"]
        Issue.objects.filter(pk=self.pk).update(position=(least or 0) - 1, changed_at=now)

    def solve(self, *, by: User, now: datetime, resolution: str) -> None:
        """End it with a sentence on how; one already solved keeps its resolution."""
        Issue.objects.filter(pk=self.pk, solved_at=None).update(
            solved_at=now,
            solved_by=by,
            resolution=resolution,
            discussed_at=now,
            changed_at=now,
            version=F("version") + 1,
        )

    def reopen(self, *, now: datetime) -> None:
        Issue.objects.filter(pk=self.pk).exclude(solved_at=None).update(
            solved_at=None, solved_by=None, changed_at=now, version=F("version") + 1
        )


class Update(Versioned, Originated):
    """One side's words on one section or one item for one meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="updates")
    side = models.CharField(max_length=12, choices=Side)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="updates")
    text = models.TextField(max_length=4000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("changed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("meeting", "side", "section"),
                condition=Q(deal=None, risk=None, initiative=None, issue=None),
                name="one_update_a_side_and_section",
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "deal"), condition=~Q(deal=None), name="one_update_a_side_and_deal"
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "risk"), condition=~Q(risk=None), name="one_update_a_side_and_risk"
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "initiative"),
                condition=~Q(initiative=None),
                name="one_update_a_side_and_initiative",
            ),
            models.UniqueConstraint(
                fields=("meeting", "side", "issue"),
                condition=~Q(issue=None),
                name="one_update_a_side_and_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} on {self.get_section_display()}"
