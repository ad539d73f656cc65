from alignment.models.absences import Absence
from alignment.models.archives import Archive
from alignment.models.audit import Entry
from alignment.models.company import Company, Holiday
from alignment.models.goals import Goal, GoalChange, GoalClash, GoalEdit
from alignment.models.invites import AddressChange, Invite
from alignment.models.items import Stale, TeamItem, Versioned
from alignment.models.notices import Heartbeat, Notice
from alignment.models.people import Membership, User
from alignment.models.planned_seats import PlannedSeat
from alignment.models.preferences import Group, Preference
from alignment.models.teams import Seat, Team

__all__ = [
    "Absence",
    "AddressChange",
    "Archive",
    "Company",
    "Entry",
    "Goal",
    "GoalChange",
    "GoalClash",
    "GoalEdit",
    "Group",
    "Heartbeat",
    "Holiday",
    "Invite",
    "Membership",
    "Notice",
    "PlannedSeat",
    "Preference",
    "Seat",
    "Stale",
    "Team",
    "TeamItem",
    "User",
    "Versioned",
]
