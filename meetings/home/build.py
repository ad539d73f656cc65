"""home(): reads a fixed number of queries and arranges the page by the reader's seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from alignment.models import User
from alignment.rules.folding import search_key, unaccented
from alignment.rules.formatting import MoneyFormat, clock, counted, when
from alignment.rules.roles import NAMES, PRINCIPAL_ROLES, PRINCIPAL_SIDES, Role
from deals.rules.pace import shape_of, sum_months
from deals.rules.revenue import Standing, standing_at
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.home.action_items import action_items, feedback_question, first_meeting_offer
from meetings.home.addresses import Addresses
from meetings.home.attention import most_urgent, wins
from meetings.home.queries import (
    days_off_near,
    deal_moves_of,
    goals_and_revenue_of,
    teams_of,
)
from meetings.home.team_order import by_start
from meetings.home.team_rows import RowContext, acknowledged, format_hours, gap_change, team_row
from meetings.home.team_snapshots import TeamSnapshot, team_snapshot
from meetings.home.values import (
    MOST_SHOWN,
    Figures,
    GapChange,
    Group,
    Home,
    Lead,
    Next,
    QuarterStanding,
    Running,
    TeamRow,
)
from meetings.home.worth_asking import questions_worth_asking
from meetings.needs import WaitingRow, needs_of, waiting_rows
from meetings.news import news_of
from meetings.rules.escalation import STEPS
from meetings.rules.overdue import became_overdue

SEARCHED_FROM = 13
"""The page can be searched from this many teams on."""
GROUP_TITLES = {
    "ceo": "Your teams",
    "leader": "Other teams you lead",
    "reader": "Teams you follow",
    "admin": "Teams of your company",
}


def home(user: User, now: datetime, *, query: str = "") -> Home:
    """What the reader should look at now, by their seats; without a seat the facts an admin may see."""
    visible = teams_of(user, now)
    days_off = days_off_near(visible, now.date())
    teams = [team_snapshot(team, days_off, now) for team in visible]
    lead = min((team for team in teams if team.part == "leader"), key=by_start, default=None)
    listed = [team for team in teams if team is not lead]
    agenda = _agenda(lead, user, now)
    seated = [team.as_seated for team in teams if team.own]
    waiting = waiting_rows(user, now, seated) if seated else []
    addresses = Addresses()
    team_rows = _team_rows(listed, waiting, user, now, addresses)
    items = action_items(teams, now, addresses)
    return Home(
        today=timezone.localtime(now).date(),
        lede=_lede(listed, team_rows, now),
        lead=_lead_block(lead, agenda, user, now),
        running=tuple(_running(teams, user, addresses)),
        groups=_groups(listed, team_rows, query),
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
    user: User,
    now: datetime,
    addresses: Addresses,
) -> dict[int, TeamRow]:
    if not teams:
        return {}
    moves = deal_moves_of([team.pk for team in teams if team.own], now)
    overdue = _count_overdue(teams, waiting)
    pks = [team.pk for team in teams]
    figures = {  # nearly always all teams are in the same quarter
        quarter: Figures(*goals_and_revenue_of(pks, quarter, first_month=first_month), overdue, moves)
        for quarter, first_month in {team.quarter: team.first_month for team in teams}.items()
    }
    context = RowContext(now, addresses)
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


def _count_overdue(teams: Sequence[TeamSnapshot], waiting: Sequence[WaitingRow]) -> Counter[int]:
    """Of each team how many commitments have become overdue, where it is, since its last meeting."""
    by_pk = {team.pk: team for team in teams}
    return Counter(
        row.team
        for row in waiting
        if row.kind == "commitment"
        and row.due is not None
        and (team := by_pk.get(row.team)) is not None
        and became_overdue(row.due, today=team.today, since=team.last_closed_on)
    )


def _standing(team: TeamSnapshot, figures: Figures, money: MoneyFormat) -> QuarterStanding:
    won = figures.won.get(team.pk, {})
    shape = shape_of(won, team.quarter, first_month=team.first_month)

    def at(day: date) -> Standing:
        return standing_at(
            team.quarter,
            today=day,
            goals=figures.goals.get(team.pk, {}),
            won_in=lambda period: sum_months(won, period),
            holidays=team.holidays,
            data_from=team.data_from,
            weights=shape.weights(team.quarter) if shape else {},
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
        of_part = sorted((team for team in matching if team.part == part), key=by_start)
        if of_part:
            groups.append(Group(title, part, tuple(rows[team.pk] for team in of_part)))
    return tuple(groups)


# The first sentence


def _lede(teams: Sequence[TeamSnapshot], rows: dict[int, TeamRow], now: datetime) -> str:
    """What was won, how many meetings today, and which team needs the CEO most."""
    own = sorted((team for team in teams if team.part == "ceo"), key=by_start)
    if not own:
        return ""
    own_rows = [rows[team.pk] for team in own]
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


# The leader's block


def _agenda(lead: TeamSnapshot | None, user: User, now: datetime) -> Agenda | None:
    if lead is None or lead.next is None:
        return None
    return build(pages().get(pk=lead.next.id), user, now)


def _lead_block(lead: TeamSnapshot | None, agenda: Agenda | None, user: User, now: datetime) -> Lead | None:
    if lead is None:
        return None
    deadline, tone = _deadline(lead.next, now, lead.days_off)
    return Lead(
        team=lead.name,
        slug=lead.slug,
        m=MoneyFormat(lead.currency, user.locale),
        next=lead.next,
        deadline=deadline,
        tone=tone,
        agenda=agenda,
        last=lead.last,
        outcomes=tuple(reversed(lead.outcomes)),
        is_red=lead.is_red,
        red_in_words=lead.policy.in_words(STEPS),
        acknowledged=acknowledged(lead),
        change=_change_of_lead(lead, agenda, user),
    )


def _change_of_lead(lead: TeamSnapshot, agenda: Agenda | None, user: User) -> GapChange | None:
    revenue = agenda.revenue if agenda else None
    if revenue is None or revenue.gap is None or revenue.gap_before is None or lead.last is None:
        return None
    m = MoneyFormat(lead.currency, user.locale)
    return gap_change(revenue.gap, revenue.gap_before, closed_at=lead.last.closed_at, m=m)


def _deadline(meeting: Next | None, now: datetime, days_off: Sequence[str] = ()) -> tuple[str, str]:
    """What the leader must do by when, as one sentence, with its tone."""
    if meeting is None:
        return "No meeting is planned.", ""
    if meeting.in_session:
        return "The meeting is in session.", "good"
    if meeting.submitted_at:
        return (
            f"Submitted {when(meeting.submitted_at)}; you can still make changes, and they are marked.",
            "good",
        )
    if days_off:
        return f"{' · '.join(days_off)} on that day: it counts as excused unless you hold or move it.", "warn"
    return _preparation_deadline(meeting.preparation_due, now)


def _preparation_deadline(due: datetime, now: datetime) -> tuple[str, str]:
    time_left = due - now
    if time_left <= timedelta(0):
        return f"Preparation was due {when(due)} and is not submitted yet.", "bad"
    if time_left.days < 1:
        return f"Preparation due {when(due)}, in {format_hours(time_left)}.", "warn"
    return f"Preparation due {when(due)}.", ""
