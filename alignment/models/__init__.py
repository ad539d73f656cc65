from alignment.models.company import Company, Holiday
from alignment.models.goals import Goal, GoalChange
from alignment.models.items import Stale, TeamItem, Versioned
from alignment.models.notices import Heartbeat, Notice
from alignment.models.people import Membership, User
from alignment.models.teams import Seat, Team

__all__ = [
    "Company",
    "Goal",
    "GoalChange",
    "Heartbeat",
    "Holiday",
    "Membership",
    "Notice",
    "Seat",
    "Stale",
    "Team",
    "TeamItem",
    "User",
    "Versioned",
]
