"""What was committed of one deal, and why it will close: a part of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from alignment.models import User
from alignment.permissions import has_permission, speaks_for_ceo
from alignment.rules.periods import Period
from alignment.rules.roles import Role
from deals.committed.evidence import fresh_answers
from deals.committed.queries import judge_rows, period_key
from deals.models import CommittedDeal, Deal, Evidence
from deals.pages.committed_lines import describe_result, tone_of
from deals.registry.commits import pending_commit
from deals.rules.commits import Commit, JudgedCommit
from deals.rules.evidence import FACTS, can_close_in_time, current_commit, is_needed, is_standing, last_slip


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """The deal in the commit of one period, and what came of it."""

    period: Period
    row: CommittedDeal
    judged: JudgedCommit
    deal: Deal

    @property
    def label(self) -> str:
        return self.judged.result.outcome.label

    @property
    def tone(self) -> str:
        return tone_of(self.judged.result)

    @property
    def what_came(self) -> str:
        return describe_result(self.judged.result, self.judged.commit, self.deal)

    @property
    def url(self) -> str:
        """The page of the period."""
        page = reverse("deals:team_committed", args=(self.deal.team.slug,))
        return f"{page}?period={period_key(self.period)}"

    @property
    def commit(self) -> Commit:
        """From the earlier day, where the deal and one that was merged into it were both committed."""
        return self.judged.commit

    @property
    def is_late(self) -> bool:
        return self.judged.is_late_add

    @property
    def left_on(self) -> date | None:
        left_at = self.commit.left_at
        return self.row.team.today(left_at) if left_at else None


@dataclass(frozen=True, slots=True)
class DealCommitted:
    """`answers` are those that hold now; `earlier` were given before the deal slipped."""

    lines: tuple[CommitmentLine, ...]
    current: CommittedDeal
    answers: tuple[Evidence, ...]
    earlier: tuple[Evidence, ...]
    is_asked_for: bool
    requested_at: datetime | None
    requested_by: str
    can_answer: bool
    can_request: bool
    sees_contacts: bool


def _readable(rows: list[CommittedDeal], deal: Deal, reader: User) -> list[CommittedDeal]:
    """As the commit stood before what waits for its meeting, for whoever may not read that yet. A query, if any."""
    hidden_since = pending_commit(deal.team, reader).hidden_since if rows else None
    if hidden_since is None:
        return rows
    known = [row for row in rows if row.committed_at < hidden_since]
    for row in known:
        if row.left_at and row.left_at >= hidden_since:
            row.left_at = None
    return known


def committed_of(deal: Deal, reader: User, now: datetime) -> DealCommitted | None:
    """None for a deal that the reader's team never committed. Three queries, one more where it went elsewhere.

    What was committed of a deal that was merged into this one is this one's.
    """
    today = deal.team.today(now)
    visible = CommittedDeal.objects.visible_to(reader).of_deal(deal)
    rows = _readable(
        list(
            visible.select_related("evidence_request__by").prefetch_related(
                "evidence__contact", "evidence__by"
            )
        ),
        deal,
        reader,
    )
    current = current_commit(rows, today=today)
    if current is None:
        return None
    for row in rows:
        row.team = deal.team
    is_open = deal.status == Deal.Status.OPEN
    slip = last_slip((row.period_end for row in rows), today=today) if is_open else None
    answers = fresh_answers(rows, deal.team, slip)
    every_answer = fresh_answers(rows, deal.team, None)
    request = getattr(current, "evidence_request", None)
    is_committed = is_open and is_standing(current, today=today)
    has_facts = any(answer.kind in FACTS for answer in answers)
    return DealCommitted(
        lines=tuple(
            CommitmentLine(judged.commit.period, row, judged, deal)
            for row, judged in zip(rows, judge_rows(deal, rows, today=today), strict=True)
            if not judged.commit.is_merged
        ),
        current=current,
        answers=tuple(answers),
        earlier=tuple(answer for answer in every_answer if answer not in answers),
        is_asked_for=is_committed
        and can_close_in_time(current, deal.close_date, today=today)
        and is_needed(
            [answer.at for answer in answers],
            is_big=deal.team.is_big_deal(current.amount),
            slip=slip,
            requested_at=request.at if request else None,
        ),
        requested_at=request.at if request else None,
        requested_by=request.by.name if request and request.by else "",
        can_answer=is_open and deal.can_edit(reader),
        can_request=is_committed and not has_facts and has_permission(reader, deal.team, speaks_for_ceo),
        sees_contacts=deal.team.role_of(reader) != Role.OBSERVER,
    )
