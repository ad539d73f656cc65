"""What the leader still has to do before the meeting. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.agenda.chapters import (
    Check,
    DealsChapter,
    InitiativesChapter,
    IssuesChapter,
    RevenueChapter,
    RisksChapter,
)


def checklist(
    revenue: RevenueChapter,
    deals: DealsChapter,
    risks: RisksChapter,
    initiatives: InitiativesChapter,
    issues: IssuesChapter,
) -> tuple[Check, ...]:
    """Every check that applies, done or not, in the order of the agenda."""
    return (*_revenue(revenue), *_deals(deals), *_risks(risks), *_initiatives(initiatives), *_issues(issues))


def _revenue(chapter: RevenueChapter) -> Iterator[Check]:
    if chapter.behind:
        yield Check(
            "revenue", "Say what is being done about the gap", not chapter.needs_words, "words-revenue"
        )
        yield Check(
            "revenue", "Commit to at least one thing for the gap", not chapter.needs_promise, "revenue"
        )
    for promise in chapter.promised:
        if promise.late or promise.state != "open":
            yield Check(
                "revenue",
                f"Say whether it was kept: {promise.text}",
                not promise.is_open or promise.carried,
                f"commitment-{promise.id}",
            )


def _deals(chapter: DealsChapter) -> Iterator[Check]:
    for row in chapter.rows:
        if row.status == "won":
            yield Check("deals", f"Capacity needed for {row.title}", not row.needs_capacity, f"deal-{row.id}")
        elif "pushed_out" in row.kinds:
            yield Check("deals", f"Why {row.title} was pushed", not row.needs_reason, f"deal-{row.id}")


def _risks(chapter: RisksChapter) -> Iterator[Check]:
    for row in chapter.open_rows:
        yield Check("risks", f"Action, owner and day for {row.title}", not row.lacks_action, f"risk-{row.id}")
        if row.is_stale:
            yield Check("risks", f"What is new on {row.title}", not row.needs_words, f"risk-{row.id}")


def _initiatives(chapter: InitiativesChapter) -> Iterator[Check]:
    for row in chapter.rows:
        if not row.finished:
            text = f"Progress on {row.title}"
            yield Check(
                "initiatives", text, not row.needs_words, f"initiative-{row.id}", row.pair_only, row.readers
            )


def _issues(chapter: IssuesChapter) -> Iterator[Check]:
    for row in chapter.rows:
        if row.kind == "question" and row.side == "ceo" and not row.solved:
            answered = row.leader_words is not None
            yield Check(
                "issues", f"Answer: {row.title}", answered, f"issue-{row.id}", row.pair_only, row.readers
            )
