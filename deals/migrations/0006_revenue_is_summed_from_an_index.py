from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0005_names_and_texts_are_searched_by_a_key"),
        ("deals", "0005_names_and_texts_are_searched_by_a_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="revenueentry",
            name="revenue_team_day",
        ),
        migrations.AddIndex(
            model_name="revenueentry",
            index=models.Index(fields=["team", "day", "amount", "source"], name="revenue_sums"),
        ),
    ]
