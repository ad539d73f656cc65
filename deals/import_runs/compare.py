"""The rows of a file beside what is known, as rows of the run. Nothing else is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Count, Sum

from deals.import_runs import files
from deals.import_runs.kinds.registry import KINDS
from deals.import_runs.owners import OwnerDirectory
from deals.import_runs.plan import PlanContext, Planner
from deals.import_runs.scopes import ImportScope, scope_of, terms_of
from deals.imports.answers import Answers
from deals.imports.kinds.rows import ReadRow, Verdict
from deals.imports.understanding import read
from deals.models import ImportRow, ImportRun, RevenueEntry
from deals.models.revenue import month_of_day

AT_ONCE = 1000
"""Rows compared in a fixed number of queries."""
Item = TypeVar("Item")
Progress = Callable[[int], None]
"""Told how many rows are done."""


def compare(run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Make the rows of the run anew, and what they come to. Raises TableError."""
    run.rows.all().delete()
    context = plan_context(run, now=now)
    planner = KINDS[run.kind].planner(context)
    content = files.load(run)
    rows = read(content, kind=run.kind, terms=terms_of(run, now), answers=Answers.from_json(run.answers))
    done = 0
    headers = [column["header"] or column["key"] for column in run.understanding.get("columns", ())]
    for chunk in chunks(rows, AT_ONCE):
        ImportRow.objects.bulk_create(plan_chunk(chunk, planner, context, headers))
        done += len(chunk)
        progress(done)
    for missing in chunks(planner.finish(), AT_ONCE):
        ImportRow.objects.bulk_create(missing)
    run.summary = summarize(run, context)


def plan_context(run: ImportRun, *, now: datetime) -> PlanContext:
    scope, source = scope_of(run), run.understanding.get("source", "")
    owners = OwnerDirectory(scope, source=source, choices=run.owner_choices)
    return PlanContext(
        run=run,
        scope=scope,
        source=source,
        owners=owners,
        now=now,
        owner_at=next(
            (
                at
                for at, column in enumerate(run.understanding.get("columns", ()))
                if column["role"] == "owner"
            ),
            None,
        ),
        is_complete=run.answers.get("completeness") == "all",
    )


def plan_chunk(
    chunk: list[ReadRow], planner: Planner, context: PlanContext, headers: list[str]
) -> list[ImportRow]:
    """Every row of the file as a row of the run, in the order of the file."""
    good = [row for row in chunk if row.values is not None]
    planned = {row.number: row for row in planner.plan([row.values for row in good if row.values])}
    for row in chunk:
        if row.values is None and _is_of_another_team(row, context):
            context.counts["other_teams"] += 1
        elif row.verdict == Verdict.REFUSED:
            planned[row.number] = context.refused(row.number, name=_first_cell(row), reason=row.reason)
        elif row.verdict == Verdict.LEFT_OUT and row.values is None:
            planned[row.number] = context.left_out(row.number, name=_first_cell(row), reason=row.reason)
    cells = {row.number: row.cells for row in chunk}
    for number, refused in planned.items():
        if refused.verdict == ImportRow.Verdict.REFUSED:
            refused.cells = named_cells(headers, cells[number])
    return [planned[number] for number in sorted(planned)]


def _is_of_another_team(row: ReadRow, context: PlanContext) -> bool:
    """Whether a row that cannot be read names an owner of another team: it is counted, and not listed."""
    if context.scope.team is None or context.owner_at is None or context.owner_at >= len(row.cells):
        return False
    owner = row.cells[context.owner_at]
    teams = context.owners.teams_of(owner)
    return bool(owner) and (
        context.owners.is_left_out(owner) or (bool(teams) and context.scope.team.pk not in teams)
    )


def named_cells(headers: list[str], cells: Iterable[str]) -> dict[str, str]:
    """Each header and its cell, in the order of the file; a second column of one name has its number beside it."""
    named: dict[str, str] = {}
    for at, cell in enumerate(cells):
        header = headers[at] if at < len(headers) else f"Column {at + 1}"
        named[header if header not in named else f"{header} ({at + 1})"] = str(cell)
    return named


def summarize(run: ImportRun, context: PlanContext) -> dict[str, Any]:
    """Counts, and the revenue of each month that changes."""
    counted = run.rows.order_by().values_list("verdict").annotate(Count("pk"))
    counts = Counter(dict(counted)) + context.counts
    return {"counts": dict(counts), "months": list(months(context.scope, context.months))}


def months(scope: ImportScope, changes: Mapping[tuple[date, str], Decimal]) -> Iterator[dict[str, str]]:
    """Each month and kind of revenue that changes, before and after. One query."""
    changed = {key: change for key, change in changes.items() if change}
    if not changed:
        return
    entries = RevenueEntry.objects.uncorrected().annotate(month=month_of_day())
    entries = entries.filter(team=scope.team) if scope.team else entries.filter(team__company=scope.company)
    sums = entries.filter(month__in={month for month, _ in changed}).order_by()
    before = {
        (month, kind): total
        for month, kind, total in sums.values_list("month", "kind").annotate(Sum("amount"))
    }
    for month, kind in sorted(changed):
        earlier = before.get((month, kind)) or Decimal(0)
        after = earlier + changed[month, kind]
        yield {"month": f"{month:%Y-%m}", "kind": kind, "before": str(earlier), "after": str(after)}


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _first_cell(row: ReadRow) -> str:
    return next((cell for cell in row.cells if cell), "")
