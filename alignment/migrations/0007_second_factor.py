from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("alignment", "0006_invites")]

    operations = []
