"""Who may do what in a meeting, and until when. Refused when seen but not allowed: 403; not in visible_to: 404."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from alignment.models import Team, User
from alignment.rules.roles import Role, Side
from meetings.rules import ratings
from meetings.rules.start_and_end import recap_due_at

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class MeetingAccess:
    """The part of a meeting that answers for its readers; what it is lies in meetings.models.meetings."""

    team: Team
    starts_at: datetime
    closed_at: datetime | None
    closed_by_id: int | None

    if TYPE_CHECKING:  # of the meeting

        @property
        def is_in_progress(self) -> bool: ...

        @property
        def is_ahead(self) -> bool: ...

        @property
        def is_held(self) -> bool: ...

    def can_read(self, user: User | AnonymousUser) -> bool:
        """What is written in the meeting: everyone with a seat, and who had one when it took place; never an admin
        without one."""
        if self.team.seat_of(user) is not None:
            return True
        return not self.is_ahead and self.team.was_seated(user, self.team.today(self.starts_at))

    def can_comment(self, user: User | AnonymousUser) -> bool:
        """Comment on a section or an item, raise issues and questions: everyone who speaks for a side."""
        return bool(self.team.side_of(user))

    def can_prepare(self, user: User | AnonymousUser) -> bool:
        """The leader's preparation: the leader or their delegate."""
        return self.team.side_of(user) == Side.LEADER

    def can_run(self, user: User | AnonymousUser) -> bool:
        """Start, end, rate, move, excuse, reopen: the CEO and the sales leader."""
        return self.team.is_principal(user)

    def can_steer(self, user: User | AnonymousUser) -> bool:
        """In the meeting: run its clock, move through it, capture, say who is there. The facilitator too."""
        return self.can_run(user) or self.team.role_of(user) == Role.FACILITATOR

    def can_agree(self, user: User | AnonymousUser) -> bool:
        """Approve an initiative: only the CEO."""
        return self.team.role_of(user) == Role.CEO

    def is_steered_by(self, user: User | AnonymousUser) -> bool:
        """Whether it runs now, and this person may move it."""
        return self.is_in_progress and self.can_steer(user)

    # Until when

    @property
    def recap_due_at(self) -> datetime | None:
        """When the recap of a meeting that somebody ended goes out."""
        return recap_due_at(self.closed_at) if self.closed_at and self.closed_by_id else None

    def can_be_undone(self, now: datetime) -> bool:
        """Whether its end can be undone: for a minute, before the recap goes out."""
        return self.is_held and self.recap_due_at is not None and now < self.recap_due_at

    def can_be_rated(self, now: datetime) -> bool:
        return ratings.can_be_rated(is_in_progress=self.is_in_progress, closed_at=self.closed_at, now=now)

    def ratings_are_shown(self, roles: Iterable[str], *, now: datetime) -> bool:
        """Whether all who may read the meeting see its ratings, once `roles` have rated; until then their own."""
        return ratings.ratings_are_shown(roles, can_be_rated=self.can_be_rated(now))
