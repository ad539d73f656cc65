"""home(): reads a fixed number of queries and arranges the page by the reader's seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from alignment.models import User
from alignment.rules.folding import search_key, unaccented
from alignment.rules.formatting import MoneyFormat, clock, counted, when
from alignment.rules.formatting import day as short_day
from alignment.rules.roles import PRINCIPAL_SIDES
from deals.rules.pace import shape_of, sum_months
from deals.rules.revenue import Standing, standing_at
from meetings.agenda import Agenda, build
from meetings.agenda.queries import pages
from meetings.home.action_items import action_items
from meetings.home.addresses import Addresses
from meetings.home.attention import most_urgent
from meetings.home.queries import (
    OpenCommitment,
    days_off_near,
    goals_and_revenue_of,
    open_commitments_of,
    pushed_deals_of,
    teams_of,
)
from meetings.home.team_order import by_start
from meetings.home.team_rows import RowContext, acknowledged, format_hours, team_row
from meetings.home.team_snapshots import TeamSnapshot, team_snapshot
from meetings.home.values import Figures, Group, Home, Lead, Next, OwnCommitment, QuarterStanding, TeamRow
from meetings.rules.escalation import STEPS
from meetings.rules.overdue import became_overdue

MAX_SHOWN = 8
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
    commitments = _commitments(teams, user, now) if listed or agenda is None else []
    own = [commitment for commitment in commitments if commitment.owner == user.pk]
    own = own or _commitments_on_agenda(agenda, user)
    addresses = Addresses()
    team_rows = _team_rows(listed, commitments, user, now, addresses)
    items = action_items(teams, user, now, addresses)
    return Home(
        greeting=f"{_greeting(now)}, {user.first_name}",
        lede=_lede(listed, team_rows, now),
        lead=_lead_block(lead, agenda, user, now),
        groups=_groups(listed, team_rows, query),
        action_items=tuple(items[:MAX_SHOWN]),
        more_action_items=max(0, len(items) - MAX_SHOWN),
        commitments=_own_commitments(own[:MAX_SHOWN], now),
        more_commitments=max(0, len(own) - MAX_SHOWN),
        query=query,
        searchable=len(listed) >= SEARCHED_FROM or bool(query),
        takes_part=any(team.part in PRINCIPAL_SIDES for team in teams),
    )


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


# Rows


def _team_rows(
    teams: Sequence[TeamSnapshot],
    commitments: Sequence[OpenCommitment],
    user: User,
    now: datetime,
    addresses: Addresses,
) -> dict[int, TeamRow]:
    if not teams:
        return {}
    pushed = pushed_deals_of([team.pk for team in teams if team.own], now)
    overdue = _count_overdue(teams, commitments)
    pks = [team.pk for team in teams]
    figures = {  # nearly always all teams are in the same quarter
        quarter: Figures(*goals_and_revenue_of(pks, quarter, first_month=first_month), overdue, pushed)
        for quarter, first_month in {team.quarter: team.first_month for team in teams}.items()
    }
    context = RowContext(now, addresses)
    rows = {}
    for team in teams:
        money = MoneyFormat(team.currency, user.locale)
        standing = _standing(team, figures[team.quarter], money) if team.role else None
        rows[team.pk] = team_row(team, standing, figures[team.quarter], context)
    return rows


def _count_overdue(teams: Sequence[TeamSnapshot], commitments: Sequence[OpenCommitment]) -> Counter[int]:
    """Of each team how many commitments have become overdue, where it is, since its last meeting."""
    by_pk = {team.pk: team for team in teams}
    return Counter(
        commitment.team
        for commitment in commitments
        if (team := by_pk.get(commitment.team)) is not None
        and became_overdue(commitment.due, today=team.today, since=team.last_closed_on)
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
    """How many meetings today, and which team needs the CEO most."""
    own = sorted((team for team in teams if team.part == "ceo"), key=by_start)
    if not own:
        return ""
    return f"{_meetings_today(own, now)} {most_urgent([rows[team.pk] for team in own])}".strip()


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
    if ahead:
        name, start = ahead[0]
        return f"No meeting today; the next is {name}, {when(start)}."
    return "No meeting is planned."


# Commitments


def _commitments(teams: Sequence[TeamSnapshot], user: User, now: datetime) -> list[OpenCommitment]:
    seated = [team.pk for team in teams if team.own]
    paired = [team.pk for team in teams if team.is_principal]
    return open_commitments_of(user, now, seated=seated, paired=paired) if seated else []


def _commitments_on_agenda(agenda: Agenda | None, user: User) -> list[OpenCommitment]:
    """Of somebody who only leads one team: their open commitments are on its agenda already."""
    own = (
        OpenCommitment(commitment.id, 0, commitment.text, commitment.due, user.pk)
        for commitment in (agenda.commitments if agenda else ())
        if commitment.owner.id == user.pk and commitment.is_open
    )
    return sorted(own, key=lambda commitment: (commitment.due, commitment.pk))


def _own_commitments(commitments: Sequence[OpenCommitment], now: datetime) -> tuple[OwnCommitment, ...]:
    today = timezone.localtime(now).date()
    return tuple(
        OwnCommitment(
            id=commitment.pk,
            text=commitment.text,
            due=_describe_due(commitment.due, today),
            is_overdue=commitment.due < today,
        )
        for commitment in commitments
    )


def _describe_due(due: date, today: date) -> str:
    days_overdue = (today - due).days
    if days_overdue > 0:
        return f"{days_overdue} day{'' if days_overdue == 1 else 's'} overdue"
    return {0: "today", -1: "tomorrow"}.get(days_overdue) or short_day(due)


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
    )


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
