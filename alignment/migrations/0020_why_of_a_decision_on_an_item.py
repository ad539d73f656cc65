from django.db import migrations, models


class Migration(migrations.Migration):
    """What is said with the decision on an item is read with the item. No column changes."""

    dependencies = [("alignment", "0007_agreements_links_and_what_was_read")]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="why",
            field=models.CharField(
                blank=True,
                help_text=(
                    "Why it was declined: for the CEO and the sales leader alone. "
                    "Of an item what was said with the decision: for those who read the item."
                ),
                max_length=500,
            ),
        )
    ]
