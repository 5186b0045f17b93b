from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_groups")]

    operations = [
        migrations.AddField(
            model_name="searchdocument",
            name="stopwords",
            field=models.BinaryField(null=True),
        )
    ]
