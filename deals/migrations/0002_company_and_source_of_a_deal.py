"""The company and the CRM that an imported deal's id belongs to. The next migration fills the company."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial")]

    operations = [
        migrations.AddField(
            "deal",
            "company",
            models.ForeignKey(
                help_text="The team's, for a deal with such an id.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="alignment.company",
            ),
        ),
        migrations.AddField(
            "deal",
            "source",
            models.CharField(
                blank=True, default="", help_text="Which CRM that is; empty: not known.", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            "deal",
            "external_id",
            models.CharField(
                blank=True,
                help_text="The deal's id in the CRM it came from: deals.rules.identity.",
                max_length=100,
            ),
        ),
    ]
