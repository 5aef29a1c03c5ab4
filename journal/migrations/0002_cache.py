from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """The table of settings.CACHES; where it stands already it is left alone."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(make_table, migrations.RunPython.noop),
    ]
