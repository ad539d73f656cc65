"""home(): reads a fixed number of queries and arranges the page by the reader's seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter

from django.utils import timezone

from alignment.models import User
from alignment.rules.folding import search_key, unaccented
from alignment.rules.formatting import MoneyFormat, clock, counted
from alignment.rules.roles import NAMES, PRINCIPAL_ROLES, PRINCIPAL_SIDES, Role, Side
from deals.rules.pace import shape_of
from deals.rules.revenue import Standing, standing_by_months
from meetings.home.action_items import (
    action_items,
    feedback_question,
    first_meeting_offer,
    overdue_of_others,
)
from meetings.home.attention import most_urgent, wins
from meetings.home.leader_block import Lead, lead_agenda, lead_block
from meetings.home.queries import days_off_near, teams_of
from meetings.home.team_figures import count_no_longer_agreed, read_figures
from meetings.home.team_rows import RowContext, team_row
from meetings.home.team_snapshots import TeamSnapshot, team_snapshot
from meetings.home.values import (
    MOST_SHOWN,
    ActionItem,
    Addresses,
    FeedbackQuestion,
    Figures,
    FirstMeetingOffer,
    Group,
    OwedItem,
    QuarterStanding,
    Running,
    TeamRow,
)
from meetings.home.worth_asking import questions_worth_asking
from meetings.needs import Need, Needs, WaitingRow, needs_of, waiting_rows
from meetings.news import News, news_of
from meetings.rules.team_order import Reason, order_of

SEARCHED_FROM = 13
"""The page can be searched from this many teams on."""
FOLDED_FROM = 4
"""From this many teams on those that need nothing from their CEO are folded."""
GROUP_TITLES = {
    "ceo": "Your teams",
    "leader": "Other teams you lead",
    "reader": "Teams you follow",
    "admin": "Teams of your company",
}


@dataclass(frozen=True, slots=True)
class Home:
    today: date
    """Where the reader is."""
    lede: str
    lead: Lead | None
    running: tuple[Running, ...]
    groups: tuple[Group, ...]
    overdue: tuple[OwedItem, ...]
    """What others owe on the reader's teams as their CEO."""
    action_items: tuple[ActionItem, ...]
    more_action_items: int
    feedback_question: FeedbackQuestion | None
    first_meeting: FirstMeetingOffer | None
    news: News
    needs: Needs
    query: str
    searchable: bool
    takes_part: bool

    @property
    def shown_overdue(self) -> tuple[OwedItem, ...]:
        return self.overdue[:MOST_SHOWN]

    @property
    def more_overdue(self) -> int:
        return len(self.overdue) - len(self.shown_overdue)

    @property
    def requests(self) -> tuple[Need, ...]:
        return self.needs.requests[:MOST_SHOWN]

    @property
    def more_requests(self) -> int:
        return len(self.needs.requests) - len(self.requests)

    @property
    def commitments(self) -> tuple[Need, ...]:
        return self.needs.commitments[:MOST_SHOWN]

    @property
    def more_commitments(self) -> int:
        return len(self.needs.commitments) - len(self.commitments)

    def reason_of(self, slug: str) -> Reason | None:
        """Why the team needs its CEO, as the page says it."""
        rows = (row for group in self.groups if group.kind == "ceo" for row in group.rows)
        return next((row.reason for row in rows if row.slug == slug), None)

    @property
    def is_empty(self) -> bool:
        return not self.groups and self.lead is None and not self.query

    @property
    def has_no_match(self) -> bool:
        return bool(self.query) and not self.groups

    @property
    def shows_figures(self) -> bool:
        """Whether any figure stands on the page, so that it says how they are reckoned."""
        rows = [row for group in self.groups for row in group.rows]
        return any(row.standing for row in rows) or (self.lead is not None and self.lead.agenda is not None)


def home(user: User, now: datetime, *, query: str = "") -> Home:
    """What the reader should look at now, by their seats; without a seat the facts an admin may see."""
    visible = teams_of(user, now)
    days_off = days_off_near(visible, now.date())
    teams = [team_snapshot(team, days_off, now) for team in visible]
    lead = min((team for team in teams if team.part == "leader"), key=attrgetter("start_order"), default=None)
    listed = [team for team in teams if team is not lead]
    agenda = lead_agenda(lead, user, now)
    seated = [team.as_seated for team in teams if team.own]
    waiting = waiting_rows(user, now, seated) if seated else []
    addresses = Addresses()
    changed = count_no_longer_agreed([team for team in teams if team.part == Side.CEO])
    team_rows = _team_rows(listed, waiting, changed, user, now, addresses)
    items = action_items(teams, now, addresses)
    return Home(
        today=timezone.localtime(now).date(),
        lede=_lede(listed, team_rows, now),
        lead=lead_block(lead, agenda, user, now),
        running=tuple(_running(teams, user, addresses)),
        groups=_groups(listed, team_rows, query),
        overdue=overdue_of_others(
            [team for team in listed if team.part == Side.CEO], team_rows, waiting, user
        ),
        action_items=tuple(items[:MOST_SHOWN]),
        more_action_items=max(0, len(items) - MOST_SHOWN),
        feedback_question=feedback_question(teams),
        first_meeting=first_meeting_offer(teams),
        news=news_of([team.as_news for team in teams if team.own], user, now),
        needs=needs_of(waiting, seated, user),
        query=query,
        searchable=len(listed) >= SEARCHED_FROM or bool(query),
        takes_part=any(team.part in PRINCIPAL_SIDES for team in teams),
    )


# Rows


def _team_rows(
    teams: Sequence[TeamSnapshot],
    waiting: Sequence[WaitingRow],
    changed: Mapping[int, int],
    user: User,
    now: datetime,
    addresses: Addresses,
) -> dict[int, TeamRow]:
    if not teams:
        return {}
    figures = read_figures(teams, waiting, changed, user, now)
    context = RowContext(now, addresses, user.locale)
    standings = {
        team.pk: _standing(team, figures[team.quarter], MoneyFormat(team.currency, user.locale))
        for team in teams
        if team.role
    }
    questions = questions_worth_asking(teams, standings, user)
    return {
        team.pk: team_row(
            team, standings.get(team.pk), figures[team.quarter], context, asking=questions.get(team.pk)
        )
        for team in teams
    }


def _standing(team: TeamSnapshot, figures: Figures, money: MoneyFormat) -> QuarterStanding:
    won = figures.won.get(team.pk, {})
    shape = shape_of(won, team.quarter, first_month=team.first_month)

    def at(day: date) -> Standing:
        return standing_by_months(
            team.quarter,
            today=day,
            goals=figures.goals.get(team.pk, {}),
            won=won,
            holidays=team.holidays,
            data_from=team.data_from,
            shape=shape,
        )

    now, closed_on = at(team.today), team.last_closed_on
    return QuarterStanding(
        m=money,
        since=team.quarter.start,
        until=team.quarter.end,
        actual=now.actual,
        goal=now.goal,
        due=now.goal_to_date,
        missing=now.missing_months,
        due_before=at(closed_on).goal_to_date if closed_on and closed_on >= team.quarter.start else None,
        has_begun=now.has_begun,
    )


def _groups(teams: Sequence[TeamSnapshot], rows: dict[int, TeamRow], query: str) -> tuple[Group, ...]:
    """The teams by the reader's part, those alone whose name or leader matches the query."""
    words = unaccented(query)
    matching = [team for team in teams if words in search_key(team.name, team.leader)]
    groups = []
    for part, title in GROUP_TITLES.items():
        if of_part := in_order([team for team in matching if team.part == part], rows):
            folds = part == Side.CEO and len(of_part) >= FOLDED_FROM and not query
            groups.append(Group(title, part, tuple(rows[team.pk] for team in of_part), folds=folds))
    return tuple(groups)


def in_order(teams: Sequence[TeamSnapshot], rows: dict[int, TeamRow]) -> list[TeamSnapshot]:
    """The CEO's by what they need, else by their next meetings."""
    by_start = sorted(teams, key=attrgetter("start_order"))
    are_alike = len({team.currency for team in teams}) < 2

    def need(team: TeamSnapshot) -> tuple[int, Decimal]:
        row = rows[team.pk]
        goal = row.standing.goal if row.standing and not are_alike else None
        return order_of(row.reason, goal)

    return sorted(by_start, key=need) if teams and teams[0].part == Side.CEO else by_start


# The first sentence


def _lede(teams: Sequence[TeamSnapshot], rows: dict[int, TeamRow], now: datetime) -> str:
    """What was won, how many meetings today, and which team needs the CEO most."""
    own = sorted((team for team in teams if team.part == Side.CEO), key=attrgetter("start_order"))
    if not own:
        return ""
    own_rows = [rows[team.pk] for team in in_order(own, rows)]
    return " ".join(filter(None, (wins(own_rows), _meetings_today(own, now), most_urgent(own_rows))))


def _meetings_today(teams: Sequence[TeamSnapshot], now: datetime) -> str:
    """`teams` come in the order of their next meetings."""
    today = timezone.localtime(now).date()
    ahead = [(team.name, team.next.starts_at) for team in teams if team.next]
    on_today = [(name, start) for name, start in ahead if timezone.localtime(start).date() == today]
    if len(on_today) == 1:
        name, start = on_today[0]
        return f"One meeting today: {name} at {clock(start)}."
    if on_today:
        return f"{counted(len(on_today), 'meeting').capitalize()} today."
    return "" if ahead else "No meeting is planned."


def _running(teams: Sequence[TeamSnapshot], user: User, addresses: Addresses) -> Iterator[Running]:
    """The meetings that take place now, of teams on which the reader sits."""
    for team in teams:
        if team.own is None or team.next is None or not team.next.in_session:
            continue
        name, role = team.holders.get(team.next.started_by or 0, ("", ""))
        is_waited_for = team.is_principal and role in PRINCIPAL_ROLES and team.next.started_by != user.pk
        started = f"started it at {clock(team.next.started_at)}" if team.next.started_at else ""
        yield Running(
            team=team.name,
            since=f"{'You' if team.next.started_by == user.pk else name} {started}." if name else "",
            button=f"Join: your {NAMES[Role(role)]} is waiting" if is_waited_for else "Join the meeting",
            href=addresses.present.of(team.next.id),
        )
