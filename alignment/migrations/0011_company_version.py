from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alignment", "0010_goal_changes_outlive_goals")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]
