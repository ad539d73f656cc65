"""A change says itself that it was undone with its import: the rows of a run are deleted after their days."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

FIRST_SIGHT = "seen"


def mark_undone(apps, schema_editor):
    """Those of deals that the run took back; where its rows are deleted, those that it wrote and wrote back."""
    all_changes = apps.get_model("deals", "DealChange").objects.order_by()
    rows = apps.get_model("deals", "ImportRow").objects.filter(
        run=OuterRef("run"), target=OuterRef("deal"), thing="deals", is_undone=True
    )
    others = all_changes.filter(run=OuterRef("run"), deal=OuterRef("deal"), field=OuterRef("field"))
    other_way = others.filter(old=OuterRef("new"), new=OuterRef("old")).exclude(at=OuterRef("at"))
    undone = all_changes.filter(run__state="undone", run__kind="deals").exclude(field=FIRST_SIGHT)
    undone = undone.filter(Q(Exists(rows)) | Q(Exists(other_way), run__deleted_at__isnull=False))
    all_changes.filter(pk__in=list(undone.values_list("pk", flat=True))).update(is_undone=True)


class Migration(migrations.Migration):
    dependencies = [("deals", "0061_when_an_upload_was_seen")]

    operations = [
        migrations.AddField(
            model_name="dealchange",
            name="is_undone",
            field=models.BooleanField(
                default=False, help_text="Taken back with its import, or what took it back."
            ),
        ),
        migrations.RunPython(mark_undone, migrations.RunPython.noop),
    ]
