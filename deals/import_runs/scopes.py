"""Who may import what: an admin everything of the company, the leader's side of a team what is the team's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from alignment.models import Company, Team, User
from alignment.people.whom_to_ask import admins_of, ask, leaders_of
from alignment.permissions import can_plan, seats_of
from alignment.rules.zones import zone_named
from deals.imports.understanding import CompanyTerms
from deals.models.imports import ImportRun, companies_administered_by

FOR_IMPORTERS = "Only an admin of the company, the sales leader or the sales leader’s delegate can import."


@dataclass(frozen=True)
class ImportScope:
    """What one import may change: all of a company, or with a `team` what is that team's."""

    company: Company
    team: Team | None = None

    @property
    def key(self) -> str:
        """As a form sends it."""
        return f"team:{self.team.slug}" if self.team else f"company:{self.company.slug}"

    @property
    def label(self) -> str:
        return self.team.name if self.team else f"All of {self.company.name}"

    @property
    def currency(self) -> str:
        return self.company.currency

    @cached_property
    def teams(self) -> list[Team]:
        """The company's teams, by name."""
        return list(self.company.teams.select_related("company").order_by("name_key", "pk"))

    def holds(self, team_id: int | None) -> bool:
        """Whether a row of that team may be changed."""
        return self.team is None or self.team.pk == team_id


def scopes_of(user: User) -> list[ImportScope]:
    """What the user may import, the companies first. Empty for everybody else."""
    companies = Company.objects.filter(pk__in=companies_administered_by(user)) if user.administers else []
    teams = [seat.team for seat in seats_of(user) if can_plan(seat)]
    return [
        *(ImportScope(company) for company in companies),
        *(ImportScope(team.company, team) for team in teams),
    ]


def whom_to_ask(user: User) -> str:
    """Who may import what the user cannot: the leaders of their teams, and the admins of the companies."""
    teams = [seat.team for seat in seats_of(user)]
    people = [*leaders_of(teams), *admins_of([team.company for team in teams])]
    return f"{FOR_IMPORTERS} {ask(people, otherwise='Ask one of them to upload the file.')}"


def scope_of(run: ImportRun) -> ImportScope:
    return ImportScope(run.company, run.team)


def terms_of(run: ImportRun, now: datetime) -> CompanyTerms:
    """What of the company decides how the file is read, in the locale of whoever uploaded it."""
    zone = zone_named(run.company.timezone)
    locale = run.started_by.locale if run.started_by else "en-US"
    today = now.astimezone(zone).date()
    return CompanyTerms(currency=run.company.currency, locale=locale, zone=zone, today=today)
