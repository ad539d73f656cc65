from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0005_names_and_texts_are_searched_by_a_key"),
        ("deals", "0006_revenue_is_summed_from_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["team", "owner"], name="deal_reps"),
        ),
    ]
