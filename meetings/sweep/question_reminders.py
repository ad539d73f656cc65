"""When a sales leader is told of what waits for an answer: a question, once a day at most for all that are open by
then; a file at the upload address, once until somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q

from alignment.models import Notice, Seat
from alignment.rules.roles import Role, Side
from alignment.rules.zones import zone_named
from deals.models import ImportRun
from meetings.models import Issue
from meetings.sweep.local_hours import moment_of
from meetings.sweep.reminder import Reminder, ReminderKind

RECENTLY = timedelta(days=3)
"""An older question is on the checklist of the preparation anyway."""


class NewQuestion(NamedTuple):
    """A question to a team's sales leader that no mail has announced yet."""

    issue: int
    user: int
    zone: str
    company: int | None
    last_told: datetime | None
    """When a mail about questions was last sent to them."""


def find_unannounced(now: datetime) -> Iterator[NewQuestion]:
    unanswered = Issue.objects.unanswered_by(Side.LEADER).filter(created_at__gt=now - RECENTLY)
    questions = list(unanswered.order_by("created_at", "pk").values_list("pk", "team", "created_at"))
    if not questions:
        return
    leaders = Seat.objects.current().filter(
        role=Role.LEADER, user__is_active=True, team__in={team for _, team, _ in questions}
    )
    leader_of = {seat.team_id: seat for seat in leaders.select_related("user", "team")}
    announced = _Announced({seat.user_id for seat in leader_of.values()}, now)
    for issue, team, created_at in questions:
        seat = leader_of.get(team)
        if seat and not announced.covers(issue, seat.user_id, created_at):
            last_told = announced.last_sent_to(seat.user_id)
            yield NewQuestion(issue, seat.user_id, seat.user.timezone, seat.team.company_id, last_told)


class _Announced:
    """The mails about questions that these people were sent lately, or will be sent."""

    def __init__(self, users: set[int], now: datetime) -> None:
        recent = Q(sent_at=None, closed_at=None) | Q(created_at__gt=now - 2 * RECENTLY)
        notices = Notice.objects.filter(recent, kind="question", to__in=users)
        self.rows = list(notices.values_list("to", "key", "sent_at", "closed_at"))

    def covers(self, issue: int, user: int, created_at: datetime) -> bool:
        """Whether a mail told of it, is about to, or was called off for it: a mail lists all open questions."""
        return any(
            key == f"question:issue-{issue}:{user}"
            or (to == user and (sent_at >= created_at if sent_at else closed_at is None))
            for to, key, sent_at, closed_at in self.rows
        )

    def last_sent_to(self, user: int) -> datetime | None:
        return max((sent_at for to, _, sent_at, _ in self.rows if to == user and sent_at), default=None)


def remind_of_questions(rows: Sequence[NewQuestion], now: datetime) -> Iterator[Reminder]:
    """One mail a person, not before the next day where one was sent today in their zone."""
    first = {row.user: row for row in reversed(rows)}
    for row in first.values():
        zone, last = zone_named(row.zone), row.last_told
        today = now.astimezone(zone).date()
        is_told_today = last is not None and last.astimezone(zone).date() == today
        at = moment_of(today + timedelta(days=1), time(), row.zone) if is_told_today else now
        yield Reminder("question", f"issue-{row.issue}", row.user, row.company, at)


QUESTION = ReminderKind(
    name="question",
    unit="question",
    find=find_unannounced,
    remind=remind_of_questions,
    id_of=lambda row: row.issue,
)


class WaitingUpload(NamedTuple):
    """The oldest file of a team that waits for a person and that nobody has looked at."""

    run: int
    user: int
    company: int | None


def find_waiting_uploads(now: datetime) -> Iterator[WaitingUpload]:
    """Those that no mail has announced. A team with an announced one waits for somebody to look at that first."""
    waiting = ImportRun.objects.waiting_unseen().order_by("pk")
    oldest: dict[int | None, int] = {}
    for team, run in waiting.values_list("team", "pk"):
        oldest.setdefault(team, run)
    if not oldest:
        return
    leaders = Seat.objects.current().filter(role=Role.LEADER, user__is_active=True, team__in=oldest)
    rows = [
        WaitingUpload(oldest[team], user, company)
        for team, user, company in leaders.values_list("team", "user", "team__company")
    ]
    announced = Notice.objects.filter(key__in=[reminder.key for reminder in remind_of_uploads(rows, now)])
    keys = set(announced.values_list("key", flat=True))
    for row, reminder in zip(rows, remind_of_uploads(rows, now), strict=True):
        if reminder.key not in keys:
            yield row


def remind_of_uploads(rows: Sequence[WaitingUpload], now: datetime) -> Iterator[Reminder]:
    for row in rows:
        yield Reminder("waiting_upload", f"run-{row.run}", row.user, row.company, now, {"run": row.run})


WAITING_UPLOAD = ReminderKind(
    name="waiting upload",
    unit="upload",
    find=find_waiting_uploads,
    remind=remind_of_uploads,
    id_of=lambda row: row.run,
)
