from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q

from alignment.models import Team, User
from alignment.models.teams import Role, Side
from meetings.cadence import closes_itself_at, counts_as_missed_at, preparation_due
from meetings.clock import ClockState
from meetings.discipline import Facts, Fault, Preparation, fault, minutes_late
from meetings.models.sections import CLOSING, NotNow, Section

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


#: Starting a meeting longer than this before its time is a move, and asked for once more.
EARLY = timedelta(hours=12)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Meetings whose facts the user may see; the words need `can_read`."""
        return self.filter(team__in=Team.objects.visible_to(user))

    def read_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(team__in=Team.objects.read_by(user))

    def ahead(self) -> Self:
        """Not over yet, the nearest first."""
        return self.filter(state__in=(Meeting.State.SCHEDULED, Meeting.State.IN_PROGRESS)).order_by(
            "starts_at"
        )

    def over(self) -> Self:
        """Held, missed or excused, the newest first."""
        return self.filter(
            state__in=(Meeting.State.HELD, Meeting.State.MISSED, Meeting.State.EXCUSED)
        ).order_by("-planned_start")


class Meeting(models.Model):
    """One occurrence of a team's cadence. `planned_start` is the slot and never changes; a move changes `starts_at`."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        IN_PROGRESS = "in_progress", "In progress"
        HELD = "held", "Held"
        MISSED = "missed", "Missed"
        EXCUSED = "excused", "Excused"

    team = models.ForeignKey(Team, models.PROTECT, related_name="meetings")
    planned_start = models.DateTimeField()
    starts_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.SCHEDULED)

    asked_at = models.DateTimeField("preparation last asked for", null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_at_hand_in = models.DateTimeField(
        "preparation was due",
        null=True,
        blank=True,
        help_text="As it stood when it was handed in: a fact that stays.",
    )
    missing_at_hand_in = models.PositiveSmallIntegerField(
        default=0, help_text="How much of the checklist was still open when it was handed in."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Nobody: it was left open and closed itself.",
    )  # fmt: skip
    reopened_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    missed_by = models.CharField(
        max_length=20, blank=True, help_text="Whose miss it was (meetings.discipline.Fault)."
    )
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    excused_why = models.CharField(max_length=300, blank=True)

    section = models.CharField(
        max_length=12, blank=True, help_text="Where the meeting stands while it is in progress."
    )
    running_since = models.DateTimeField(null=True, blank=True, help_text="None while paused or suspended.")
    suspended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.JSONField(
        default=dict, blank=True, help_text="Seconds spent in each section up to running_since."
    )
    revision = models.PositiveIntegerField(
        default=0, help_text="Grows whenever the present page shows something new."
    )
    sequence = models.PositiveIntegerField(default=0, help_text="Calendars: how often its time was changed.")

    gap = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Quarter-to-date gap when it was closed.",
    )
    recap_to = models.ManyToManyField(
        User, blank=True, related_name="+", help_text="Others who get the recap."
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-planned_start", "pk")
        constraints = [
            models.UniqueConstraint(fields=("team", "planned_start"), name="one_meeting_a_slot"),
            models.UniqueConstraint(
                fields=("team",), condition=Q(state="in_progress"), name="one_meeting_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("scheduled", "in_progress", "held", "missed", "excused")),
                name="meeting_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_progress", "held")) | Q(started_at__isnull=False),
                name="a_held_meeting_was_started",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(closed_at__isnull=False), name="a_held_meeting_was_closed"
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | (Q(excused_at__isnull=False) & ~Q(excused_why="")),
                name="an_excuse_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(missed_by="")
                | Q(missed_at__isnull=False, missed_by__in=[str(each) for each in Fault]),
                name="only_a_miss_is_somebodys",
            ),
        ]
        indexes = [
            # the clock: what is to be reminded of, missed or closed. Not partial: SQLite would not use it for "in".
            models.Index(fields=("state", "starts_at"), name="meeting_state_start"),
            # the reminders: what was handed in or missed lately
            models.Index(fields=("handed_in_at",), condition=Q(state="scheduled"), name="meeting_handed_in"),
            models.Index(fields=("missed_at",), condition=Q(state="missed"), name="meeting_missed"),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.starts_at.astimezone(self.team.zone):%A %-d %B %Y}"

    # What it is

    @property
    def is_scheduled(self) -> bool:
        return self.state == self.State.SCHEDULED

    @property
    def is_in_progress(self) -> bool:
        return self.state == self.State.IN_PROGRESS

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_ahead(self) -> bool:
        return self.is_scheduled or self.is_in_progress

    @property
    def closed_itself(self) -> bool:
        return self.is_held and self.closed_by_id is None

    @property
    def preparation_due(self) -> datetime:
        return preparation_due(self.starts_at, hours=self.team.preparation_hours)

    @property
    def preparation(self) -> Preparation:
        return Preparation.of(
            self.handed_in_at, self.due_at_hand_in or self.preparation_due, self.missing_at_hand_in
        )

    @property
    def minutes_late(self) -> int:
        return minutes_late(self.starts_at, self.started_at)

    @property
    def missed_from(self) -> datetime:
        """From then on a meeting not started counts as missed: a moved one from its new start."""
        return counts_as_missed_at(
            max(self.planned_start, self.starts_at), hours=self.team.missed_after_hours
        )

    @property
    def closes_itself_at(self) -> datetime:
        begun = max(self.starts_at, self.started_at or self.starts_at, self.reopened_at or self.starts_at)
        return closes_itself_at(begun, minutes=self.team.minutes, hours=self.team.closes_after_hours)

    @property
    def clock(self) -> ClockState:
        return ClockState(
            section=self.section or None,
            running_since=self.running_since,
            seconds=self.seconds,
            planned=self.team.planned_minutes,
        )

    # Who may do what. Refused when seen but not allowed: 403; not in visible_to: 404.

    def can_read(self, user: User | AnonymousUser) -> bool:
        """The words of the meeting: everyone with a seat, never a mere admin."""
        return self.team.seat_of(user) is not None

    def can_comment(self, user: User | AnonymousUser) -> bool:
        """Words on a section or an item, issues and questions: everyone who speaks for a side."""
        return bool(self.team.side_of(user))

    def can_prepare(self, user: User | AnonymousUser) -> bool:
        """The leader's preparation: the leader or the leader's delegate."""
        return self.team.side_of(user) == Side.LEADER

    def can_run(self, user: User | AnonymousUser) -> bool:
        """Start, walk through, suspend, close, move, excuse, capture: the two."""
        return self.team.is_pair(user)

    def can_agree(self, user: User | AnonymousUser) -> bool:
        """The CEO's word on an initiative is the CEO's own."""
        return self.team.role_of(user) == Role.CEO

    # What happens to it. Each is guarded by the state in one conditional update.

    def is_early(self, now: datetime) -> bool:
        """Whether to start it now would be to hold it at another time."""
        return self.is_scheduled and self.starts_at - now > EARLY

    @transaction.atomic
    def start(self, *, by: User, now: datetime) -> None:
        """Begin, with the clock on the first section; long before its time this is also a move.

        Raises NotNow unless it is the team's next scheduled meeting. Starting one that runs changes nothing.
        """
        Team.objects.select_for_update().get(pk=self.team_id)  # a double click waits here
        self.refresh_from_db()
        if self.is_in_progress:
            return
        if not self.is_scheduled:
            raise NotNow(
                f"This meeting was {self.get_state_display().lower()} and cannot be started. The next one can."
            )
        if Meeting.objects.filter(team=self.team, state=self.State.IN_PROGRESS).exists():
            raise NotNow("Another meeting of this team is still in progress. Close that one first.")
        earlier = Meeting.objects.filter(
            team=self.team, state=self.State.SCHEDULED, starts_at__lt=self.starts_at
        )
        if earlier.exists():
            raise NotNow(
                "An earlier meeting of this team has not been held yet. Start or excuse that one first."
            )
        starts_at = now if self.is_early(now) else self.starts_at
        if starts_at != self.starts_at:
            self.moves.create(old=self.starts_at, new=now, by=by, at=now, why="Started early")
        self._turn(
            self.State.SCHEDULED,
            state=self.State.IN_PROGRESS,
            starts_at=starts_at,
            sequence=F("sequence") + int(starts_at != self.starts_at),
            started_at=now,
            started_by=by,
            section=Section.REVENUE,
            running_since=now,
            seconds={},
        )

    def set_clock(self, state: ClockState) -> None:
        """Write where the meeting stands. Raises NotNow when it is not in progress."""
        self._turn(
            self.State.IN_PROGRESS,
            section=state.section or "",
            running_since=state.running_since,
            seconds=dict(state.seconds),
            suspended_at=None,
        )

    @transaction.atomic
    def go_to(self, section: str, *, now: datetime) -> None:
        self._lock()
        self.set_clock(self.clock.move_to(section, now))

    @transaction.atomic
    def pause(self, *, now: datetime) -> None:
        self._lock()
        self.set_clock(self.clock.pause(now))

    @transaction.atomic
    def resume(self, *, now: datetime) -> None:
        self._lock()
        self.set_clock(self.clock.resume(now))

    @transaction.atomic
    def suspend(self, *, now: datetime) -> None:
        """Stop the clock and leave; the meeting goes on where it stood when either comes back."""
        self.pause(now=now)
        self._turn(self.State.IN_PROGRESS, suspended_at=now)

    def end(self, *, by: User | None, now: datetime) -> None:
        """Stop the clock and be held; `by` is None when it closes itself. closing.close() freezes the record."""
        state = self.clock.pause(now)
        self._turn(
            self.State.IN_PROGRESS,
            state=self.State.HELD,
            closed_at=now,
            closed_by=by,
            seconds=dict(state.seconds),
            running_since=None,
            suspended_at=None,
        )

    def resume_after_close(self, *, now: datetime) -> None:
        """Be in progress again, with the clock standing; closing.reopen() keeps the reason."""
        self._turn(
            self.State.HELD,
            state=self.State.IN_PROGRESS,
            section=CLOSING,
            reopened_at=now,
            closed_at=None,
            closed_by=None,
        )

    def hand_in(self, *, by: User, now: datetime, missing: int = 0) -> None:
        """The preparation is ready to read. Raises NotNow once the meeting is over; a second time changes nothing."""
        if not self.is_ahead:
            raise NotNow(
                "This meeting is over, so its preparation can no longer be handed in. What you wrote is in its record."
            )
        facts = {
            "handed_in_at": now,
            "handed_in_by": by,
            "due_at_hand_in": self.preparation_due,
            "missing_at_hand_in": missing,
        }
        Meeting.objects.filter(pk=self.pk, handed_in_at=None).update(**facts, revision=F("revision") + 1)
        self.refresh_from_db(fields=(*facts, "revision"))

    @transaction.atomic
    def move(self, to: datetime, *, by: User, now: datetime, why: str) -> None:
        """Hold it at another time. The slot it was planned for stays, and so does who moved it and why."""
        if to <= now:
            raise NotNow("That time has passed. Choose one that is still to come.")
        self.moves.create(old=self.starts_at, new=to, by=by, at=now, why=why)
        self._turn(self.State.SCHEDULED, starts_at=to, sequence=F("sequence") + 1)

    def excuse(self, *, by: User, now: datetime, why: str) -> None:
        """Say beforehand that it will not be held, and why. It is then neither held nor missed."""
        if now >= self.missed_from:
            raise NotNow("This meeting is already missed and can no longer be excused.")
        excused = {"excused_at": now, "excused_by": by, "excused_why": why, "sequence": F("sequence") + 1}
        self._turn(self.State.SCHEDULED, state=self.State.EXCUSED, **excused)

    def miss(self, *, now: datetime) -> None:
        """State that it was not held, and whose miss that was."""
        there = set(self.attendances.filter(present=True).values_list("role", flat=True))
        late = [move.by for move in self.moves.select_related("by") if move.at >= move.old and move.by]
        facts = Facts(
            handed_in=self.handed_in_at is not None,
            ceo_there=Role.CEO in there,
            leader_there=Role.LEADER in there,
            put_off_by=self.team.role_of(late[-1]) if late else "",
        )
        self._turn(self.State.SCHEDULED, state=self.State.MISSED, missed_at=now, missed_by=fault(facts))

    def let_pass(self, *, by: int | None, now: datetime, why: str) -> None:
        """State that it was not held and that nobody expected it: a holiday (`by` is nobody), or one of the two was away."""
        self._turn(
            self.State.SCHEDULED,
            state=self.State.EXCUSED,
            excused_at=now,
            excused_by=by,
            excused_why=why[:300],
        )

    def stir(self) -> None:
        """Tell open present pages that there is something new to show."""
        Meeting.objects.filter(pk=self.pk).update(revision=F("revision") + 1)

    def _lock(self) -> None:
        """Read the row as it is now and keep it until the transaction ends: each press counts once, in turn."""
        self.refresh_from_db(from_queryset=Meeting.objects.select_for_update())

    def _turn(self, expected: str, **fields: Any) -> None:
        """Change the row only if it is still in the expected state. Raises NotNow otherwise."""
        turned = Meeting.objects.filter(pk=self.pk, state=expected).update(
            revision=F("revision") + 1, **fields
        )
        self.refresh_from_db()
        if not turned:
            raise NotNow(
                f"This meeting is {self.get_state_display().lower()} by now, so that could not be done. Nothing was changed."
            )
