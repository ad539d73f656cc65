from typing import Any

from django.db import migrations

from alignment.db.search_keys import write_keys


def fill(apps: Any, schema_editor: Any) -> None:
    write_keys(apps.get_model("meetings", "Issue"))


class Migration(migrations.Migration):
    """How an issue was solved stood in the row and not in what is searched."""

    dependencies = [("meetings", "0070_calls_are_found_by_both_days")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
