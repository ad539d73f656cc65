"""Many changes of tables in one step of a migration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.migrations import AddConstraint, CreateModel, DeleteModel
from django.db.migrations.operations.base import Operation


class ChangeTables(Operation):
    """Changes of tables for which Django renders the models once, before and after, instead of once a change.

    Rendering all models takes a tenth of a second and more with every table, and is nearly all of the time that an
    empty database takes. SQLite also copies a changed table once instead of once a change. The changes see the models
    as they are after all of them: a new table comes complete, its `CreateModel` with every column, constraint and
    index, and what it refers to comes before it. No change here renames anything.
    """

    serialization_expand_args = ["changes"]

    def __init__(self, changes: Iterable[Any]) -> None:
        self.changes = list(changes)

    def deconstruct(self) -> Any:
        return type(self).__name__, [], {"changes": self.changes}

    def describe(self) -> str:
        return "; ".join(change.describe() for change in self.changes)

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # rendered anew when it is next asked for
        for change in self.changes:
            change.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        states = app_label, schema_editor, from_state, to_state
        if schema_editor.connection.vendor != "sqlite":
            for change in self.changes:
                change.database_forwards(*states)
            return
        for change in self._whole_tables():
            change.database_forwards(*states)
        self._rebuild_tables(*states)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        states = app_label, schema_editor, from_state, to_state
        if schema_editor.connection.vendor != "sqlite":
            for change in reversed(self.changes):
                # Django reads a constraint's columns from the models that it leads to, which lack new ones here.
                target = from_state if isinstance(change, AddConstraint) else to_state
                change.database_backwards(app_label, schema_editor, from_state, target)
            return
        self._rebuild_tables(*states)
        for change in reversed([*self._whole_tables()]):
            change.database_backwards(*states)

    def _whole_tables(self) -> Iterator[Any]:
        return (change for change in self.changes if isinstance(change, (CreateModel, DeleteModel)))

    def _rebuild_tables(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Every other change is one of a table's columns, constraints or indexes."""
        whole = {change.name_lower for change in self._whole_tables()}
        names = {change.model_name.lower(): None for change in self.changes if hasattr(change, "model_name")}
        for name in names:
            if name not in whole:
                before, after = (state.apps.get_model(app_label, name) for state in (from_state, to_state))
                rebuild_table(schema_editor, before, after)


def rebuild_table(schema_editor: Any, before: type[models.Model], after: type[models.Model]) -> None:
    """Make the table of `before` that of `after`. SQLite adds a column at once, and does all else by a copy."""
    columns = {field.column for field in before._meta.local_concrete_fields}  # noqa: SLF001
    quote = schema_editor.quote_name
    for field in after._meta.local_concrete_fields:  # noqa: SLF001
        if field.column in columns:
            continue
        definition, values = schema_editor.column_sql(after, field, include_default=True)
        names = {"table": quote(after._meta.db_table), "column": quote(field.column)}  # noqa: SLF001
        schema_editor.execute(schema_editor.sql_create_column % (names | {"definition": definition}), values)
    schema_editor._remake_table(after)  # noqa: SLF001
