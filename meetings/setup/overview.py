"""The checklist up to the first meeting, and the facts after it.

Both follow from the company's data. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from alignment.rules.formatting import clock, longday, number_of
from alignment.rules.periods import Period, months_in
from alignment.rules.roles import Role

MAX_NAMES = 5
"""A sentence lists this many names; the rest is a number."""
PRINCIPALS = {Role.CEO: "CEO", Role.LEADER: "sales leader"}


@dataclass(frozen=True, slots=True)
class SeatState:
    """The CEO or the sales leader of a team.

    `has_joined`: they accepted the company's invitation; `has_calendar_invite`: the series is in their calendar,
    or they want no mail about it.
    """

    role: str
    name: str
    has_joined: bool
    has_calendar_invite: bool


@dataclass(frozen=True, slots=True)
class TeamState:
    """What the overview knows of one team."""

    name: str
    slug: str
    starts_on: date
    ends_on: date | None
    seats: tuple[SeatState, ...]
    goals: frozenset[date]
    """Months of the fiscal year that have one."""
    next_start: datetime | None
    has_met: bool
    has_revenue: bool

    @property
    def empty_seats(self) -> list[str]:
        """Whether the CEO, the sales leader or both are missing."""
        held = {seat.role for seat in self.seats}
        return [name for role, name in PRINCIPALS.items() if role not in held]

    def months_without_goal(self, year: Period) -> int:
        """Months of the year in which the team exists but has no goal."""
        first = max(year.start, self.starts_on.replace(day=1))
        last = min(year.end, self.ends_on or year.end)
        return len(set(months_in(Period(first, last, ""))) - self.goals) if first <= last else 0

    @property
    def is_ready(self) -> bool:
        """A meeting is planned, and the CEO and the sales leader have it in their calendars."""
        return (
            self.next_start is not None
            and not self.empty_seats
            and all(seat.has_calendar_invite for seat in self.seats)
        )


class FlagState(NamedTuple):
    team: str
    slug: str
    in_words: str


@dataclass(frozen=True, slots=True)
class CompanyState:
    """Everything the overview reads about a company."""

    slug: str
    about: str
    year: Period
    teams: Sequence[TeamState]
    people: int
    """Everyone in the company, including those invited."""
    never_signed_in: Sequence[str]
    """Their names."""
    failed_messages: int
    """Given up for good."""
    flags: Sequence[FlagState]
    """The highest of each team."""

    def at(self, name: str) -> str:
        """The address of one of the company's setup pages."""
        return reverse(name, args=(self.slug,))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist; `link` and `action` are what to do about it."""

    label: str
    is_done: bool
    text: str
    link: str
    action: str

    @classmethod
    def done(cls, label: str, text: str, link: str, action: str) -> Step:
        return cls(label, True, text, link, action)  # noqa: FBT003 - that is what the name says

    @classmethod
    def open(cls, label: str, text: str, link: str = "", action: str = "") -> Step:
        return cls(label, False, text, link, action)  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an admin looks at; `tone` is empty when all is well."""

    text: str
    link: str
    action: str
    tone: str = ""
    names: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """`steps` lead to the first meeting; `facts` follow once a meeting is over, or all steps are done."""

    about: str
    steps: list[Step]
    facts: list[Fact] = field(default_factory=list)

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def is_running(self) -> bool:
        return bool(self.facts)

    @property
    def to_look_at(self) -> int:
        return sum(1 for fact in self.facts if fact.tone)


def overview_of(company: CompanyState) -> Overview:
    steps = [
        _company(company),
        _people(company),
        _team(company),
        _goals(company),
        _revenue(company),
        _meeting(company),
    ]
    is_running = all(step.is_done for step in steps) or any(team.has_met for team in company.teams)
    size = f"{number_of(len(company.teams), 'team')}, {number_of(company.people, 'person', 'people')}"
    return Overview(f"{company.about}. {size}.", steps, facts(company) if is_running else [])


def team_page(slug: str) -> str:
    return reverse("meetings:team", args=(slug,))


def join_names(names: Iterable[str]) -> str:
    """ "North, South and 3 more"."""
    listed = list(names)
    more = len(listed) - MAX_NAMES
    return f"{', '.join(listed[:MAX_NAMES])} and {more} more" if more > 0 else ", ".join(listed)


def _company(company: CompanyState) -> Step:
    return Step.done("Company", f"{company.about}.", company.at("alignment:company"), "Edit, add holidays")


def _people(company: CompanyState) -> Step:
    if company.people < 2:
        text = (
            "You are the only person so far. Invite the CEO and the sales leaders; "
            "you can add them to teams before they join."
        )
        return Step.open("People", text, company.at("alignment:people_invite"), "Invite people")
    absent = f", {len(company.never_signed_in)} of them not signed in yet" if company.never_signed_in else ""
    text = f"{number_of(company.people, 'person', 'people')}{absent}."
    return Step.done("People", text, company.at("alignment:people"), "See people")


def _team(company: CompanyState) -> Step:
    if not company.teams:
        text = "No teams yet. A team has a CEO, a sales leader and a regular meeting."
        return Step.open("Team", text, company.at("meetings:setup_team_new"), "Create a team")
    incomplete = [
        f"{team.name} has no {' and no '.join(team.empty_seats)}"
        for team in company.teams
        if team.empty_seats
    ]
    if incomplete:
        return Step.open(
            "Team", f"{join_names(incomplete)} yet.", company.at("meetings:setup_teams"), "Add members"
        )
    text = f"{join_names(team.name for team in company.teams)}, each with its CEO and its sales leader."
    return Step.done("Team", text, company.at("meetings:setup_teams"), "View teams")


def _goals(company: CompanyState) -> Step:
    year = company.year.label
    missing = _months_without_goal(company)
    if not company.teams:
        text = f"Each team’s goal for every month of {year}. Create a team first."
        return Step.open("Goals", text)
    if missing:
        gaps = join_names(f"{name} ({number_of(number, 'month')})" for name, number in missing)
        text = f"Goals missing for {year}: {gaps}."
        return Step.open("Goals", text, company.at("deals:goals"), "Set goals")
    return Step.done(
        "Goals", f"Every team has a goal for each month of {year}.", company.at("deals:goals"), "View goals"
    )


def _revenue(company: CompanyState) -> Step:
    """Without it a team with goals looks behind from its first day on."""
    if not company.teams:
        return Step.open("Revenue so far", "What each team has won this quarter. Create a team first.")
    page = company.at("deals:setup_revenue")
    if missing := [team.name for team in company.teams if not team.has_revenue]:
        text = f"No revenue yet: {join_names(missing)}. Add what was won this quarter so far, so that the gap is true."
        return Step.open("Revenue so far", text, page, "Add revenue")
    return Step.done("Revenue so far", "Every team has revenue.", page, "View revenue")


def _meeting(company: CompanyState) -> Step:
    ready = sorted((team.next_start, team.name, team.slug) for team in company.teams if team.is_ready)
    if ready:
        start, name, slug = ready[0]
        text = f"{name} meets on {longday(start)} at {clock(start)}; invitations have been sent."
        return Step.done("First meeting", text, team_page(slug), f"See {name}")
    complete = next((team for team in company.teams if not team.empty_seats), None)
    if complete is None:
        text = (
            "Meetings are scheduled automatically, eight weeks ahead, once a team has a CEO "
            "and a sales leader."
        )
        return Step.open("First meeting", text)
    if not_joined := [seat.name for seat in complete.seats if not seat.has_joined]:
        text = (
            f"{join_names(not_joined)} of {complete.name} must join first: meetings go only "
            "to people who accepted their invitation."
        )
        return Step.open("First meeting", text, company.at("alignment:people"), "Resend the invitation")
    text = (
        f"{complete.name}’s first meeting is scheduled, and its invitations sent, within a "
        "minute or two. Reload the page then."
    )
    return Step.open("First meeting", text, team_page(complete.slug), f"See {complete.name}")


def _months_without_goal(company: CompanyState) -> list[tuple[str, int]]:
    """The teams with months of the fiscal year without a goal, and how many."""
    months = ((team.name, team.months_without_goal(company.year)) for team in company.teams)
    return [(name, number) for name, number in months if number]


def facts(company: CompanyState) -> list[Fact]:
    """The five facts, those to look at first."""
    rows = [
        _flags(company),
        _seats(company),
        _missing_goals(company),
        _never_signed_in(company),
        _failed_messages(company),
    ]
    order = {"bad": 0, "warn": 1, "": 2}
    return sorted(rows, key=lambda fact: order[fact.tone])


def _flags(company: CompanyState) -> Fact:
    if not company.flags:
        return Fact("No escalations.", reverse("meetings:list"), "View meetings")
    first = company.flags[0]
    names = join_names(f"{flag.team}: {flag.in_words.lower()}" for flag in company.flags)
    text = f"{number_of(len(company.flags), 'escalation')}."
    return Fact(text, f"{team_page(first.slug)}#flag", f"See {first.team}", "bad", names)


def _seats(company: CompanyState) -> Fact:
    incomplete = [
        f"{team.name}: no {', no '.join(team.empty_seats)}" for team in company.teams if team.empty_seats
    ]
    if not incomplete:
        return Fact(
            "Every team has a CEO and a sales leader.",
            company.at("meetings:setup_teams"),
            "View teams",
        )
    text = f"{number_of(len(incomplete), 'team has', 'teams have')} no CEO or no sales leader."
    return Fact(text, company.at("meetings:setup_teams"), "Add members", "bad", join_names(incomplete))


def _missing_goals(company: CompanyState) -> Fact:
    year = company.year.label
    missing = _months_without_goal(company)
    if not missing:
        return Fact(f"Every team has goals for {year}.", company.at("deals:goals"), "View goals")
    text = f"{number_of(len(missing), 'team is missing', 'teams are missing')} goals for {year}."
    names = join_names(f"{name}: {number_of(number, 'month')}" for name, number in missing)
    return Fact(text, company.at("deals:goals"), "Set goals", "warn", names)


def _never_signed_in(company: CompanyState) -> Fact:
    if not company.never_signed_in:
        return Fact("Everyone has signed in.", company.at("alignment:people"), "View people")
    text = f"{number_of(len(company.never_signed_in), 'person has', 'people have')} never signed in."
    return Fact(
        text, company.at("alignment:people"), "Remind them", "warn", join_names(company.never_signed_in)
    )


def _failed_messages(company: CompanyState) -> Fact:
    if not company.failed_messages:
        return Fact("No failed messages.", reverse("alignment:outbox"), "View outbox")
    text = f"{number_of(company.failed_messages, 'message has', 'messages have')} failed."
    return Fact(text, f"{reverse('alignment:outbox')}?state=failed", "See why, resend", "bad")
