from django.db import migrations
from django.db.models import OuterRef, Subquery


def mark_told(apps, schema_editor):
    """A need was told when the commitment to tell it was done: the need itself says so."""
    done = apps.get_model("meetings", "Commitment").objects.filter(capacity_need=OuterRef("pk"))
    needs = apps.get_model("deals", "CapacityNeed").objects.filter(
        informed_at=None, commitments__done_at__isnull=False
    )
    needs.update(
        informed_at=Subquery(done.values("done_at")[:1]), informed_by=Subquery(done.values("done_by")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0061_when_an_upload_was_seen"),
        ("meetings", "0034_an_expectation_follows_what_is_won"),
    ]

    operations = [migrations.RunPython(mark_told, migrations.RunPython.noop)]
