"""An entry in a calendar is tracked where it went and until it is over; what entries show is known by team."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill_addresses(apps, schema_editor):
    """What is in a calendar went to the address its person has now."""
    live = apps.get_model("meetings", "Invitation").objects.using(schema_editor.connection.alias)
    seats = apps.get_model("alignment", "Seat").objects.filter(pk=OuterRef("seat"))
    live.filter(ended_at=None).update(address=Subquery(seats.values("user__email")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0004_version_of_teams_and_people"),
        ("meetings", "0003_reminders_know_what_they_asked"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="invitation", name="one_live_invitation_a_seat"),
        migrations.AddField(
            model_name="invitation",
            name="address",
            field=models.EmailField(
                blank=True, default="", help_text="Where it went; empty once it has ended.", max_length=254
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="invitation",
            name="ended_at",
            field=models.DateTimeField(
                blank=True, help_text="Taken out of the calendar, or its last meeting is over.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("seat", "starts_on"),
                name="one_live_invitation_a_day",
            ),
        ),
        migrations.RunPython(fill_addresses, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name="TeamCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0, help_text="How often it changed.")),
                ("changed_at", models.DateTimeField()),
                ("last_sent", models.JSONField(default=dict, help_text="Digests of what is shown.")),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar",
                        to="alignment.team",
                    ),
                ),
            ],
        ),
    ]
