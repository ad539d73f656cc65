"""What is committed for a meeting is its leader's until the meeting starts; the CEO thinks about each deal before."""

from __future__ import annotations

from alignment.models import Team, User
from alignment.rules.roles import Role, Side
from deals.registry.commits import Pending, declare_pending
from meetings.models import Meeting


@declare_pending
def pending_commit(team: Team, reader: User) -> Pending:
    since = Meeting.objects.submissions_not_open(team.pk).first()
    is_leaders_side = team.side_of(reader) == Side.LEADER
    is_ceo = team.role_of(reader) == Role.CEO
    return Pending(since, reads_deals=is_leaders_side or is_ceo, reads_totals=is_leaders_side)
