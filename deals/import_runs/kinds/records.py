"""Accounts and contacts of a file: recognised by an id or a name; an empty cell changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from deals.import_runs.kinds.references import standing_on
from deals.import_runs.kinds.run_rows import save_rows
from deals.import_runs.plan import OutdatedPreviewError, PlanContext, WriteContext, Written, plain_values
from deals.models import Account, Contact, ImportRow

Record = TypeVar("Record", Account, Contact)
Verdict = ImportRow.Verdict
CHANGED_SINCE = "Changed since the import: left as it is."


class Records(Generic[Record]):
    """What accounts and contacts have in common when they are compared."""

    def __init__(self, context: PlanContext) -> None:
        self.context = context

    def new(self, number: int, name: str, values: Mapping[str, Any], **hidden: Any) -> ImportRow:
        after = plain_values({**stated(values), **hidden})
        return self.context.row(number, Verdict.NEW, name=name, after=after)

    def change(self, number: int, record: Record, values: Mapping[str, Any]) -> ImportRow:
        """The fields that differ; an empty cell changes nothing."""
        after = {field: value for field, value in stated(values).items() if value != current(record, field)}
        before = {field: current(record, field) for field in after}
        return self.context.row(
            number,
            Verdict.CHANGED if after else Verdict.UNCHANGED,
            name=record.name,
            target=record.pk,
            version=record.version,
            before=plain_values(before),
            after=plain_values(after),
        )


def stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value not in (None, "")}


def current(record: Account | Contact, field: str) -> Any:
    """The value of a field, a row of another table by its name."""
    value = getattr(record, field)
    return value.name if hasattr(value, "name") else ("" if field in ("owner", "account") else value)


def lock_unchanged(model: type[Record], rows: Sequence[ImportRow]) -> dict[int, Record]:
    """The records as they were compared. Raises OutdatedPreviewError."""
    pks = [row.target for row in rows if row.target]
    records = {record.pk: record for record in model._base_manager.select_for_update().filter(pk__in=pks)}  # noqa: SLF001
    outdated = [
        row for row in rows if row.target not in records or records[row.target].version != row.version
    ]
    if outdated:
        raise OutdatedPreviewError(outdated)
    return records


def upsert(model: type[Record], records: Iterable[Record], fields: Sequence[str]) -> None:
    """Write known records in few statements."""
    model._base_manager.bulk_create(  # noqa: SLF001
        list(records), update_conflicts=True, unique_fields=["id"], update_fields=[*fields, "version"]
    )


def mark_applied(records: Mapping[ImportRow, Record]) -> None:
    for row, record in records.items():
        row.target, row.applied_version, row.is_applied = record.pk, record.version, True
    save_rows(records)


def take_back(
    model: type[Record],
    rows: Sequence[ImportRow],
    context: WriteContext,
    *,
    fields: Sequence[str],
    typed: Any,
) -> Written:
    """New records go unless something stands on them; changed ones get back what they had."""
    pks = [row.target for row in rows if row.target]
    records = {record.pk: record for record in model._base_manager.select_for_update().filter(pk__in=pks)}  # noqa: SLF001
    untouched = {
        row: records[row.target]
        for row in rows
        if row.target in records and records[row.target].version == row.applied_version
    }
    new = [row for row in untouched if row.verdict == Verdict.NEW]
    on = standing_on(model, [row.target for row in new if row.target])
    for row in rows:
        if row.target in records and row not in untouched:
            row.reason = CHANGED_SINCE
        elif row in new and row.target in on:
            row.reason = f"It stays: a {on[row.target]} refers to it."
        row.is_undone = not row.reason
    gone = [row.target for row in new if row.is_undone and row.target]
    model._base_manager.filter(pk__in=gone).delete()  # noqa: SLF001
    changed = [(row, record) for row, record in untouched.items() if row.verdict == Verdict.CHANGED]
    for row, record in changed:
        for field, value in typed(row.before).items():
            setattr(record, field, value)
        record.version += 1
    upsert(model, [record for _, record in changed], fields)
    save_rows(rows)
    return Written()
