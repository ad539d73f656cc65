import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0020_imports_and_their_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="dealchange",
            name="run",
            field=models.ForeignKey(
                blank=True,
                help_text="The import.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.importrun",
            ),
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="run",
            field=models.ForeignKey(
                blank=True,
                help_text="The import.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.importrun",
            ),
        ),
    ]
