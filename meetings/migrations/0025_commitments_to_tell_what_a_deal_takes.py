import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0012_agreements_are_declined_and_compared"),
        ("deals", "0048_no_texts_on_what_a_deal_takes"),
        ("meetings", "0022_measures_of_a_plan_for_the_gap"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="capacity_need",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a commitment to tell somebody what a deal takes to deliver.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="commitments",
                to="deals.capacityneed",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                fields=("capacity_need",), name="one_commitment_to_tell_a_need"
            ),
        ),
    ]
