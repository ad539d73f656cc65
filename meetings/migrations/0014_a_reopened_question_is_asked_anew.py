from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0013_what_a_team_thinks_of_a_contact"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="reopened_at",
            field=models.DateTimeField(
                blank=True, help_text="When it was last reopened: no answer given before counts.", null=True
            ),
        ),
    ]
