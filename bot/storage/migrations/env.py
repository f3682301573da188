"""Alembic runs this: in the connection, and the transaction, that `bot/storage/upgrade.py` gives it."""

from alembic import context

from bot.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
