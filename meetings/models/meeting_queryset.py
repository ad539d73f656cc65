from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from alignment.db.local_days import LocalDay
from alignment.models import Seat, Team
from alignment.models.teams import teams_read_by

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from alignment.models import User
    from meetings.models.meetings import Meeting


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Meetings whose facts the user may see; their contents need `can_read`."""
        return self.filter(Q(team__in=Team.objects.visible_to(user)) | self._attended_by(user))

    def read_by(self, user: User | AnonymousUser) -> Self:
        """Meetings whose words the user may read: all of a team on which they sit, and of one on which they sat
        those that took place meanwhile. `can_read` is the same for one."""
        return self.filter(Q(team__in=teams_read_by(user)) | self._attended_by(user))

    def _attended_by(self, user: User | AnonymousUser) -> Q:
        states = self.model.State
        seats = Seat.objects.before_of(user).filter(team=OuterRef("team"))
        day = LocalDay(OuterRef("starts_at"), OuterRef("team__timezone"))
        meanwhile = seats.annotate(day=day).filter(since__lte=F("day"), until__gte=F("day"))
        return Q(Exists(meanwhile), state__in=(states.HELD, states.MISSED, states.EXCUSED))

    def in_order(self) -> Self:
        """By when they take or took place. A slot (`planned_start`) is a name, and says nothing of order."""
        return self.order_by("starts_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-starts_at", "-pk")

    def before(self, meeting: Meeting) -> Self:
        """Of the same team, in time before this one; the nearest first."""
        earlier = Q(starts_at__lt=meeting.starts_at) | Q(starts_at=meeting.starts_at, pk__lt=meeting.pk)
        return self.filter(earlier, team=meeting.team_id).newest_first()

    def after(self, meeting: Meeting) -> Self:
        """Of the same team, in time after this one; the nearest first."""
        later = Q(starts_at__gt=meeting.starts_at) | Q(starts_at=meeting.starts_at, pk__gt=meeting.pk)
        return self.filter(later, team=meeting.team_id).in_order()

    def ahead(self) -> Self:
        """Not over yet, the nearest first."""
        states = self.model.State
        return self.filter(state__in=(states.SCHEDULED, states.IN_PROGRESS)).in_order()

    def over(self, now: datetime) -> Self:
        """Held, missed, or excused and its time has come; the newest first."""
        states = self.model.State
        excused = Q(state=states.EXCUSED, starts_at__lte=now)
        return self.filter(Q(state__in=(states.HELD, states.MISSED)) | excused).newest_first()

    def upcoming(self, now: datetime) -> Self:
        """Not over yet, with those that are excused beforehand; the nearest first."""
        states = self.model.State
        excused = Q(state=states.EXCUSED, starts_at__gt=now)
        return self.filter(Q(state__in=(states.SCHEDULED, states.IN_PROGRESS)) | excused).in_order()

    def started_from(self, meeting: str = "") -> Self:
        """Of the team, those that were started, from this meeting on: what is stated for a meeting is open once there
        is one. `meeting` is the way from the outer query to its meeting, such as "meeting__"."""
        return self.filter(
            team=OuterRef(f"{meeting}team"),
            starts_at__gte=OuterRef(f"{meeting}starts_at"),
            started_at__isnull=False,
        ).order_by()

    def submissions_not_open(self, team: int) -> models.QuerySet[Meeting, Any]:
        """When each preparation was submitted for which no meeting has started since, the first one first: what was
        committed from then on is not open yet. A meeting that was excused or missed opens nothing."""
        waiting = self.filter(team=team, submitted_at__isnull=False, started_at=None)
        waiting = waiting.filter(~Exists(self.model.objects.started_from()))
        return waiting.order_by("submitted_at").values_list("submitted_at", flat=True)

    def closes(self) -> models.QuerySet[Meeting, Any]:
        """When each of the held ones was closed, the newest first."""
        return self.filter(state=self.model.State.HELD).order_by("-closed_at").values("closed_at")
