"""A database as the last installed version left it, with its models, and the way to the newest and back."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Node = tuple[str, str]
#: The newest migrations that an installation may have taken before reps, imports, calls and measures.
LANDED: list[Node] = [
    ("alignment", "0006_when_a_preparation_is_due"),
    ("deals", "0007_reps_from_an_index"),
    ("meetings", "0009_preparation_not_late_because_a_meeting_came_early"),
]


def migrate(*targets: Node) -> Any:
    """The database at these migrations, and the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    rooms = {room for room, _ in targets}
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in rooms]
    return executor.loader.project_state([*targets, *others]).apps


def newest() -> list[Node]:
    nodes = MigrationExecutor(connection).loader.graph.leaf_nodes()
    return [node for node in nodes if node[0] in ("alignment", "deals", "meetings")]
