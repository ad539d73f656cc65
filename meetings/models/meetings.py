from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from alignment.models import Team, User
from alignment.rules.roles import Role
from meetings.models.meeting_access import MeetingAccess
from meetings.models.meeting_queryset import MeetingQuerySet
from meetings.models.sections import CLOSING, Section
from meetings.models.team_cadence import due_rule_of
from meetings.models.team_policy import policy_of
from meetings.models.transition_errors import TransitionNotAllowed
from meetings.rules.escalation import STEPS
from meetings.rules.misses import Fault, UnheldMeeting, counts_as_missed_at, find_fault
from meetings.rules.preparation import Preparation, due_when_brought_forward, preparation_due
from meetings.rules.start_and_end import closes_itself_at, is_early, minutes_late
from meetings.rules.timer import TimerState


class Meeting(MeetingAccess, models.Model):
    """One meeting of a team's cadence. `planned_start` never changes; a move changes `starts_at`."""

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
    due_not_before = models.DateTimeField(
        "preparation not due before",
        null=True,
        blank=True,
        help_text="For a meeting that was brought forward: its preparation is not late because of that.",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_when_submitted = models.DateTimeField(
        "preparation was due",
        null=True,
        blank=True,
        help_text="As it stood when it was submitted: a fact that stays.",
    )
    missing_when_submitted = models.PositiveSmallIntegerField(
        default=0, help_text="How much of the checklist was still open when it was submitted."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: it was left open and closed itself.",
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    missed_by = models.CharField(
        max_length=20, blank=True, help_text="Whose miss it was (meetings.rules.misses.Fault)."
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
    shortened_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then only exceptions and issues are discussed."
    )
    recap_to = models.ManyToManyField(
        User, blank=True, related_name="+", help_text="Others who get the recap."
    )
    recap_has_plans = models.BooleanField(
        default=False, help_text="The CEO’s and the sales leader’s own recaps hold what only they may read."
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("team", "planned_start"), name="one_meeting_a_slot"),
            models.UniqueConstraint(
                fields=("team", "starts_at"),
                condition=Q(state__in=("scheduled", "in_progress", "held")),
                name="one_meeting_an_instant",
            ),
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
                | Q(missed_at__isnull=False, missed_by__in=[str(fault) for fault in Fault]),
                name="only_a_miss_is_somebodys",
            ),
        ]
        indexes = [
            # a team's meetings in order
            models.Index(fields=("team", "starts_at"), name="meeting_in_order"),
            # the sweep: to remind of, to mark as missed, to close. Not partial: SQLite skips those for "in".
            models.Index(fields=("state", "starts_at"), name="meeting_state_start"),
            # the reminders: what was submitted or missed lately; stale risks: when a team last met
            models.Index(fields=("submitted_at",), condition=Q(state="scheduled"), name="meeting_submitted"),
            models.Index(fields=("missed_at",), condition=Q(state="missed"), name="meeting_missed"),
            models.Index(fields=("team", "-closed_at"), condition=Q(state="held"), name="meeting_closed"),
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
        """Costs a query where a working day decides, unless the company's holidays are known."""
        return self._due_at(self.starts_at, not_before=self.due_not_before)

    def due_not_before_at(self, to: datetime, *, now: datetime) -> datetime | None:
        """What `due_not_before` becomes when it takes place at `to`."""
        return due_when_brought_forward(self.preparation_due, self._due_at(to), to=to, now=now)

    def due_not_before_when_changed(self, due: datetime, *, now: datetime) -> datetime | None:
        """What `due_not_before` becomes when its slot or the team's rule was changed; it was due at `due`."""
        return due_when_brought_forward(due, self._due_at(self.starts_at), to=self.starts_at, now=now)

    def _due_at(self, starts_at: datetime, *, not_before: datetime | None = None) -> datetime:
        rule = due_rule_of(self.team)
        holidays = self.team.company.holiday_days if rule.hours is None else ()
        return preparation_due(starts_at, rule, holidays, not_before=not_before)

    @property
    def preparation(self) -> Preparation:
        return Preparation.of(self.submitted_at, self.due_when_submitted, self.missing_when_submitted)

    @property
    def minutes_late(self) -> int:
        return minutes_late(self.starts_at, self.started_at)

    @property
    def counts_as_missed_at(self) -> datetime:
        """From then on a meeting not started counts as missed: a moved one from its new start."""
        return counts_as_missed_at(
            max(self.planned_start, self.starts_at), hours=self.team.missed_after_hours
        )

    @property
    def closes_itself_at(self) -> datetime:
        begun = max(self.starts_at, self.started_at or self.starts_at, self.reopened_at or self.starts_at)
        return closes_itself_at(begun, minutes=self.team.minutes, hours=self.team.closes_after_hours)

    @property
    def timer(self) -> TimerState:
        return TimerState(
            section=self.section or None,
            running_since=self.running_since,
            seconds=self.seconds,
            planned=self.team.planned_minutes,
        )

    @property
    def red_in_words(self) -> str:
        """What the team's flag says once it is red."""
        return policy_of(self.team).in_words(STEPS)

    # What happens to it. Each is guarded by the state in one conditional update.

    def is_early(self, now: datetime) -> bool:
        """Whether starting it now counts as moving it."""
        return self.is_scheduled and is_early(self.starts_at, now)

    @transaction.atomic
    def start(self, *, by: User, now: datetime) -> None:
        """Begin, with the timer on the first section; long before its time this is also a move.

        Raises TransitionNotAllowed unless it is the team's next one. Starting it twice changes nothing.
        """
        Team.objects.select_for_update().get(pk=self.team_id)  # a double click waits here
        self.refresh_from_db()
        if self.is_in_progress:
            return
        if not self.is_scheduled:
            state = self.get_state_display().lower()
            raise TransitionNotAllowed(f"This meeting was {state} and cannot be started. The next one can.")
        if Meeting.objects.filter(team=self.team, state=self.State.IN_PROGRESS).exists():
            raise TransitionNotAllowed("Another meeting of this team is still in progress. End it first.")
        if Meeting.objects.before(self).filter(state=self.State.SCHEDULED).exists():
            raise TransitionNotAllowed(
                "An earlier meeting of this team has not been held yet. Start or excuse it first."
            )
        starts_at = now if self.is_early(now) else self.starts_at
        due_not_before = self.due_not_before if starts_at == self.starts_at else self.preparation_due
        if starts_at != self.starts_at:
            self.moves.create(old=self.starts_at, new=now, by=by, at=now, why="Started early")
        self._transition(
            self.State.SCHEDULED,
            state=self.State.IN_PROGRESS,
            starts_at=starts_at,
            due_not_before=due_not_before,
            sequence=F("sequence") + int(starts_at != self.starts_at),
            started_at=now,
            started_by=by,
            section=Section.REVENUE,
            running_since=now,
            seconds={},
            shortened_at=None,
        )

    def set_timer(self, state: TimerState) -> None:
        """Store the timer. Raises TransitionNotAllowed unless the meeting is in progress."""
        self._transition(
            self.State.IN_PROGRESS,
            section=state.section or "",
            running_since=state.running_since,
            seconds=dict(state.seconds),
            suspended_at=None,
        )

    @transaction.atomic
    def go_to(self, section: str, *, now: datetime) -> None:
        self._lock()
        self.set_timer(self.timer.move_to(section, now))

    @transaction.atomic
    def pause(self, *, now: datetime) -> None:
        self._lock()
        self.set_timer(self.timer.pause(now))

    @transaction.atomic
    def resume(self, *, now: datetime) -> None:
        self._lock()
        self.set_timer(self.timer.resume(now))

    @transaction.atomic
    def suspend(self, *, now: datetime) -> None:
        """Stop the timer and leave; the meeting continues where it stopped when either comes back."""
        self.pause(now=now)
        self._transition(self.State.IN_PROGRESS, suspended_at=now)

    def shorten(self, *, now: datetime) -> None:
        """Go on with the exceptions and the issues alone; twice changes nothing."""
        if self.shortened_at is None or not self.is_in_progress:
            self._transition(self.State.IN_PROGRESS, shortened_at=now)

    def end(self, *, by: User | None, now: datetime) -> None:
        """Held: stop the timer. `by` is None if it closes automatically; close_meeting() makes the record."""
        state = self.timer.pause(now)
        self._transition(
            self.State.IN_PROGRESS,
            state=self.State.HELD,
            closed_at=now,
            closed_by=by,
            seconds=dict(state.seconds),
            running_since=None,
            suspended_at=None,
        )

    def resume_after_close(self, *, now: datetime) -> None:
        """Be in progress again, with the timer stopped; closing.reopen() stores the reason."""
        self._transition(
            self.State.HELD,
            state=self.State.IN_PROGRESS,
            section=CLOSING,
            reopened_at=now,
            closed_at=None,
            closed_by=None,
        )

    def submit_preparation(self, *, by: User, now: datetime, missing: int = 0) -> None:
        """Ready to read; again changes nothing. Raises TransitionNotAllowed once the meeting is over."""
        if not self.is_ahead:
            raise TransitionNotAllowed(
                "This meeting is over, so its preparation can no longer be submitted. "
                "What you wrote is in its record."
            )
        facts = {
            "submitted_at": now,
            "submitted_by": by,
            "due_when_submitted": self.preparation_due,
            "missing_when_submitted": missing,
        }
        Meeting.objects.filter(pk=self.pk, submitted_at=None).update(**facts, revision=F("revision") + 1)
        self.refresh_from_db(fields=(*facts, "revision"))

    @transaction.atomic
    def move(self, to: datetime, *, by: User, now: datetime, why: str) -> None:
        """Hold it at another time; move_and_excuse has asked whether anything is in the way."""
        self.moves.create(old=self.starts_at, new=to, by=by, at=now, why=why)
        moved = {"starts_at": to, "due_not_before": self.due_not_before_at(to, now=now)}
        self._transition(self.State.SCHEDULED, sequence=F("sequence") + 1, **moved)

    def excuse(self, *, by: User, now: datetime, why: str) -> None:
        """State beforehand that it will not be held, and why. It then counts as neither held nor missed."""
        if now >= self.counts_as_missed_at:
            raise TransitionNotAllowed("This meeting counts as missed and can no longer be excused.")
        excused = {"excused_at": now, "excused_by": by, "excused_why": why, "sequence": F("sequence") + 1}
        self._transition(self.State.SCHEDULED, state=self.State.EXCUSED, **excused)

    def mark_missed(self, *, now: datetime) -> None:
        """State that it was not held, and who missed it."""
        present = set(self.attendances.filter(present=True).values_list("role", flat=True))
        late_movers = [move.by for move in self.moves.select_related("by") if move.at >= move.old and move.by]
        facts = UnheldMeeting(
            is_prepared=self.submitted_at is not None,
            ceo_present=Role.CEO in present,
            leader_present=Role.LEADER in present,
            postponed_by=self.team.role_of(late_movers[-1]) if late_movers else "",
        )
        self._transition(
            self.State.SCHEDULED, state=self.State.MISSED, missed_at=now, missed_by=find_fault(facts)
        )

    def mark_excused(self, *, by: int | None, now: datetime, why: str) -> None:
        """State that it was not held because of a day off: a holiday (`by` is None), or an absence."""
        excused = {"excused_at": now, "excused_by": by, "excused_why": why[:300]}
        self._transition(self.State.SCHEDULED, state=self.State.EXCUSED, **excused)

    def bump_revision(self) -> None:
        """Tell open present pages that there is something new to show."""
        Meeting.objects.filter(pk=self.pk).update(revision=F("revision") + 1)

    def _lock(self) -> None:
        """Lock the row until the transaction ends and read it again: presses count one after the other."""
        self.refresh_from_db(from_queryset=Meeting.objects.select_for_update())

    def _transition(self, expected: str, **fields: Any) -> None:
        """Change the row only if it is still in the expected state. Raises TransitionNotAllowed otherwise."""
        updated = Meeting.objects.filter(pk=self.pk, state=expected).update(
            revision=F("revision") + 1, **fields
        )
        self.refresh_from_db()
        if not updated:
            state = self.get_state_display().lower()
            text = f"This meeting is {state} now, so this is no longer possible. Nothing was changed."
            raise TransitionNotAllowed(text)
