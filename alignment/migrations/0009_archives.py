from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("alignment", "0008_planned_seats")]

    operations = []
