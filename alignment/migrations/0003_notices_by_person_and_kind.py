from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0002_sweep_failures"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_overdue",
        ),
        migrations.AlterField(
            model_name="entry",
            name="what",
            field=models.CharField(help_text="A key of alignment.audit.LABELS.", max_length=40),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["to", "kind", "due_at"], name="notice_person_kind"),
        ),
    ]
