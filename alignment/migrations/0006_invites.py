from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("alignment", "0005_rhythm_policy_absence")]

    operations = []
