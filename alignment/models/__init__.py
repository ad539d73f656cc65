from alignment.models.absences import Absence
from alignment.models.agreements import Agreement
from alignment.models.audit import Entry
from alignment.models.company import Company, Holiday
from alignment.models.exports import Archive
from alignment.models.goals import Goal, GoalChange, GoalEdit
from alignment.models.heartbeats import Heartbeat
from alignment.models.invitations import AddressChange, Invite
from alignment.models.links import Link
from alignment.models.notices import Notice
from alignment.models.overview_readers import OverviewReader
from alignment.models.people import Membership, User
from alignment.models.planned_seats import PlannedSeat
from alignment.models.preferences import Group, Preference
from alignment.models.read_marks import ItemRead, ReadMark, ReadState, mark_all_read, mark_item_read
from alignment.models.sweep_failures import SweepFailure
from alignment.models.team_item import TeamItem
from alignment.models.teams import Seat, Team
from alignment.models.versioned import VersionConflict, Versioned

__all__ = [
    "Absence",
    "AddressChange",
    "Agreement",
    "Archive",
    "Company",
    "Entry",
    "Goal",
    "GoalChange",
    "GoalEdit",
    "Group",
    "Heartbeat",
    "Holiday",
    "Invite",
    "ItemRead",
    "Link",
    "Membership",
    "Notice",
    "OverviewReader",
    "PlannedSeat",
    "Preference",
    "ReadMark",
    "ReadState",
    "Seat",
    "SweepFailure",
    "Team",
    "TeamItem",
    "User",
    "VersionConflict",
    "Versioned",
    "mark_all_read",
    "mark_item_read",
]
