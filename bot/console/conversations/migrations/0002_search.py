from django.db import migrations

from bot.console.conversations.search import drop_index, make_index


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [migrations.RunPython(make_index, drop_index)]
