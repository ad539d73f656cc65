from django.db import migrations, models

FACTS = (
    ("decided", "The person who decides has said yes"),
    ("budget", "The budget is confirmed"),
    ("paper", "Procurement or legal has the paper"),
    ("calendar", "The next step is in the buyer’s calendar"),
    ("why_date", "Why this date: what the buyer loses after it"),
)


class Migration(migrations.Migration):
    """A deal that was pushed three times and never committed had no place for the fact that it needs."""

    dependencies = [("meetings", "0071_resolutions_are_found_by_search")]

    operations = [
        migrations.AddField(
            model_name="calldeal",
            name="fact",
            field=models.CharField(
                blank=True,
                choices=FACTS,
                default="",
                help_text=(
                    "Why it will close, where it was pushed three times: "
                    "one fact, kept with the deal once committed."
                ),
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="calldeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fact__in", ("", "decided", "budget", "paper", "calendar", "why_date")),
                ),
                name="a_fact_of_a_call_is_known",
            ),
        ),
    ]
