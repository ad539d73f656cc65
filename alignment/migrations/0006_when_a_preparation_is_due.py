import datetime

from django.db import migrations, models

RULES = [
    ("working_day", "On the last working day before the meeting"),
    ("hours", "Hours before the start"),
]


class Migration(migrations.Migration):
    """A team's preparation is due on the last working day before the meeting; teams that exist keep their hours."""

    dependencies = [
        ("alignment", "0005_names_and_texts_are_searched_by_a_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="due_rule",
            field=models.CharField(choices=RULES, default="hours", max_length=12),
        ),
        migrations.AlterField(
            model_name="team",
            name="due_rule",
            field=models.CharField(choices=RULES, default="working_day", max_length=12),
        ),
        migrations.AddField(
            model_name="team",
            name="due_time",
            field=models.TimeField(
                default=datetime.time(17, 0),
                help_text="When the preparation is due on the last working day before the meeting.",
            ),
        ),
        migrations.AlterField(
            model_name="team",
            name="preparation_hours",
            field=models.PositiveSmallIntegerField(
                default=24, help_text="How long before the start it is due, where hours decide."
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(due_rule__in=["working_day", "hours"]), name="team_due_rule_is_known"
            ),
        ),
    ]
