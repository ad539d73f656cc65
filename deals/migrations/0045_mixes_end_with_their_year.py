import calendar
from datetime import date

from django.db import migrations


def year_end(key, first_month):
    """The last day of the fiscal year named “2026” or “FY2027”, which is the calendar year in which it ends."""
    year, month = int(key.removeprefix("FY")), 12 if first_month == 1 else first_month - 1
    return date(year, month, calendar.monthrange(year, month)[1])


def end_mixes(apps, schema_editor):
    rows = apps.get_model("alignment", "Agreement").objects.filter(subject="mix", ends_on=None)
    for row in rows.select_related("team__company"):
        row.ends_on = year_end(row.key, row.team.company.fiscal_year_start)
        row.save(update_fields=["ends_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0012_agreements_are_declined_and_compared"),
        ("deals", "0041_why_a_deal_will_close"),
    ]

    operations = [migrations.RunPython(end_mixes, migrations.RunPython.noop)]
