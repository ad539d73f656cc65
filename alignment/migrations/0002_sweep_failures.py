from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="failures",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="How many units failed in that run, by the step of the sweep.",
            ),
        ),
        migrations.CreateModel(
            name="SweepFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=60)),
                (
                    "unit_id",
                    models.BigIntegerField(help_text="Row of what the step works on; 0: the whole step."),
                ),
                (
                    "error",
                    models.CharField(
                        help_text="Type of the last error. The log has the rest.", max_length=100
                    ),
                ),
                ("times", models.PositiveIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("logged_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("step", "unit_id"),
                "constraints": [
                    models.UniqueConstraint(fields=("step", "unit_id"), name="one_row_a_failing_unit")
                ],
            },
        ),
    ]
