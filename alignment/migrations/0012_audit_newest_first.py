from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alignment", "0011_company_version")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["-at", "-id"], name="audit_newest"),
        ),
    ]
