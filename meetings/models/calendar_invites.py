from __future__ import annotations

from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from alignment.models import Seat, Team
from meetings.rules.cadence import Cadence, Kind


class CalendarInviteQuerySet(models.QuerySet["CalendarInvite"]):
    def live(self) -> CalendarInviteQuerySet:
        return self.filter(ended_at=None)

    def lasting(self, until: object = None) -> CalendarInviteQuerySet:
        """Live until further notice, or until the team's last day: `until` names that column."""
        return self.live().filter(Q(ends_on=None) | Q(ends_on=until))


class TeamCalendar(models.Model):
    """What the calendar entries of a team's meetings show, as they were last sent (`calendars.entry_digests`)."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="calendar")
    sequence = models.PositiveIntegerField(default=0, help_text="How often it changed.")
    changed_at = models.DateTimeField()
    last_sent = models.JSONField(default=dict, help_text="Digests of what is shown.")

    def __str__(self) -> str:
        return f"{self.team}, as of {self.changed_at}"


class CalendarInvite(models.Model):
    """A recurring calendar entry as it lies at one address of the holder of a seat, until its last day is over.

    It stores the cadence it was sent with (`starts_on` is the day of its first meeting), because a later mail
    about one occurrence must name the entry and the slot exactly as the calendar knows them. A single meeting
    is one that ends on the day it starts.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="calendar_invites")
    address = models.EmailField(
        max_length=254, blank=True, help_text="Where it went; empty once it has ended."
    )
    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, help_text="How often the whole entry was sent again.")
    kind = models.CharField(max_length=12, default=Kind.WEEKLY.value)
    weekday = models.PositiveSmallIntegerField()
    nth = models.SmallIntegerField(default=1)
    local_time = models.TimeField()
    timezone = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Taken out of the calendar, or its last meeting is over."
    )

    objects = CalendarInviteQuerySet.as_manager()

    class Meta:
        db_table = (
            "meetings_invitation"  # its name before it was told apart from an invitation to the company
        )
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("seat", "starts_on"), condition=Q(ended_at=None), name="one_live_invitation_a_day"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="invitation_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}, from {self.starts_on}"

    def cadence(self, *, minutes: int) -> Cadence:
        """As it was sent; the length is the team's now.

        Raises ZoneInfoNotFoundError for a zone that is no more.
        """
        return Cadence(
            kind=Kind(self.kind),
            weekday=self.weekday,
            time=self.local_time,
            zone=ZoneInfo(self.timezone),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            minutes=minutes,
            nth=self.nth,
        )
