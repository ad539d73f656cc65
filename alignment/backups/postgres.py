"""PostgreSQL: every table copied out in one repeatable-read transaction, and back in one transaction.

COPY over the connection of the site: it needs no client programs, whose version would have to match the
server's, and it is exact for every type. The tables themselves are made by the migrations that the archive
names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from alignment.backups.migration_history import with_squashed
from alignment.backups.snapshot import CACHE, MIGRATIONS, RestoreError, Snapshot

PIECE = 1 << 20
HISTORY = "django_migrations"
COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""
SEQUENCES = """
    SELECT sequencename, last_value FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""


def tables() -> list[str]:
    """The site's own tables that exist, without the cache."""
    named = set(connection.introspection.django_table_names(only_existing=True)) | {HISTORY}
    return sorted(named & set(connection.introspection.table_names()))


def dump(folder: Path) -> Snapshot:
    """Copy every table into the folder as of one moment. Readers and writers go on meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows, columns = {}, {}
        for table in tables():
            cursor.execute(COLUMNS, [table])
            columns[table] = [name for (name,) in cursor.fetchall()]
            cursor.execute(f"SELECT count(*) FROM {quoted(table)}")
            (rows[table],) = cursor.fetchone()
            copy_out(f"COPY {target(table, columns[table])} TO STDOUT", folder / f"{table}.copy")
        cursor.execute(MIGRATIONS)
        migrations = [list(row) for row in cursor.fetchall()]
        cursor.execute(SEQUENCES)
        sequences = dict(cursor.fetchall())
    return Snapshot(rows=rows, migrations=migrations, columns=columns, sequences=sequences)


def load(folder: Path, snapshot: Snapshot) -> None:
    """Recreate the tables as the archive's migrations made them, and fill them: all or nothing."""
    with refusing(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            if gone := [quoted(table) for table in [*tables(), *cache_there()]]:
                cursor.execute(f"DROP TABLE {', '.join(gone)} CASCADE")
        make_tables(snapshot.migrations)
        with connection.cursor() as cursor:
            made = set(connection.introspection.table_names(cursor))
            if missing := sorted(set(snapshot.rows) - made):
                raise RestoreError(
                    f"The archive holds tables that this version does not make: {', '.join(missing)}."
                )
            cursor.execute(f"TRUNCATE {', '.join(map(quoted, snapshot.rows))}")
            for table in snapshot.rows:
                copy_in(f"COPY {target(table, snapshot.columns[table])} FROM STDIN", folder / f"{table}.copy")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every reference is checked here
            for sequence, last in snapshot.sequences.items():
                cursor.execute("SELECT setval(%s, %s)", [quoted(sequence), last])
            if wrong := snapshot.differences(rows_there(list(snapshot.rows))):
                raise RestoreError(f"What was restored is not what was backed up: {'; '.join(wrong[:5])}.")


def make_tables(migrations: list[list[str]]) -> None:
    """Run exactly these migrations on an empty schema."""
    executor = MigrationExecutor(connection)
    known = with_squashed((app, name) for app, name in migrations)
    graph = executor.loader.graph
    last = [
        key
        for key in known
        if key in graph.nodes
        and not any(child.key in known and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]
    executor.migrate(sorted(last))
    call_command("createcachetable", verbosity=0)


def copy_out(command: str, file: Path) -> None:
    with connection.cursor() as cursor, file.open("wb") as into, cursor.copy(command) as pieces:
        for piece in pieces:
            into.write(piece)


def copy_in(command: str, file: Path) -> None:
    with connection.cursor() as cursor, file.open("rb") as source, cursor.copy(command) as pieces:
        while piece := source.read(PIECE):
            pieces.write(piece)


def rows_there(names: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        rows = {}
        for table in names:
            cursor.execute(f"SELECT count(*) FROM {quoted(table)}")
            (rows[table],) = cursor.fetchone()
    return rows


def cache_there() -> list[str]:
    return [CACHE] if CACHE in connection.introspection.table_names() else []


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def target(table: str, columns: list[str]) -> str:
    return f"{quoted(table)} ({', '.join(map(quoted, columns))})"


@contextmanager
def refusing() -> Iterator[None]:
    """Turn an error of the database into a RestoreError; the transaction is rolled back."""
    try:
        yield
    except OperationalError as error:
        if "lock timeout" in str(error):
            raise RestoreError("The database is in use. Stop web, worker and beat first.") from error
        raise RestoreError(f"The database rejected it: {error}".strip()) from error
    except DatabaseError as error:
        raise RestoreError(f"The database rejected it: {error}".strip()) from error
