"""The database brought up to date with one line of progress instead of a line for each migration."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm


class Command(migrate.Command):
    """Django's `migrate` that moves a bar forward with each migration applied."""

    def __init__(self, bar: tqdm) -> None:
        super().__init__()
        self.bar = bar

    def migration_progress_callback(  # Django's signature
        self,
        action: str,
        migration: Any = None,
        fake: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        if action == "apply_success":
            self.bar.update()


def migrate_with_progress() -> None:
    """Apply what is missing; says nothing when nothing is."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    with tqdm(total=missing, desc="Preparing the database", unit="step", disable=not missing) as bar:
        call_command(Command(bar), interactive=False, verbosity=0)
