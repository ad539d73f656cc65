from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0047_needs_from_the_texts_of_deals")]

    operations = [
        migrations.RemoveField("deal", "capacity_what"),
        migrations.RemoveField("deal", "capacity_by"),
        migrations.RemoveField("deal", "capacity_who"),
    ]
