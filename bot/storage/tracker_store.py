"""Rasa's SQL tracker store, with SQLite set up for a server.

Write-ahead logging lets the staff's tools read while the bot writes; with it, `synchronous = NORMAL` is safe against a crash of the
process and spares a wait for the disk in every turn (https://www.sqlite.org/wal.html). Only a power failure may lose the last moments.
"""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import event


class DalilTrackerStore(SQLTrackerStore):
    """The SQL tracker store; SQLite connections get their settings when they are opened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _set_up)
            self.engine.dispose()  # connections opened before the listener was there


def _set_up(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.close()
