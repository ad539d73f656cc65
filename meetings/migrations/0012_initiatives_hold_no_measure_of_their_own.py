from django.db import migrations

from alignment.db.table_changes import ChangeTables


class Migration(migrations.Migration):
    """Its name, unit, start, target and values are its measure's."""

    dependencies = [("meetings", "0011_initiatives_are_measured_by_a_measure")]

    operations = [
        ChangeTables(
            [
                migrations.RemoveField(
                    model_name="initiative",
                    name="baseline",
                ),
                migrations.RemoveField(
                    model_name="initiative",
                    name="current",
                ),
                migrations.RemoveField(
                    model_name="initiative",
                    name="measure",
                ),
                migrations.RemoveField(
                    model_name="initiative",
                    name="target",
                ),
                migrations.RemoveField(
                    model_name="initiative",
                    name="unit",
                ),
                migrations.DeleteModel(
                    name="InitiativePoint",
                ),
            ]
        ),
    ]
