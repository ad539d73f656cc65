import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0009_what_counts_as_revenue"),
        ("deals", "0009_deals_changed_lately_from_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="revenueentry",
            name="revenue_below_zero_is_a_credit",
        ),
        migrations.RemoveIndex(
            model_name="revenueentry",
            name="revenue_sums",
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="account",
            field=models.ForeignKey(
                blank=True,
                help_text="Who paid, where no deal says it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="revenue",
                to="deals.account",
            ),
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("won", "Won (bookings)"),
                    ("invoiced", "Invoiced"),
                    ("recurring", "Recurring (new + expansion − lost, per year)"),
                ],
                default="won",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="original_amount",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="original_currency",
            field=models.CharField(
                blank=True, help_text="ISO 4217; empty: in the company's own currency.", max_length=3
            ),
        ),
        migrations.AddField(
            model_name="revenueentry",
            name="rate",
            field=models.DecimalField(
                blank=True,
                decimal_places=9,
                help_text="What one unit of the original currency is worth, as somebody entered it.",
                max_digits=18,
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="revenueentry",
            index=models.Index(fields=["team", "kind", "day", "amount", "source"], name="revenue_sums"),
        ),
        migrations.AddConstraint(
            model_name="revenueentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0), ("source", "credit"), ("kind", "recurring"), _connector="OR"
                ),
                name="revenue_below_zero_is_a_credit",
            ),
        ),
        migrations.AddConstraint(
            model_name="revenueentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["won", "invoiced", "recurring"])),
                name="revenue_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revenueentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("original_amount", None), ("original_currency", ""), ("rate", None)),
                    models.Q(
                        ("original_amount__isnull", False),
                        ("rate__gt", 0),
                        models.Q(("original_currency", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="revenue_in_another_currency_has_a_rate",
            ),
        ),
    ]
