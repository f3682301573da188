from django.db import migrations

# Holds all that is counted, so that a period is counted without reading the texts (figures/counting.py). It belongs to the figures:
# the conversations do without it.
_COLUMNS = "day, conversation_id, outcome, channel, variety, area, region, campaign, rating, reason, record, latency"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("conversations", "0002_search")]

    operations = [migrations.RunSQL(f"CREATE INDEX figures_turn ON conversations_turn ({_COLUMNS})", "DROP INDEX figures_turn")]
