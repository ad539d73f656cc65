"""Who may do what in a meeting. Refused when seen but not allowed: 403; not in visible_to: 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alignment.models import Team, User
from alignment.rules.roles import Role, Side

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class MeetingAccess:
    """The part of a meeting that answers for its readers; what it is lies in meetings.models.meetings."""

    team: Team

    def can_read(self, user: User | AnonymousUser) -> bool:
        """What is written in the meeting: everyone with a seat, never an admin without one."""
        return self.team.seat_of(user) is not None

    def can_comment(self, user: User | AnonymousUser) -> bool:
        """Comment on a section or an item, raise issues and questions: everyone who speaks for a side."""
        return bool(self.team.side_of(user))

    def can_prepare(self, user: User | AnonymousUser) -> bool:
        """The leader's preparation: the leader or their delegate."""
        return self.team.side_of(user) == Side.LEADER

    def can_run(self, user: User | AnonymousUser) -> bool:
        """Start, walk through, suspend, close, move, excuse, capture: the CEO and the sales leader."""
        return self.team.is_principal(user)

    def can_agree(self, user: User | AnonymousUser) -> bool:
        """Approve an initiative: only the CEO."""
        return self.team.role_of(user) == Role.CEO
