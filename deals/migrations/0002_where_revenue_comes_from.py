"""Each entry says how it came in: what is known of those there are is taken from their deal and their writer."""

from django.db import migrations, models
from django.db.models import Q


def tell_where_from(apps, schema_editor):
    booked = apps.get_model("deals", "RevenueEntry").objects.exclude(deal=None)
    booked.filter(created_by=None).update(source="crm")
    booked.exclude(created_by=None).filter(corrects=None).update(source="deal")
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table with checks still waiting


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_the_first_model")]

    operations = [
        migrations.AddField(
            "revenueentry",
            "source",
            models.CharField(
                choices=[
                    ("typed", "Typed"),
                    ("pasted", "Pasted"),
                    ("file", "From a file"),
                    ("deal", "From a won deal"),
                    ("crm", "From a CRM import"),
                ],
                default="typed",
                max_length=8,
            ),
        ),
        migrations.RunPython(tell_where_from, migrations.RunPython.noop),
        migrations.AddConstraint(
            "revenueentry",
            models.CheckConstraint(
                condition=Q(source__in=("typed", "pasted", "file", "deal", "crm")),
                name="revenue_source_is_known",
            ),
        ),
    ]
