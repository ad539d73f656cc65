from datetime import timedelta

from django.db import migrations


def fill(apps, schema_editor):
    """As it was worked out until now: the team's hours before the start."""
    meetings = apps.get_model("meetings", "Meeting").objects
    for meeting in meetings.filter(due_at_hand_in=None).exclude(handed_in_at=None).select_related("team"):
        due = meeting.starts_at - timedelta(hours=meeting.team.preparation_hours)
        meetings.filter(pk=meeting.pk).update(due_at_hand_in=due)


class Migration(migrations.Migration):
    """When a submitted preparation was due is read from its meeting alone, whatever rule its team has since."""

    dependencies = [
        ("meetings", "0006_last_closed_meetings_from_an_index"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
