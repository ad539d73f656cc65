"""What an export contains of this app's data, and what never leaves the installation."""

from datetime import datetime

from babel.numbers import is_currency

from alignment.exports.schema import (
    declare_confidential,
    declare_earlier,
    declare_facts,
    declare_local,
    declare_rule,
)
from alignment.models import Company, Preference, Team, User
from alignment.models.policy import POLICIES
from alignment.models.preferences import Group
from alignment.models.teams import DueRule
from alignment.rules.formatting import is_locale
from alignment.rules.team_limits import MOST, are_reminders

declare_local("name_key", "search_key", why="Made from the row's own names and texts whenever it is saved.")
declare_facts(
    "alignment.Company",
    "name",
    "slug",
    "currency",
    "timezone",
    "fiscal_year_start",
    "second_factor_required",
    "revenue_kind",
    "call_period",
)
declare_facts("alignment.Holiday", "company", "day", "name")
declare_facts(
    "alignment.Team",
    "company",
    "name",
    "slug",
    "timezone",
    "rhythm",
    "weekday",
    "nth",
    "local_time",
    "starts_on",
    "ends_on",
    "minutes_revenue",
    "minutes_deals",
    "minutes_risks",
    "minutes_initiatives",
    "minutes_issues",
    "mid_deal_from",
    "big_deal_from",
    "due_rule",
    "due_time",
    "preparation_hours",
    "missed_after_hours",
    "closes_after_hours",
    "reminder_hours",
    "admins_told_after",
    "red_after",
    "revenue_kind",
    "call_period",
    "own_policies",
)
declare_earlier("alignment.Team", due_rule=DueRule.HOURS)
declare_facts("alignment.Seat", "team", "user", "role", "acts_for", "since", "until")
declare_facts(
    "alignment.PlannedSeat",
    "team",
    "user",
    "role",
    "acts_for",
    "ends_seat",
    "day",
    "why",
    "by",
    "at",
    "done_at",
    "cancelled_at",
)
declare_facts("alignment.OverviewReader", "company", "user", "since", "until")
declare_facts("alignment.Membership", "company", "user", "is_admin", "ended_at")
declare_facts(
    "alignment.Invite",
    "company",
    "user",
    "email",
    "version",
    "invited_by",
    "invited_at",
    "expires_at",
    "accepted_at",
    "revoked_at",
)
declare_facts("alignment.Goal", "team", "month", "amount")
declare_facts("alignment.GoalChange", "team", "month", "old", "new", "by", "at", "why")
declare_facts("alignment.Absence", "user", "first", "last", "entered_at", "entered_by")
declare_facts("alignment.Entry", "company", "at", "by", "what", "about", "old", "new", "why")
declare_facts(
    "alignment.User",
    "email",
    "name",
    "timezone",
    "locale",
    "is_active",
    "joined_at",
    "calendar_mail",
    "invited_as",
)

declare_confidential(
    "alignment.Agreement",
    why="What the CEO and the sales leader agreed is for members of the team.",
)
declare_confidential(
    "alignment.Preference",
    "alignment.User.worth_asking",
    why="How and when people want to be notified is private to them.",
)
declare_confidential(
    "alignment.Company.version",
    "alignment.Team.revision",
    "alignment.Team.version",
    "alignment.User.version",
    why="A counter of changes for the software; the audit log says what changed.",
)

declare_local(
    "token", why="It prevents duplicates when a form is submitted twice; an imported row gets a new one."
)
declare_local(
    "alignment.User.password",
    "alignment.User.calendar_token",
    why="Anyone who has it can sign in, or read the calendar.",
)
declare_local("alignment.Preference.chat_url", why="Anyone who has it can post to the chat.")
declare_local(
    "alignment.User.is_staff",
    "alignment.User.is_superuser",
    why="A permission for this installation, not for the company.",
)
declare_local("alignment.User.last_login", why="It describes the use of this installation, not the company.")
declare_local(
    "alignment.Notice",
    why="Sent messages stay with this installation; the new one sends what is still due.",
)
declare_local(
    "alignment.ReadMark",
    "alignment.ItemRead",
    why="What somebody has read on this installation; on a new one everything since the last meeting is new.",
)
declare_local(
    "alignment.Link",
    why="A personal link opens a page of this installation; whoever sent it asks again from the new one.",
)
declare_local("alignment.Archive", why="The exports themselves: their files are stored here and expire.")
declare_local(
    "alignment.AddressChange", why="A new address is confirmed within a day by a link to this installation."
)
declare_local(
    "alignment.Heartbeat",
    "alignment.SweepFailure",
    why="When the sweep of this installation ran, and what failed.",
)
declare_local(
    "alignment.User_groups",
    "alignment.User_user_permissions",
    "admin.LogEntry",
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    why="Permissions in the emergency admin of this installation, and its log.",
)
declare_local("contenttypes.ContentType", why="The software's own list of its models.")
declare_local(
    "account.EmailAddress",
    "account.EmailConfirmation",
    why="The address is in alignment.User; how it was confirmed is not.",
)
declare_local(
    "mfa.Authenticator", why="Second factors and passkeys work for one site only; they are set up again."
)
declare_local("sessions.Session", "usersessions.UserSession", why="Who is signed in where.")
declare_local(
    "socialaccount.SocialAccount",
    "socialaccount.SocialToken",
    "socialaccount.SocialApp",
    why="A sign-in provider is set up for one site only.",
)


def check_company(company: Company, now: datetime) -> None:
    if not is_currency(company.currency):
        raise ValueError("currency is unknown")


def check_user(user: User, now: datetime) -> None:
    if not is_locale(user.locale):
        raise ValueError("locale is unknown")


def check_team(team: Team, now: datetime) -> None:
    for name, most in MOST.items():
        if not 1 <= getattr(team, name) <= most:
            raise ValueError(f"{name} is not from 1 to {most}")
    if not are_reminders(team.reminder_hours):
        raise ValueError("reminder_hours are no hours")
    if not (isinstance(team.own_policies, list) and set(team.own_policies) <= set(POLICIES)):
        raise ValueError("own_policies are no settings")


def check_preference(preference: Preference, now: datetime) -> None:
    if not {*preference.no_mail, *preference.no_chat} <= set(Group.values):
        raise ValueError("a group of messages is unknown")
    if not (isinstance(preference.days, list) and set(preference.days) <= set(range(7))):
        raise ValueError("days are no weekdays")


declare_rule("alignment.Company", check_company)
declare_rule("alignment.User", check_user)
declare_rule("alignment.Team", check_team)
declare_rule("alignment.Preference", check_preference)
