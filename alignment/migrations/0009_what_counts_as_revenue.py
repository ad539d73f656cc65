from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alignment", "0008_questions_worth_asking"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="revenue_kind",
            field=models.CharField(
                choices=[
                    ("won", "Won (bookings)"),
                    ("invoiced", "Invoiced"),
                    ("recurring", "Recurring (new + expansion − lost, per year)"),
                ],
                default="won",
                help_text="Of its teams, unless they say otherwise: alignment.models.policy.",
                max_length=10,
                verbose_name="What counts as revenue",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="own_policies",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Settings it says itself instead of following the company: alignment.models.policy.",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="revenue_kind",
            field=models.CharField(
                choices=[
                    ("won", "Won (bookings)"),
                    ("invoiced", "Invoiced"),
                    ("recurring", "Recurring (new + expansion − lost, per year)"),
                ],
                default="won",
                help_text="What its goal is made of: only revenue of this kind counts.",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("revenue_kind__in", ["won", "invoiced", "recurring"])),
                name="company_revenue_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("revenue_kind__in", ["won", "invoiced", "recurring"])),
                name="team_revenue_kind_is_known",
            ),
        ),
    ]
