"""When a preparation was due stays a fact, also after a team chose other hours."""

from datetime import timedelta

from django.db import migrations, models


def as_it_was(apps, schema_editor):
    meetings = apps.get_model("meetings", "Meeting").objects
    for hours in (
        apps.get_model("alignment", "Team").objects.values_list("preparation_hours", flat=True).distinct()
    ):
        handed_in = meetings.filter(team__preparation_hours=hours, handed_in_at__isnull=False)
        handed_in.update(due_at_hand_in=models.F("starts_at") - timedelta(hours=hours))


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0005_rhythm_policy_absence"),
        ("meetings", "0006_readers_of_a_reps_plan"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="due_at_hand_in",
            field=models.DateTimeField(
                blank=True,
                help_text="As it stood when it was handed in: a fact that stays.",
                null=True,
                verbose_name="preparation was due",
            ),
        ),
        migrations.RunPython(as_it_was, migrations.RunPython.noop),
    ]
