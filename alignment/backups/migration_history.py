"""Which migrations this version knows, including the names of squashed ones."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.migrations.loader import MigrationLoader

Name = tuple[str, str]
"""The app and the name of a migration."""


def known_migrations() -> set[Name]:
    """All that a database of this version, or of an earlier one, can have recorded."""
    on_disk = MigrationLoader(None).disk_migrations
    squashed = {(app, name) for migration in on_disk.values() for app, name in migration.replaces}
    return squashed.union(on_disk)


def with_squashed(recorded: Iterable[Name]) -> set[Name]:
    """The recorded migrations, and each squashed one whose parts were all recorded."""
    names = set(recorded)
    on_disk = MigrationLoader(None).disk_migrations
    return names | {
        key
        for key, migration in on_disk.items()
        if migration.replaces and names.issuperset(migration.replaces)
    }
