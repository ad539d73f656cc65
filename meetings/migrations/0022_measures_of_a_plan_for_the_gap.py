from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0021_what_the_ceo_expects"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="amount",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="What it is meant to bring, about: of a measure against the gap between commit and goal.",
                max_digits=18,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="brought",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="What it brought, once it is done.",
                max_digits=18,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("brought", None),
                    models.Q(("amount__isnull", False), ("done_at__isnull", False)),
                    _connector="OR",
                ),
                name="only_a_done_measure_brought_something",
            ),
        ),
    ]
