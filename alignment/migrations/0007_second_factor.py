from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alignment", "0006_invites")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="second_factor_required",
            field=models.BooleanField(
                default=False,
                help_text="Whether its people sign in with a second factor, or set one up first.",
            ),
        ),
    ]
