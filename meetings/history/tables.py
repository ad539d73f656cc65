"""What stands beside the charts: gap, preparation, hit rate, rating, and the first 90 days of whoever is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import NamedTuple

from django.urls import reverse

from alignment.rules.formatting import day, number_of, signed
from alignment.rules.roles import PRINCIPAL_ROLES
from deals.committed.queries import read_committed
from deals.rules.commits import Outcome as CommitOutcome
from deals.rules.commits import hit_rate
from meetings.history.calls import CalledPeriod
from meetings.history.commitments import commitments_in_words
from meetings.history.queries import Due
from meetings.history.values import Scope
from meetings.models import Meeting
from meetings.rules.first_days import DAYS, Tenure
from meetings.rules.outcomes import Outcome, PastMeeting
from meetings.rules.team_history import Tally, Term


class HistoryFact(NamedTuple):
    """One line: what it is, what it was over the span, what stands behind it, and where that can be read."""

    label: str
    text: str
    detail: str = ""
    path: str = ""


def preparation_fact(scope: Scope, past: Iterable[PastMeeting]) -> HistoryFact:
    """Of the meetings that were held or missed in the span."""
    prepared = [
        meeting.prepared
        for meeting in past
        if meeting.prepared is not None
        and meeting.outcome != Outcome.EXCUSED
        and scope.span.contains(scope.team.today(meeting.starts_at))
    ]
    tally = Tally(sum(row.is_good for row in prepared), len(prepared))
    late = sum(row.is_late for row in prepared)
    absent = sum(not row.is_submitted for row in prepared)
    detail = ", ".join(
        f"{count} {word}" for count, word in ((late, "late"), (absent, "not submitted")) if count
    )
    text = tally.in_words if tally.whole else "no meeting yet"
    return HistoryFact("Preparation on time and complete", text, detail)


def gap_fact(scope: Scope, meetings: Iterable[Meeting]) -> HistoryFact:
    """The gap of the quarter to date as it stood at the end of the meetings, from the first to the last."""
    gaps = [(meeting.gap, meeting) for meeting in meetings if meeting.gap is not None]
    label = "Gap, as it stood in the meetings"
    if not gaps:
        return HistoryFact(label, "none recorded")
    (first, begun), (last, ended) = gaps[0], gaps[-1]
    path = reverse("meetings:review", args=(ended.pk,))
    if begun == ended:
        return HistoryFact(label, signed(last, scope.m), f"on {day(ended.starts_at)}", path)
    lowest = min(amount for amount, _ in gaps)
    return HistoryFact(
        label,
        f"{signed(first, scope.m)} → {signed(last, scope.m)}",
        f"{day(begun.starts_at)} to {day(ended.starts_at)}, lowest {signed(lowest, scope.m)}",
        path,
    )


def hit_rate_fact(scope: Scope, periods: Sequence[CalledPeriod]) -> HistoryFact:
    """Over the called periods that are over. One query, and at most two more; none without such a period."""
    label, over = "Committed deals won", [row.period for row in periods if row.is_over]
    if not over:
        return HistoryFact(label, "no period is over yet")
    share = hit_rate(read_committed(scope.team, over, today=scope.today)).share
    path = reverse("deals:team_committed", args=(scope.team.slug,))
    if not share.whole.number:
        return HistoryFact(label, "none decided", "", path)
    text = Tally(share.part.number, share.whole.number).in_words
    labels = f"{over[-1].label} to {over[0].label}" if len(over) > 1 else over[0].label
    return HistoryFact(label, text, f"in {labels}; {CommitOutcome.SLIPPED} and lost count against it", path)


def rating_fact(scope: Scope, meetings: Iterable[Meeting], now: datetime) -> HistoryFact:
    """The average of both, the reader's own first; only of meetings whose ratings everybody on the team sees."""
    by_role: dict[str, list[int]] = defaultdict(list)
    number = 0
    for meeting in meetings:
        rows = vars(meeting)["rating_rows"]
        if rows and meeting.ratings_are_shown((row.role for row in rows), now=now):
            number += 1
            for row in rows:
                by_role[row.role].append(row.score)
    texts = [f"{scope.name_of(side)} {fmean(by_role[side]):.1f}" for side in scope.sides if by_role.get(side)]
    if not texts:
        return HistoryFact("Rating", "no ratings")
    return HistoryFact("Rating, 1 to 10", ", ".join(texts), f"average over {number_of(number, 'meeting')}")


def first_days_facts(
    scope: Scope, past: Sequence[PastMeeting], due: Sequence[Due]
) -> tuple[HistoryFact, ...]:
    """Of each principal whose first 90 days lie in the span, and who followed somebody: their own, no comparison."""
    changed = {(change.role, change.name) for change in scope.changes}
    terms = [
        term
        for role in PRINCIPAL_ROLES
        for term in scope.terms
        if term.role == role and term.until is None and (role, term.name) in changed
    ]
    return tuple(_first_days(scope, term, past, due) for term in terms)


def _first_days(scope: Scope, term: Term, past: Sequence[PastMeeting], due: Sequence[Due]) -> HistoryFact:
    tenure, last = Tenure(term.since, scope.today), term.since + timedelta(days=DAYS - 1)
    outcomes = [
        meeting.counts_for(term.side)
        for meeting in past
        if term.since <= scope.team.today(meeting.starts_at) <= last
    ]
    held = outcomes.count(Outcome.HELD)
    all_due = [fact for fact in due if fact.owner == term.user and term.since <= fact.day <= last]
    commitments = Tally(sum(fact.on_time for fact in all_due), len(all_due))
    meetings = held + outcomes.count(Outcome.MISSED)
    is_principal = scope.team.is_principal(scope.reader)
    which = f"day {tenure.day} of {DAYS}" if tenure.is_new else "they are over"
    return HistoryFact(
        f"First {DAYS} days of {term.name}",
        f"{held} of {number_of(meetings, 'meeting')} held, {commitments_in_words(commitments)}",
        f"since {day(term.since)}, {which}",
        reverse("meetings:first_days", args=(scope.team.slug,)) if is_principal and tenure.is_new else "",
    )
