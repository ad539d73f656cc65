import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the CEO decides on an initiative is a row of agreements; its plan is numbered."""

    dependencies = [
        ("alignment", "0020_why_of_a_decision_on_an_item"),
        ("meetings", "0012_initiatives_hold_no_measure_of_their_own"),
    ]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="plan_number",
            field=models.PositiveIntegerField(
                default=1, editable=False, help_text="Goes up with each change of the plan."
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="decision",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                help_text="The CEO's last one. Whether it is about the present plan is compared on reading.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="alignment.agreement",
            ),
        ),
    ]
