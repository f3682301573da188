"""Sessions are found by the numbers of their events, not by their times (bot/storage/tracker_store.py, which makes the new indexes)."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Drop the indexes by time."""
    for name in ("events_sender_type_time", "events_sender_time"):
        op.execute(f"DROP INDEX IF EXISTS {name}")
