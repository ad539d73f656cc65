from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("meetings", "0009_preparation_not_late_because_a_meeting_came_early"),)

    operations = (
        migrations.AddField(
            model_name="issue",
            name="deferred_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was left for the next meeting: no answer given before settles it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="shortened_at",
            field=models.DateTimeField(
                blank=True, help_text="Since then only exceptions and issues are discussed.", null=True
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="recap_has_plans",
            field=models.BooleanField(
                default=False,
                help_text="The CEO’s and the sales leader’s own recaps hold what only they may read.",
            ),
        ),
    )
