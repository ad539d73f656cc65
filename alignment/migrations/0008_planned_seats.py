from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("alignment", "0007_second_factor")]

    operations = []
