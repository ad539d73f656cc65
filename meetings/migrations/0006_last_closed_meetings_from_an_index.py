from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0005_names_and_texts_are_searched_by_a_key"),
        ("meetings", "0005_names_and_texts_are_searched_by_a_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["team", "-closed_at"],
                name="meeting_closed",
            ),
        ),
    ]
