from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0050_the_team_a_deal_left")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="merge_moves",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Of a merged deal: what it was, and the rows that went with it.",
            ),
        ),
    ]
