from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import migrations

from alignment.db.search_keys import write_keys

AT_ONCE = 500
A_MOMENT = timedelta(microseconds=1)


def move_to_measures(apps: Any, schema_editor: Any) -> None:
    """Each initiative gets its measure, each of its values a point. A current value that differs from the last point,
    or a point without a current value, becomes a point more; how many is stated.
    """
    measure_model, point_model = (apps.get_model("meetings", name) for name in ("Measure", "MeasurePoint"))
    added = 0
    for initiatives in in_batches(apps.get_model("meetings", "Initiative").objects.order_by("pk")):
        measures = measure_model.objects.bulk_create(
            measure_of(measure_model, initiative) for initiative in initiatives
        )
        points: list[Any] = []
        for measure, initiative in zip(measures, initiatives, strict=True):
            moved, last = [], None
            for at, value in initiative.points.order_by("at", "pk").values_list("at", "value"):
                moved.append(point_model(measure=measure, at=at, value=value))
                last = (at, value)
            if (last[1] if last else None) != initiative.current:
                added += 1
                at = after(initiative.changed_at, last[0] if last else None)
                moved.append(point_model(measure=measure, at=at, value=initiative.current))
            points += moved
        point_model.objects.bulk_create(points, batch_size=AT_ONCE)
    if added:
        print(f"\n  {added} current values had no point of their own; each became one.")


def in_batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def measure_of(model: Any, initiative: Any) -> Any:
    return model(
        team_id=initiative.team_id,
        initiative=initiative,
        name=initiative.measure,
        unit=initiative.unit,
        baseline=initiative.baseline,
        target=initiative.target,
        direction="down" if is_down(initiative.baseline, initiative.target) else "up",
        source="typed",
        created_at=initiative.created_at,
        created_by_id=initiative.created_by_id,
    )


def is_down(baseline: Decimal | None, target: Decimal | None) -> bool:
    return baseline is not None and target is not None and target < baseline


def after(changed_at: datetime, last: datetime | None) -> datetime:
    return changed_at if last is None or changed_at > last else last + A_MOMENT


def move_back(apps: Any, schema_editor: Any) -> None:
    """What an initiative is measured by stands on it again. Leading measures stay."""
    point_model = apps.get_model("meetings", "InitiativePoint")
    initiatives = apps.get_model("meetings", "Initiative").objects
    moved = apps.get_model("meetings", "Measure").objects.exclude(initiative=None)
    for measures in in_batches(moved.order_by("pk")):
        points: list[Any] = []
        for measure in measures:
            values = list(measure.points.order_by("at", "pk").values_list("at", "value"))
            initiatives.filter(pk=measure.initiative_id).update(
                measure=measure.name,
                unit=measure.unit,
                baseline=measure.baseline,
                target=measure.target,
                current=values[-1][1] if values else None,
            )
            points += [
                point_model(initiative_id=measure.initiative_id, at=at, value=value)
                for at, value in values
                if value is not None
            ]
        point_model.objects.bulk_create(points, batch_size=AT_ONCE)
    moved.delete()


def write_initiative_keys(apps: Any, schema_editor: Any) -> None:
    write_keys(apps.get_model("meetings", "Initiative"))


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_calls_expectations_and_measures")]

    operations = [
        migrations.RunPython(move_to_measures, move_back),
        migrations.RunPython(write_initiative_keys, migrations.RunPython.noop),
    ]
