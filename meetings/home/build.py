"""home(): reads a fixed number of queries and puts the page together by the reader's seats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from alignment.models import User
from alignment.periods import Period, quarter_of
from alignment.templatetags.figures import MoneyFormat, clock, when
from alignment.templatetags.figures import day as short_day
from deals.revenue import goal_to_date, shares_gone
from meetings.agenda import Agenda, build, read
from meetings.agenda.headline import counted
from meetings.first_days import DAYS, Tenure, newly_seated
from meetings.home.read import Figures, Owed, figures_of, owed_by, teams_of
from meetings.home.rows import Seen, acknowledged, in_hours, seen, team_row
from meetings.home.values import Due, Group, Home, Lead, Next, Standing, TeamRow, Wait

SHOWN = 8
NEW = timedelta(days=DAYS)
SEARCHED_FROM = 13
"""Teams from which on the page can be searched."""
TITLES = {
    "ceo": "Your teams",
    "leader": "Other teams you lead",
    "reader": "Teams you read",
    "admin": "Teams of your company",
}


def home(user: User, now: datetime, *, query: str = "") -> Home:
    """What the reader should look at now, by the seats they hold; without a seat the facts an admin may see."""
    all_seen = [seen(row) for row in teams_of(user, now)]
    lead = next(iter(sorted((each for each in all_seen if each.part == "leader"), key=_by_start)), None)
    listed = [each for each in all_seen if each is not lead]
    rows = _rows(listed, user, now)
    groups = _groups(listed, rows, query)
    agenda = _agenda(lead, user, now)
    owed = owed_by(user) if listed or agenda is None else _own(agenda, user)
    waits = [*_first_days(all_seen, user, now), *_waits(all_seen, owed)]
    dues = _dues(owed, all_seen, now)
    return Home(
        greeting=f"{_part_of_day(now)}, {user.first_name}", lede=_lede(listed, rows, now), lead=_lead(lead, agenda, user, now),
        groups=groups, waits=tuple(waits[:SHOWN]), dues=tuple(dues[:SHOWN]), more_waits=max(0, len(waits) - SHOWN),
        more_dues=max(0, len(dues) - SHOWN), query=query, searchable=len(listed) >= SEARCHED_FROM or bool(query),
        takes_part=any(each.part in ("ceo", "leader") for each in all_seen),
    )  # fmt: skip


def _part_of_day(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _say_a_word(missed: int) -> str:
    many = "meeting" if missed < 2 else f"{missed} meetings missed in a row"
    return f"Say a word to the {'missed ' if missed < 2 else ''}{many}"


def _by_start(each: Seen) -> tuple[bool, datetime, str]:
    """In session first, then by the next meeting's start; those without one last."""
    if each.next is None:
        return True, datetime.max.replace(tzinfo=timezone.get_current_timezone()), each.name
    return not each.next.in_session, each.next.starts_at, each.name


# Rows


@dataclass(frozen=True, slots=True)
class Day:
    """What the teams of one company in one zone have in common today."""

    quarter: Period
    figures: Figures
    pace: dict[date, Decimal]
    m: MoneyFormat


def _rows(listed: Sequence[Seen], user: User, now: datetime) -> dict[int, TeamRow]:
    days: dict[tuple[int, str], Day] = {}
    read: dict[Period, Figures] = {}
    near = cache(when)  # many teams meet at the same hour
    shown = {}
    for each in listed:
        day = days.get((each.company, each.zone))
        if day is None:
            day = days[each.company, each.zone] = _day_of(each, user, now, read)
        shown[each.pk] = team_row(each, _standing(each, day) if each.role else None, day.figures, now, near)
    return shown


def _day_of(each: Seen, user: User, now: datetime, read: dict[Period, Figures]) -> Day:
    """`read` holds the figures of each quarter; nearly always all teams are in the same one, and it is one query."""
    today = now.astimezone(ZoneInfo(each.zone)).date()
    quarter = quarter_of(today, first_month=each.first_month)
    if quarter not in read:
        read[quarter] = figures_of(user, quarter, today=today, now=now)
    holidays = read[quarter].holidays.get(each.company, set())
    pace = shares_gone(quarter, today=today, holidays=holidays)
    return Day(quarter, read[quarter], pace, MoneyFormat(each.currency, user.locale))


def _standing(each: Seen, day: Day) -> Standing:
    goals = day.figures.goals.get(each.pk, {})
    missing = tuple(month for month in day.pace if month not in goals)
    return Standing(
        m=day.m,
        since=day.quarter.start,
        actual=day.figures.actual.get(each.pk, Decimal(0)),
        goal=None if missing else sum(goals.values(), Decimal(0)),
        due=None if missing else goal_to_date(goals, day.pace),
        missing=missing,
    )


def _groups(listed: Sequence[Seen], rows: dict[int, TeamRow], query: str) -> tuple[Group, ...]:
    wanted = query.casefold()
    groups = []
    for part, title in TITLES.items():
        theirs = sorted((each for each in listed if each.part == part), key=_by_start)
        found = [rows[each.pk] for each in theirs if wanted in f"{each.name} {each.leader}".casefold()]
        if found:
            groups.append(Group(title, part, tuple(found)))
    return tuple(groups)


# The first sentence


def _lede(listed: Sequence[Seen], rows: dict[int, TeamRow], now: datetime) -> str:
    """How many meetings today, and which team needs the CEO most."""
    mine = sorted((each for each in listed if each.part == "ceo"), key=_by_start)
    if not mine:
        return ""
    return f"{_today(mine, now)} {_needs_most([(each, rows[each.pk]) for each in mine])}".strip()


def _today(mine: Sequence[Seen], now: datetime) -> str:
    today = timezone.localtime(now).date()
    ahead = [(each.name, each.next) for each in mine if each.next]
    of_today = [
        (name, meeting) for name, meeting in ahead if timezone.localtime(meeting.starts_at).date() == today
    ]
    if len(of_today) == 1:
        return f"One meeting today: {of_today[0][0]} at {clock(of_today[0][1].starts_at)}."
    if of_today:
        return f"{counted(len(of_today), 'meeting').capitalize()} today."
    return (
        f"No meeting today; the next is {ahead[0][0]}, {when(ahead[0][1].starts_at)}."
        if ahead
        else "No meeting is planned."
    )


def _needs_most(mine: Sequence[tuple[Seen, TeamRow]]) -> str:
    row = max((row for _, row in mine), key=lambda row: row.need)
    why = (
        f"{row.why[0].lower()}{row.why[1:]}".replace("the gap", "its gap", 1)
        if row.why
        else "it is behind its goal to date."
    )
    if row.need >= 0.01:
        return row.why if len(mine) == 1 else f"{row.name} needs you most: {why}"
    if len(mine) == 1:
        return row.why
    without = sum(row.standing is not None and row.standing.gap is None for _, row in mine)
    if without:
        return f"{counted(without, 'team').capitalize()} {'has' if without == 1 else 'have'} no goal for the quarter."
    return "Every team is at or ahead of its goal to date."


# What waits


def _own(agenda: Agenda, user: User) -> list[Owed]:
    """Of somebody who only leads one team: their open commitments stand on its agenda already."""
    mine = (promise for promise in agenda.promises if promise.owner.id == user.pk and promise.is_open)
    return sorted(
        (Owed("commitment", each.id, 0, each.text, each.due) for each in mine),
        key=lambda each: (each.due, each.id),
    )


def _waits(all_seen: Sequence[Seen], owed: Sequence[Owed]) -> list[Wait]:
    by_pk = {each.pk: each for each in all_seen}
    join = [
        Wait("Join the meeting in session", reverse("meetings:present", args=[each.next.id]), each.name)
        for each in all_seen
        if each.is_pair and each.next and each.next.in_session
    ]
    rate = [
        Wait(f"Rate the meeting of {short_day(at)}", reverse("meetings:rate", args=[pk]), each.name)
        for each in all_seen
        if each.is_pair and each.unrated
        for pk, at in [each.unrated]
        if each.since is None or at.date() >= each.since
    ]
    flags = [
        Wait(_say_a_word(each.missed), f"{reverse('meetings:team', args=[each.slug])}#flag", each.name)
        for each in all_seen
        if (each.is_pair or each.part == "admin") and each.flag and not each.flag.word
    ]
    asked = [_asked(each, by_pk[each.team]) for each in owed if each.kind != "commitment"]
    return [*join, *flags, *asked, *rate]


def _first_days(all_seen: Sequence[Seen], user: User, now: datetime) -> Iterator[Wait]:
    """Of a seat taken over within 90 days; asked only of whoever has a seat so new."""
    new = [each.pk for each in all_seen if each.is_pair and each.since and each.since > now.date() - NEW]
    for seat in newly_seated(user, new, now) if new else ():
        day = Tenure(seat.since, seat.team.today(now)).day
        href = reverse("meetings:first_days", args=[seat.team.slug])
        yield Wait(f"Your first 90 days: day {day}", href, seat.team.name)


def _asked(owed: Owed, team: Seen) -> Wait:
    kind, verb = ("initiative", "Agree to") if owed.kind == "agree" else ("issue", "Answer")
    if team.next:
        href = f"{reverse('meetings:review', args=[team.next.id])}#{kind}-{owed.id}"
    else:
        href = reverse(f"meetings:{kind}_edit", args=[owed.id])
    return Wait(f"{verb} “{owed.text}”", href, team.name)


def _dues(owed: Sequence[Owed], all_seen: Sequence[Seen], now: datetime) -> list[Due]:
    today = timezone.localtime(now).date()
    return [
        Due(each.id, each.text, _due_in_words(each.due, today), each.due < today)
        for each in owed
        if each.kind == "commitment" and each.due
    ]


def _due_in_words(due: date, today: date) -> str:
    late = (today - due).days
    if late > 0:
        return f"{late} day{'' if late == 1 else 's'} late"
    return {0: "today", -1: "tomorrow"}.get(late) or short_day(due)


# The leader's block


def _agenda(lead: Seen | None, user: User, now: datetime) -> Agenda | None:
    if lead is None or lead.next is None:
        return None
    return build(read.pages().get(pk=lead.next.id), user, now)


def _lead(lead: Seen | None, agenda: Agenda | None, user: User, now: datetime) -> Lead | None:
    if lead is None:
        return None
    deadline, tone = _deadline(lead.next, now, lead.off)
    return Lead(
        team=lead.name, slug=lead.slug, m=MoneyFormat(lead.currency, user.locale), next=lead.next,
        deadline=deadline, tone=tone, agenda=agenda, last=lead.last, outcomes=tuple(reversed(lead.outcomes)),
        red=lead.is_red, acknowledged=acknowledged(lead),
    )  # fmt: skip


def _deadline(ahead: Next | None, now: datetime, off: Sequence[str] = ()) -> tuple[str, str]:
    """What the leader must do by when, as one sentence, with its tone."""
    if ahead is None:
        return "No meeting is planned.", ""
    if ahead.in_session:
        return "The meeting is in session.", "good"
    if ahead.handed_in_at:
        return f"Handed in {when(ahead.handed_in_at)}; changes are still possible and are marked.", "good"
    if off:
        return f"{' · '.join(off)} on that day: it counts as excused unless you hold or move it.", "warn"
    left = ahead.preparation_due - now
    if left.total_seconds() <= 0:
        return f"The preparation was due {when(ahead.preparation_due)} and is not handed in.", "bad"
    time_left = in_hours(left) if left.days < 1 else counted(left.days, "day")
    return (
        f"The preparation is due in {time_left}, {when(ahead.preparation_due)}.",
        "warn" if left.days < 1 else "",
    )
