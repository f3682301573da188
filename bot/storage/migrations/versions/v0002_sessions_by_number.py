"""Sessions are found by the numbers of their events, not by their times (bot/storage/tracker_store.py)."""

from alembic import op
from sqlalchemy import inspect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Indexes by number in place of those by time, where Rasa has made its table."""
    if not inspect(op.get_bind()).has_table("events"):
        return
    for name in ("events_sender_type_time", "events_sender_time"):
        op.execute(f"DROP INDEX IF EXISTS {name}")
    # Rasa's store makes them too where it comes first.
    op.create_index("events_sender_type", "events", ["sender_id", "type_name", "id"], if_not_exists=True)
    op.create_index("events_sender", "events", ["sender_id", "id"], if_not_exists=True)
