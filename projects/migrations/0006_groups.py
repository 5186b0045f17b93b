"""The three groups exist from here on, and those that an older site has get the permissions of newer models."""

from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations

_OURS = ("auth", "casebook", "people", "projects")
_NEW = ("synonymgroup", "statechange")


def make_groups(apps, schema_editor):
    from projects.roles import create_missing_groups, grant

    using = schema_editor.connection.alias
    for label in _OURS:
        config = apps.get_app_config(label)
        module = getattr(config, "models_module", None)
        config.models_module = True  # a migration's registry has none, and permissions are only made for those that do
        create_permissions(config, apps=apps, verbosity=0, using=using)
        config.models_module = module
    grant(apps, using, _NEW)
    create_missing_groups(apps=apps, using=using)


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0005_workflow"),
        ("people", "0001_initial"),
        ("casebook", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
