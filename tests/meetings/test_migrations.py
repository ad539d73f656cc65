"""What the migrations of meetings fill in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = ("meetings", "0006_last_closed_meetings_from_an_index")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def migrate(target: tuple[str, str]) -> Any:
    """The database at this migration, and the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] != target[0]]
    return executor.loader.project_state([*others, target]).apps


@pytest.mark.django_db(transaction=True)
def test_a_submitted_preparation_was_due_the_team_s_hours_before() -> None:
    [newest] = (
        node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == "meetings"
    )
    try:
        then = migrate(BEFORE)
        company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
        team = then.get_model("alignment.Team").objects.create(
            company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=NOW.date()
        )
        meetings = then.get_model("meetings.Meeting").objects
        for ahead, given in (
            (0, {"handed_in_at": NOW - 20 * HOUR}),
            (24, {"handed_in_at": NOW - 20 * HOUR, "due_at_hand_in": NOW - HOUR}),
            (48, {}),
        ):
            at = NOW + ahead * HOUR
            meetings.create(team=team, planned_start=at, starts_at=at, **given)
    finally:
        now = migrate(newest)
    due = now.get_model("meetings.Meeting").objects.order_by("starts_at").values_list("due_when_submitted")
    assert [value for (value,) in due] == [NOW - team.preparation_hours * HOUR, NOW - HOUR, None]
