"""Who does the work of imports: the page itself where a file is small, otherwise any worker.

The work lies in the ImportRun rows. A process that dies is followed by another once its claim is over; three times,
then the run says what happened.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from alignment.celery import nudge
from alignment.rules.formatting import number_of
from deals.import_runs import files
from deals.import_runs.compare import compare
from deals.import_runs.plan import OutdatedPreviewError
from deals.import_runs.reading import read_file
from deals.import_runs.write import apply_run, rows_to_take_back, undo_run
from deals.imports.answers import AnswersError
from deals.models import ImportRun
from deals.models.imports import LAST_ATTEMPT, ImportNotAllowed
from deals.tables.csv_reader import TableError

TASK = "deals.tasks.work_on_imports"
SMALL_NUMBER = 500
"""Rows that are written while the page waits."""
FAILED = "It failed three times. Nothing was changed. The server log has the details."
NOT_APPLIED = "It could not be applied, and nothing was changed. The server log has the details."
TAKEN_BACK = (
    "It could not be applied completely, so all of it was taken back. The server log has the details."
)
NOT_UNDONE = "It could not be undone, and nothing was changed. The server log has the details."
State = ImportRun.State
log = logging.getLogger(__name__)


def start(run: ImportRun) -> None:
    """Do what the run waits for: at once where that takes no time, otherwise in the background."""
    if not is_small(run):
        nudge(TASK)
        return
    claimed = ImportRun.objects.claim(timezone.now(), pk=run.pk)
    if claimed is not None:
        perform(claimed)


def start_in_background() -> None:
    """Whoever sent a file by itself does not wait for what becomes of it."""
    nudge(TASK)


def is_small(run: ImportRun) -> bool:
    """Whether a page may wait for it."""
    rows = sum(run.summary.get("counts", {}).values())
    return run.size <= files.SMALL and (run.state not in ImportRun.CHANGING or rows <= SMALL_NUMBER)


def run_jobs(now: datetime) -> None:
    """Do whatever waits. Run twice or on two machines, each is done once."""
    while run := ImportRun.objects.claim(now):
        perform(run)


def perform(run: ImportRun) -> None:
    """Do what a run that this process has claimed waits for."""
    if run.attempts > LAST_ATTEMPT:
        give_up(run)
        return
    try:
        STEPS[State(run.state)](run)
    except (TableError, AnswersError) as error:
        run.move(State.FAILED, of=(run.state,), error=_sentences(error))
    except OutdatedPreviewError as error:
        run.refresh_from_db()
        run.move(State.COMPARING, of=(State.APPLYING,), error=_outdated(error))
        start(run)
    except Exception:
        run.refresh_from_db()  # what was to be its state was rolled back
        log.exception("import %s failed while %s, attempt %s", run.pk, run.state, run.attempts)
        if run.attempts >= LAST_ATTEMPT:
            give_up(run)
        else:
            run.release()


def give_up(run: ImportRun) -> None:
    """Nothing half done: what is written in part is taken back."""
    if run.state == State.APPLYING and rows_to_take_back(run).exists():
        run.move(State.UNDOING, of=(State.APPLYING,), error=TAKEN_BACK, undone_at=timezone.now())
        nudge(TASK)
    elif run.state == State.APPLYING:
        run.move(State.PREVIEWED, of=(State.APPLYING,), error=NOT_APPLIED)
    elif run.state == State.UNDOING:
        run.move(State.APPLIED, of=(State.UNDOING,), error=NOT_UNDONE)
    else:
        run.move(State.FAILED, of=(run.state,), error=FAILED)


def _read(run: ImportRun) -> None:
    is_clear = read_file(run, now=timezone.now())
    understood = {
        "answers": run.answers,
        "choices": run.choices,
        "understanding": run.understanding,
        "headers_key": run.headers_key,
    }
    state = State.COMPARING if is_clear else State.UNDERSTOOD
    if run.move(state, of=(State.UPLOADED,), **understood) and is_clear:
        start(run)


def _compare(run: ImportRun) -> None:
    error = run.error
    compare(run, now=timezone.now(), progress=_progress(run, run.understanding.get("row_count", 0)))
    is_previewed = run.move(State.PREVIEWED, of=(State.COMPARING,), summary=run.summary, error=error)
    if is_previewed and run.is_sent and not run.is_answered:
        _apply_by_itself(run)


def _apply_by_itself(run: ImportRun) -> None:
    """What came to an upload address and raised no question waits for nobody."""
    try:
        run.start_writing(by=None, now=timezone.now())
    except ImportNotAllowed:
        return  # another import of the company is being written: a person applies this one
    start(run)


def _apply(run: ImportRun) -> None:
    counts = run.summary.get("counts", {})
    number = counts.get("new", 0) + counts.get("changed", 0)
    apply_run(run, now=timezone.now(), progress=_progress(run, number))


def _undo(run: ImportRun) -> None:
    number = run.summary.get("applied", {}).get("new", 0) + run.summary.get("applied", {}).get("changed", 0)
    undo_run(run, now=timezone.now(), progress=_progress(run, number))


def _progress(run: ImportRun, number: int) -> Callable[[int], None]:
    def say(done: int) -> None:
        run.renew_claim(timezone.now(), progress=min(99, 100 * done // max(number, 1)))

    return say


def _sentences(error: Exception) -> str:
    sentences = getattr(error, "sentences", ()) or (str(error),)
    return "\n".join(sentences)[:600]


def _outdated(error: OutdatedPreviewError) -> str:
    names = ", ".join(row.name for row in error.rows[:5]) + (" …" if error.rows[5:] else "")
    number = len(error.rows)
    have = "has" if number == 1 else "have"
    return (
        f"{number_of(number, 'row')} {have} changed since the preview: {names}. "
        "Nothing was applied. This is a new preview."
    )[:600]


STEPS: dict[State, Callable[[ImportRun], None]] = {
    State.UPLOADED: _read,
    State.COMPARING: _compare,
    State.APPLYING: _apply,
    State.UNDOING: _undo,
}
