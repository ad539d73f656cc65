"""A CRM's id is one deal in the whole company; a deal may have several entries; a credit is below zero."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_deals_name_their_company")]

    operations = [
        migrations.RemoveConstraint("deal", "one_deal_an_external_id"),
        migrations.AddConstraint(
            "deal",
            models.UniqueConstraint(
                condition=~Q(external_id=""),
                fields=("company", "source", "external_id"),
                name="one_deal_an_id_in_the_company",
            ),
        ),
        migrations.RemoveConstraint("revenueentry", "one_first_entry_a_deal"),
        migrations.RemoveConstraint("revenueentry", "revenue_is_not_negative"),
        migrations.RemoveConstraint("revenueentry", "revenue_source_is_known"),
        migrations.AlterField(
            "revenueentry",
            "source",
            models.CharField(
                choices=[
                    ("typed", "Typed"),
                    ("pasted", "Pasted"),
                    ("file", "From a file"),
                    ("deal", "From a won deal"),
                    ("crm", "From a CRM import"),
                    ("credit", "Credit"),
                ],
                default="typed",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            "revenueentry",
            models.CheckConstraint(
                condition=Q(amount__gte=0) | Q(source="credit"), name="revenue_below_zero_is_a_credit"
            ),
        ),
        migrations.AddConstraint(
            "revenueentry",
            models.CheckConstraint(
                condition=Q(source__in=("typed", "pasted", "file", "deal", "crm", "credit")),
                name="revenue_source_is_known",
            ),
        ),
    ]
