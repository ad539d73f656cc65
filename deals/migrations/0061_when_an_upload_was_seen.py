from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0060_what_a_merge_moved")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="seen_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Of what came to an upload address: when somebody first looked.",
                null=True,
            ),
        ),
    ]
