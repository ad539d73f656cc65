"""The checklist to the first meeting and the facts after it: worked out from what is there, so it can be left and taken
up again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse

from alignment.models.teams import Role
from alignment.periods import Period, months_in
from alignment.templatetags.figures import clock, longday

NAMED = 5
"""So many names stand in a sentence; of more their number is said."""
PAIR = {Role.CEO: "CEO", Role.LEADER: "sales leader"}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One of the two of a team. `is_here`: they took the company's invitation; `has_it`: the series is in their calendar,
    or they want none by mail."""

    role: str
    name: str
    is_here: bool
    has_it: bool


@dataclass(frozen=True, slots=True)
class TeamState:
    """What the overview knows of one team."""

    name: str
    slug: str
    starts_on: date
    ends_on: date | None
    seats: tuple[Sitting, ...]
    goals: frozenset[date]
    """Months of the fiscal year that have one."""
    next_start: datetime | None
    has_met: bool

    @property
    def lacks(self) -> list[str]:
        """Which of the two seats is empty."""
        held = {seat.role for seat in self.seats}
        return [name for role, name in PAIR.items() if role not in held]

    def months_without_goal(self, year: Period) -> int:
        """Months of the year in which the team stands and nothing is asked of it."""
        first = max(year.start, self.starts_on.replace(day=1))
        last = min(year.end, self.ends_on or year.end)
        return len(set(months_in(Period(first, last, ""))) - self.goals) if first <= last else 0

    @property
    def is_ready(self) -> bool:
        """A meeting is planned, and the two have it in their calendars."""
        return self.next_start is not None and not self.lacks and all(seat.has_it for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is read of a company."""

    company: str
    """Its part of an address."""
    about: str
    year: Period
    teams: Sequence[TeamState]
    people: int
    """Everybody of the company, those invited included."""
    never_in: Sequence[str]
    """Names of those who never signed in."""
    failed: int
    """Messages given up."""
    flags: Sequence[tuple[str, str, str]]
    """What the flags of teams say: team, its slug, the words."""

    def at(self, name: str) -> str:
        """The address of one of the company's setup pages."""
        return reverse(name, args=(self.company,))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist; `link` and `does` are what to do about it."""

    label: str
    is_done: bool
    said: str
    link: str
    does: str

    @classmethod
    def done(cls, label: str, said: str, link: str, does: str) -> Step:
        return cls(label, True, said, link, does)  # noqa: FBT003 - that is what the name says

    @classmethod
    def open(cls, label: str, said: str, link: str = "", does: str = "") -> Step:
        return cls(label, False, said, link, does)  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an admin looks at; `tone` is empty when all is well."""

    said: str
    link: str
    does: str
    tone: str = ""
    names: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """`steps` lead to the first meeting; `facts` are there once a meeting was due, or all steps are done."""

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


def of(known: Known) -> Overview:
    steps = [_company(known), _people(known), _team(known), _goals(known), _meeting(known)]
    runs = all(step.is_done for step in steps) or any(team.has_met for team in known.teams)
    size = f"{counted(len(known.teams), 'team')}, {counted(known.people, 'person', 'people')}"
    return Overview(f"{known.about}. {size}.", steps, facts(known) if runs else [])


def team_page(slug: str) -> str:
    return reverse("meetings:team", args=(slug,))


def named(names: Iterable[str]) -> str:
    """ "North, South and 3 more"."""
    told = list(names)
    more = len(told) - NAMED
    return f"{', '.join(told[:NAMED])} and {more} more" if more > 0 else ", ".join(told)


def counted(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _company(known: Known) -> Step:
    return Step.done("Company", f"{known.about}.", known.at("alignment:company"), "Change it, enter holidays")


def _people(known: Known) -> Step:
    if known.people < 2:
        said = "Only you are here. Invite the CEO and the sales leaders; they can be seated before they have come."
        return Step.open("People", said, known.at("alignment:people_invite"), "Invite people")
    away = f", {len(known.never_in)} of them not signed in yet" if known.never_in else ""
    said = f"{counted(known.people, 'person', 'people')}{away}."
    return Step.done("People", said, known.at("alignment:people"), "See who is here")


def _team(known: Known) -> Step:
    if not known.teams:
        said = "No team yet. A team is a CEO, a sales leader and their standing meeting."
        return Step.open("Team", said, known.at("meetings:setup_team_new"), "Make a team")
    short = [f"{team.name} has no {' and no '.join(team.lacks)}" for team in known.teams if team.lacks]
    if short:
        return Step.open("Team", f"{named(short)} yet.", known.at("meetings:setup_teams"), "Fill the seats")
    said = f"{named(team.name for team in known.teams)}, each with its CEO and its sales leader."
    return Step.done("Team", said, known.at("meetings:setup_teams"), "See the teams")


def _goals(known: Known) -> Step:
    year = known.year.label
    missing = [(team.name, gone) for team in known.teams if (gone := team.months_without_goal(known.year))]
    if not known.teams:
        said = f"What each team is to win in each month of {year}. It needs a team first."
        return Step.open("Goals", said)
    if missing:
        gaps = named(f"{name} lacks {counted(gone, 'month')}" for name, gone in missing)
        said = f"For {year} {gaps}."
        return Step.open("Goals", said, known.at("deals:goals"), "Set the goals")
    return Step.done(
        "Goals", f"Every team has one for each month of {year}.", known.at("deals:goals"), "See the goals"
    )


def _meeting(known: Known) -> Step:
    ready = sorted((team.next_start, team.name, team.slug) for team in known.teams if team.is_ready)
    if ready:
        start, name, slug = ready[0]
        said = f"{name} meets on {longday(start)} at {clock(start)}; the invitations are out."
        return Step.done("First meeting", said, team_page(slug), f"See {name}")
    whole = next((team for team in known.teams if not team.lacks), None)
    if whole is None:
        said = "It plans itself, eight weeks ahead, as soon as a team has its CEO and its sales leader."
        return Step.open("First meeting", said)
    if away := [seat.name for seat in whole.seats if not seat.is_here]:
        said = f"{named(away)} of {whole.name} must come first: a meeting goes into calendars of people who took their invitation."
        return Step.open("First meeting", said, known.at("alignment:people"), "Send it again")
    said = f"{whole.name}’s is planned, and its invitations go out, within a minute or two. Load this page again then."
    return Step.open("First meeting", said, team_page(whole.slug), f"See {whole.name}")


def facts(known: Known) -> list[Fact]:
    """The five things, those to look at first."""
    told = [_flags(known), _seats(known), _goals_missing(known), _never_in(known), _failed(known)]
    order = {"bad": 0, "warn": 1, "": 2}
    return sorted(told, key=lambda fact: order[fact.tone])


def _flags(known: Known) -> Fact:
    if not known.flags:
        return Fact("No flag is raised.", reverse("meetings:list"), "See the meetings")
    team, slug, _ = known.flags[0]
    names = named(f"{name}: {said.lower()}" for name, _, said in known.flags)
    said = f"{counted(len(known.flags), 'flag is', 'flags are')} raised."
    return Fact(said, f"{team_page(slug)}#flag", f"See {team}", "bad", names)


def _seats(known: Known) -> Fact:
    short = [f"{team.name}: no {', no '.join(team.lacks)}" for team in known.teams if team.lacks]
    if not short:
        return Fact(
            "Every team has its CEO and its sales leader.", known.at("meetings:setup_teams"), "See the teams"
        )
    said = f"{counted(len(short), 'team has', 'teams have')} an empty seat."
    return Fact(said, known.at("meetings:setup_teams"), "Fill the seats", "bad", named(short))


def _goals_missing(known: Known) -> Fact:
    year = known.year.label
    missing = {team.name: gone for team in known.teams if (gone := team.months_without_goal(known.year))}
    if not missing:
        return Fact(f"Every team has its goals for {year}.", known.at("deals:goals"), "See the goals")
    said = f"{counted(len(missing), 'team lacks', 'teams lack')} goals for {year}."
    names = named(f"{name}: {counted(gone, 'month')}" for name, gone in missing.items())
    return Fact(said, known.at("deals:goals"), "Set the goals", "warn", names)


def _never_in(known: Known) -> Fact:
    if not known.never_in:
        return Fact("Everybody has signed in.", known.at("alignment:people"), "See the people")
    said = f"{counted(len(known.never_in), 'person has', 'people have')} never signed in."
    return Fact(said, known.at("alignment:people"), "Remind them", "warn", named(known.never_in))


def _failed(known: Known) -> Fact:
    if not known.failed:
        return Fact("No message has failed.", reverse("alignment:outbox"), "See the outbox")
    said = f"{counted(known.failed, 'message has', 'messages have')} failed."
    return Fact(said, f"{reverse('alignment:outbox')}?state=failed", "See why, send again", "bad")
