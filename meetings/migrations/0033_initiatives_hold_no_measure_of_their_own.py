from typing import Any

from django.db import migrations

from alignment.db.search_keys import SearchKeyField, write_keys


def write_initiative_keys(apps: Any, schema_editor: Any) -> None:
    write_keys(apps.get_model("meetings", "Initiative"))


class Migration(migrations.Migration):
    """Its name, unit, start, target and values are its measure's."""

    dependencies = [("meetings", "0032_initiatives_are_measured_by_a_measure")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, write_initiative_keys),
        migrations.AlterField(
            model_name="initiative",
            name="search_key",
            field=SearchKeyField("title", "plan", default="", editable=False),
        ),
        migrations.DeleteModel(name="InitiativePoint"),
        migrations.RemoveField(model_name="initiative", name="measure"),
        migrations.RemoveField(model_name="initiative", name="unit"),
        migrations.RemoveField(model_name="initiative", name="baseline"),
        migrations.RemoveField(model_name="initiative", name="target"),
        migrations.RemoveField(model_name="initiative", name="current"),
        migrations.RunPython(write_initiative_keys, migrations.RunPython.noop),
    ]
