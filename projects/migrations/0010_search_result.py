from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_bin")]

    operations = [
        migrations.CreateModel(
            name="SearchResult",
            fields=[
                (
                    "mission",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="search_result",
                        serialize=False,
                        to="projects.mission",
                    ),
                ),
                ("schema", models.PositiveSmallIntegerField()),
                ("card", models.TextField()),
                ("texts", models.TextField()),
            ],
        ),
    ]
