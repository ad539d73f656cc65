"""A run without a page: its rows are compared and written at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from alignment.models import Company
from deals.import_runs.compare import AT_ONCE, Item, chunks, plan_chunk, plan_context, summarize
from deals.import_runs.kinds.registry import KINDS
from deals.import_runs.plan import OutdatedPreviewError
from deals.import_runs.reading import as_json, key_of
from deals.import_runs.write import apply_run
from deals.imports.answers import Answers
from deals.imports.kinds.rows import ReadRow
from deals.imports.understanding import Understanding
from deals.models import ImportRun
from deals.models.imports import STORED_FOR, ImportNotAllowed
from deals.tables.csv_reader import TableError

Progress = Callable[[Iterable[Sequence[Item]]], Iterable[Sequence[Item]]]
"""Shows how far it is while the chunks go through it."""
MEANWHILE = "Somebody changed what this file is about meanwhile. Run the command again."


def start_run(
    company: Company, understanding: Understanding, answers: Answers, *, file_name: str, now: datetime
) -> ImportRun:
    """A run of the company that nobody has to answer."""
    return ImportRun.objects.create(
        company=company,
        kind=understanding.kind,
        state=ImportRun.State.COMPARING,
        claimed_until=now + STORED_FOR,  # no worker takes it: there is no file
        file_name=file_name,
        answers=answers.to_json(),
        is_answered=True,
        headers_key=key_of(understanding),
        understanding=as_json(understanding, (), None),
        started_at=now,
        expires_at=now + STORED_FOR,
    )


def preview(
    run: ImportRun,
    rows: Iterable[ReadRow],
    *,
    now: datetime,
    progress: Progress[ReadRow],
    team_of: Mapping[str, int] | None = None,
) -> None:
    """Compare the rows, and say in the run what they come to. `team_of`: the team of each deal by its id."""
    context = plan_context(run, now=now)
    context.team_of = team_of or {}
    planner = KINDS[run.kind].planner(context)
    headers = [column["header"] or column["key"] for column in run.understanding["columns"]]
    for chunk in progress([*chunks(rows, AT_ONCE)]):
        run.rows.bulk_create(plan_chunk(list(chunk), planner, context, headers))
    run.rows.bulk_create([*planner.finish()])
    run.move(run.State.PREVIEWED, of=(run.State.COMPARING,), summary=summarize(run, context))


def apply(run: ImportRun, *, now: datetime) -> None:
    """Write what was compared. Raises TableError, with nothing written, when it cannot be done now."""
    try:
        run.start_writing(by=None, now=now)
        apply_run(run, now=now, progress=lambda done: None)
    except ImportNotAllowed as error:
        raise TableError(str(error)) from error
    except OutdatedPreviewError as error:
        run.move(run.State.FAILED, of=(run.State.APPLYING,), error=MEANWHILE)
        raise TableError(MEANWHILE) from error
    run.refresh_from_db()
