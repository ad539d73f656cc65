from __future__ import annotations

from dataclasses import dataclass, field

#: Made by createcachetable: rate limits and the like, which nobody misses.
CACHE = "cache"


class RestoreError(Exception):
    """Why nothing was changed, in a sentence for the operator."""


@dataclass(frozen=True)
class Snapshot:
    """What a database held at one moment: rows of every table, and the migrations that made its tables."""

    rows: dict[str, int]
    migrations: list[list[str]]
    #: PostgreSQL only: the columns of each table in the order they were written,
    #: and how far each sequence had come.
    columns: dict[str, list[str]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)

    def differences(self, rows: dict[str, int]) -> list[str]:
        """Tables that do not hold as many rows as they did, a sentence each."""
        return [
            f"{table} has {rows.get(table, 0)} rows instead of {number}"
            for table, number in sorted(self.rows.items())
            if rows.get(table) != number
        ]


MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
