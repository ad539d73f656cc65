"""An import written, and taken back: in one transaction, or where it is large in steps that can each be repeated."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from alignment import audit
from alignment.models import Company, Team, User
from alignment.rules.money import show
from deals.import_runs.kinds.made_rows import remove_made
from deals.import_runs.kinds.registry import KINDS
from deals.import_runs.kinds.stages import record_stages
from deals.import_runs.owners import OwnerDirectory
from deals.import_runs.plan import OutdatedPreviewError, WriteContext, Written
from deals.import_runs.reading import remember
from deals.import_runs.scopes import scope_of
from deals.models import ImportRow, ImportRun, RevenueEntry
from deals.models.imports import ImportKind

State = ImportRun.State
AT_ONCE = 1000
IN_ONE_TRANSACTION = 10_000
"""Rows. More would hold SQLite's write lock for longer than others should wait."""
OUTDATED = "Changed since the preview. Upload the file again to import this row."
Progress = Callable[[int], None]
"""Told how many rows are done."""
Do = Callable[[Sequence[ImportRow], WriteContext], Written]


def rows_to_write(run: ImportRun) -> QuerySet[ImportRow]:
    """New and changed ones, and those missing of which somebody has said something."""
    decided = Q(verdict=ImportRow.Verdict.MISSING) & ~Q(after={})
    return run.rows.filter(Q(verdict__in=ImportRow.WRITTEN) | decided, is_applied=False)


def rows_to_take_back(run: ImportRun) -> QuerySet[ImportRow]:
    return run.rows.filter(is_applied=True, is_undone=False, thing=run.kind)


def apply_run(run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Write what was previewed. Raises OutdatedPreviewError with nothing written; where it goes in steps, what has
    changed since is refused instead and the rest is written.
    """
    work = _Work(run, rows_to_write(run), KINDS[run.kind].write, run.applied_by, now, progress)
    with work.transaction():
        work.do_all()
        with transaction.atomic():
            _finish_applying(run, work.teams, now=now)


def undo_run(run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Take back what was applied; what cannot be says why in its row."""
    rows = rows_to_take_back(run).filter(reason="")
    work = _Work(run, rows, KINDS[run.kind].take_back, run.undone_by, now, progress)
    with work.transaction():
        work.do_all()
        with transaction.atomic():
            remove_made(run)
            _finish_undoing(run, work.teams, now=now)


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Without looking for garbage meanwhile: with the rows of an import at hand that is a sixth of the time for which
    others wait for the lock, and there is none.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        with transaction.atomic():
            yield
    finally:
        if was_on:
            gc.enable()


@dataclass
class _Work:
    """The rows of one run, a thousand at a time."""

    run: ImportRun
    rows: QuerySet[ImportRow]
    do: Do
    by: User | None
    now: datetime
    progress: Progress
    teams: set[int] = field(default_factory=set)

    def transaction(self) -> Any:
        """One for everything, or none around the steps of a large import. What can be read before it begins is: it
        holds SQLite's write lock.
        """
        self.is_whole = self.rows.count() <= IN_ONE_TRANSACTION
        self.context = self._context()
        self.chunks: Iterable[list[ImportRow]] = list(self._chunks()) if self.is_whole else self._chunks()
        return _one_transaction() if self.is_whole else nullcontext()

    def do_all(self) -> None:
        context, done = self.context, 0
        for chunk in self.chunks:
            with transaction.atomic():
                # Whoever writes an import of the company takes turns.
                Company.objects.select_for_update().get(pk=self.run.company_id)
                self._do(chunk, context)
            done += len(chunk)
            if not self.is_whole:  # inside one transaction nobody would see it
                self.progress(done)

    def _context(self) -> WriteContext:
        scope, source = scope_of(self.run), self.run.understanding.get("source", "")
        owners = OwnerDirectory(scope, source=source, choices=self.run.owner_choices)
        return WriteContext(run=self.run, scope=scope, source=source, owners=owners, by=self.by, now=self.now)

    def _chunks(self) -> Iterator[list[ImportRow]]:
        last = 0
        while chunk := list(self.rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            yield chunk
            last = chunk[-1].pk

    def _do(self, chunk: list[ImportRow], context: WriteContext) -> None:
        try:
            written = self.do(chunk, context)
        except OutdatedPreviewError as error:
            if self.is_whole:
                raise
            outdated = {row.pk for row in error.rows}
            refused = {"verdict": ImportRow.Verdict.REFUSED, "reason": OUTDATED}
            ImportRow.objects.filter(pk__in=outdated).update(**refused)
            self._do([row for row in chunk if row.pk not in outdated], context)
            return
        ImportRow.objects.bulk_create(written.made)
        self.teams |= written.teams


def _finish_applying(run: ImportRun, teams: set[int], *, now: datetime) -> None:
    revenue = _booked(run)
    summary = {**run.summary, "applied": _counts(run.rows.filter(is_applied=True)), "revenue": revenue}
    if not run.move(State.APPLIED, of=(State.APPLYING,), summary=summary):
        return
    remember(run, now=now)
    if run.kind == ImportKind.DEALS:
        record_stages(run, now=now)
    _announce(run, teams, "import.applied", by=run.applied_by, now=now, new=_in_words(summary["applied"]))
    if revenue["entries"] or revenue["corrections"]:
        total = show(Decimal(revenue["amount"]), currency=run.company.currency, locale="en-US")
        about = f"{revenue['entries']} entries and {revenue['corrections']} corrections of an import"
        audit.note(
            "revenue.imported", by=run.applied_by, now=now, company=run.company, about=about, new=total
        )


def _finish_undoing(run: ImportRun, teams: set[int], *, now: datetime) -> None:
    stays = rows_to_take_back(run).count()
    undone = {"undone": run.rows.filter(is_undone=True, thing=run.kind).count(), "stays": stays}
    if run.move(State.UNDONE, of=(State.UNDOING,), summary={**run.summary, **undone}):
        new = f"{undone['undone']} rows taken back, {stays} left as they are"
        _announce(run, teams, "import.undone", by=run.undone_by, now=now, new=new)


def _announce(
    run: ImportRun, teams: set[int], what: str, *, by: User | None, now: datetime, new: str
) -> None:
    """Open pages of the teams learn of it, and the audit, without anything that the file says."""
    Team.objects.filter(pk__in=teams).update(revision=F("revision") + 1)
    about = run.get_kind_display() + (f" of {run.team.name}" if run.team else "")
    audit.note(what, by=by, now=now, company=run.company, about=about, new=new)


def _counts(rows: QuerySet[ImportRow]) -> dict[str, int]:
    """By what was done; what had to be made along the way by what it is."""
    by_verdict = rows.exclude(number=0).order_by().values_list("verdict").annotate(Count("pk"))
    made = rows.filter(number=0).order_by().values_list("thing").annotate(Count("pk"))
    return dict(by_verdict) | dict(made)


def _in_words(counts: dict[str, int]) -> str:
    return f"{counts.get('new', 0)} new, {counts.get('changed', 0)} changed"


def _booked(run: ImportRun) -> dict[str, Any]:
    """What the run booked, and by how much it changed the sum."""
    entries = RevenueEntry.objects.filter(run=run)
    sums = entries.aggregate(
        entries=Count("pk", filter=Q(corrects=None)),
        corrections=Count("pk", filter=~Q(corrects=None)),
        booked=Sum("amount"),
        replaced=Sum("corrects__amount"),
    )
    amount = (sums["booked"] or 0) - (sums["replaced"] or 0)
    return {"entries": sums["entries"], "corrections": sums["corrections"], "amount": str(amount)}
