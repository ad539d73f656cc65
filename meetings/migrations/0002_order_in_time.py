"""Meetings are in order of when they take place, and no two of a team begin at the same instant."""

from django.db import migrations, models
from django.db.models import Count

TAKES_PLACE = ("scheduled", "in_progress", "held")


def find_twice(apps, schema_editor):
    """Say which meetings begin at the same instant, and stop: which of them is right only people know."""
    meetings = apps.get_model("meetings", "Meeting").objects.using(schema_editor.connection.alias)
    twice = (
        meetings.filter(state__in=TAKES_PLACE)
        .order_by("team__name", "starts_at")
        .values_list("team__name", "starts_at")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    found = [f"{team} at {start:%Y-%m-%d %H:%M} UTC ({number})" for team, start, number in twice]
    if found:
        raise RuntimeError(
            "Several meetings of a team begin at the same instant: "
            f"{', '.join(found)}. Move or excuse all but one of each with the version before, then migrate again."
        )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [
        migrations.RunPython(find_twice, migrations.RunPython.noop, elidable=True),
        migrations.AlterModelOptions(name="meeting", options={"ordering": ("-starts_at", "-pk")}),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["team", "starts_at"], name="meeting_in_order"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", TAKES_PLACE)),
                fields=("team", "starts_at"),
                name="one_meeting_an_instant",
            ),
        ),
    ]
