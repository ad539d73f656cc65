from django.db import migrations, models


class Migration(migrations.Migration):
    """The settings of a team and what is said of a person carry a version, like everything else that two people edit."""

    dependencies = [("alignment", "0003_notices_by_person_and_kind")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
