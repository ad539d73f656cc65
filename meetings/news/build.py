"""What happened to a row last, as one sentence, for whoever did not do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from alignment.models import User
from alignment.rules.formatting import DAYS, beginning, clock, day
from alignment.rules.roles import Role, Side
from deals.models import Deal
from deals.rules.changes import parse_day
from meetings.models import HeadsUp, Initiative, Issue, Section
from meetings.news.queries import ChangedRow, changed_rows
from meetings.news.values import News, NewsItem, NewsTeam
from meetings.rules.questions import side_asked

LONGEST = timedelta(days=30)
"""What is older is no news, however long nobody has met."""
WEEK = timedelta(days=7)
LONGEST_DETAIL = 140


def news_of(teams: Sequence[NewsTeam], user: User, now: datetime) -> News:
    """What others did since the last meeting of each team, the newest first, after what waits for an answer here: one
    query.
    """
    if not teams:
        return News()
    windows = {team.seat.pk: max(filter(None, (team.since, now - LONGEST))) for team in teams}
    by_pk = {team.seat.pk: team for team in teams}
    events = [
        event
        for row in changed_rows(user, teams, min(windows.values()))
        if (event := _last_event(row, by_pk[row.team], user, windows[row.team])) is not None
    ]
    events += _preparations(teams, user)
    events += _heads_ups(teams, user, windows)
    newest_first = sorted(events, key=lambda event: (bool(event.heads_up), event.at), reverse=True)
    by_what: dict[tuple[str, int, str], Event] = {}
    for event in newest_first:
        by_what.setdefault((event.about, event.team, event.kind), event)
    return News(tuple(_item(event, by_pk[event.team], now) for event in by_what.values()))


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody did something at one time. Without `by` a file or the software did it."""

    kind: str
    about: str
    team: int
    at: datetime
    by: int | None
    verb: str
    title: str
    then: str = ""
    detail: str = ""
    heads_up: int | None = None
    """That waits for the reader’s answer."""


def _last_event(row: ChangedRow, team: NewsTeam, user: User, since: datetime) -> Event | None:
    """The last thing that happened to the row, if it did since then, somebody else did it, and it waits for nobody
    here already."""
    events = [event for event in KINDS[row.kind](row, team, user) if event.at > since]
    last = max(events, key=lambda event: event.at, default=None)
    return None if last is None or last.by == user.pk else last


def _event(row: ChangedRow, at: datetime | None, by: int | None, verb: str, **more: Any) -> Iterator[Event]:
    if at is not None:
        about = f"{row.about}-{row.pk}" if row.pk else row.about
        yield Event(row.kind, about, row.team, at, by, verb, **{"title": row.title, **more})


def _comment(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    is_answer = row.state == Issue.Kind.QUESTION and row.side != team.seat.side
    on_section = {} if row.title else {"title": Section(row.about).label}
    verb = "answered" if is_answer else "commented on"
    yield from _event(row, row.created_at, row.created_by, verb, detail=row.text, **on_section)


DECISIONS = {
    Initiative.Approval.AGREED.value: "approved",
    Initiative.Approval.FORMER.value: "approved",
    Initiative.Approval.NOT_YET.value: "requested changes to",
}


def _initiative(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    """What waits for the CEO stands among their requests, not here too."""
    waits = team.seat.role == Role.CEO and row.state in Initiative.UNDECIDED and row.ended_at is None
    if not waits:
        yield from _event(row, row.created_at, row.created_by, "added the initiative")
    if verb := DECISIONS.get(row.state):
        yield from _event(
            row, row.acted_at, row.acted_by, verb, detail=row.text if row.ended_at is None else ""
        )
    yield from _event(row, row.ended_at, row.ended_by, "completed", detail=row.text)
    if team.seat.side != Side.LEADER and not waits and row.changed_at not in _stamps(row):
        yield from _event(row, row.changed_at, None, "Updated:")


def _issue(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    is_question = row.state == Issue.Kind.QUESTION
    if not (is_question and side_asked(row.side) == team.seat.side):  # it waits for an answer here
        yield from _event(row, row.created_at, row.created_by, "asked" if is_question else "raised")
    yield from _event(row, row.acted_at, row.acted_by, "resolved", detail=row.text)


def _deal(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    verbs = {Deal.Status.WON.value: "won", Deal.Status.LOST.value: "lost"}
    if row.state in verbs:
        yield from _event(row, row.acted_at, row.acted_by, verbs[row.state])
    else:
        yield from _event(
            row, row.acted_at, row.acted_by, "moved", then=f"to {day(parse_day(row.state))}", detail=row.text
        )


def _risk(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    yield from _event(row, row.created_at, row.created_by, "added the risk", detail=row.text)
    yield from _event(row, row.ended_at, row.ended_by, "closed the risk", detail=row.text)
    is_theirs = team.seat.side != Side.LEADER and row.created_by != user.pk
    if is_theirs and row.changed_at not in _stamps(row):
        yield from _event(row, row.changed_at, None, "Updated risk:", detail=row.text)


def _commitment(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    if row.owner != user.pk:
        yield from _event(
            row, row.created_at, row.created_by, "committed to" if row.owner == row.created_by else "added"
        )
    yield from _event(row, row.acted_at, row.acted_by, "completed")
    yield from _event(row, row.ended_at, row.ended_by, "dropped", detail=row.text)


def _decision(row: ChangedRow, team: NewsTeam, user: User) -> Iterator[Event]:
    yield from _event(row, row.created_at, row.created_by, "decided")


def _stamps(row: ChangedRow) -> tuple[datetime | None, ...]:
    return row.created_at, row.acted_at, row.ended_at


KINDS: dict[str, Callable[[ChangedRow, NewsTeam, User], Iterator[Event]]] = {
    "comment": _comment,
    "initiative": _initiative,
    "issue": _issue,
    "deal": _deal,
    "risk": _risk,
    "commitment": _commitment,
    "decision": _decision,
}


def _preparations(teams: Sequence[NewsTeam], user: User) -> Iterator[Event]:
    for team in teams:
        if team.submitted_at and team.submitted_by != user.pk and team.seat.side != Side.LEADER:
            about = f"meeting-{team.seat.meeting}"
            by = team.submitted_by
            yield Event("meeting", about, team.seat.pk, team.submitted_at, by, "submitted", "the preparation")


ANSWERS = {HeadsUp.Answer.AGREED.value: "agreed with", HeadsUp.Answer.TALK.value: "wants to talk about"}


def _heads_ups(teams: Sequence[NewsTeam], user: User, windows: Mapping[int, datetime]) -> Iterator[Event]:
    """To the sales leader until they have answered, however old; to the CEO the answer."""
    for team in teams:
        for row in team.heads_ups:
            about, pk, title = f"headsup-{row.pk}", team.seat.pk, f"“{row.words}”"
            if row.leader == user.pk and row.answered_at is None:
                yield Event(
                    "heads-up", about, pk, row.at, row.ceo, "gives you a heads-up:", title, heads_up=row.pk
                )
            elif row.ceo == user.pk and row.answered_at is not None and row.answered_at > windows[pk]:
                yield Event("heads-up", about, pk, row.answered_at, row.leader, ANSWERS[row.answer], title)


def _item(event: Event, team: NewsTeam, now: datetime) -> NewsItem:
    name = team.names.get(event.by, "") if event.by else ""
    return NewsItem(
        about=event.about,
        team=team.seat.name,
        slug=team.slug,
        text=_who_did_what(event, name),
        title=event.title,
        then=event.then,
        detail=beginning(event.detail, LONGEST_DETAIL),
        at=event.at,
        at_in_words=_short_when(event.at, now),
        is_unread=event.heads_up is not None or team.read.is_unread(event.about, event.at),
        heads_up=event.heads_up,
    )


def _who_did_what(event: Event, name: str) -> str:
    """ "Joe answered"; without a person “Updated:”, “Won:”."""
    if event.by is None:
        return event.verb if event.verb.endswith(":") else f"{event.verb.capitalize()}:"
    return f"{name.split(' ')[0] or 'Somebody'} {event.verb}"


def _short_when(at: datetime, now: datetime) -> str:
    """The time today, the weekday within a week, else the day: "14:12", "Sat", "18 Nov"."""
    local, today = timezone.localdate(at), timezone.localdate(now)
    if local == today:
        return clock(at)
    return DAYS[local.weekday()][:3] if today - local < WEEK else day(at)
