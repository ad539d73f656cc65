from django.db import migrations, models
from django.db.models import Q

from alignment.db.search_keys import SearchKeyField


class Migration(migrations.Migration):
    """A measure may be an initiative's: its values are of moments, and it is found by its name."""

    dependencies = [("meetings", "0030_measures_and_their_values")]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="search_key",
            field=SearchKeyField("name", default="", editable=False),
        ),
        migrations.AlterField(
            model_name="measurepoint",
            name="period",
            field=models.DateField(
                help_text="The Monday of the week; none of an initiative's measure.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="measurepoint",
            name="value",
            field=models.DecimalField(
                decimal_places=2, help_text="None: it is not known any more.", max_digits=18, null=True
            ),
        ),
        migrations.AlterModelOptions(name="measurepoint", options={"ordering": ("at", "pk")}),
        migrations.AddConstraint(
            model_name="measurepoint",
            constraint=models.CheckConstraint(
                condition=Q(("period", None), ("value__isnull", False), _connector="OR"),
                name="a_week_with_a_point_has_a_value",
            ),
        ),
    ]
