"""Rasa's SQL tracker store in Dalil's database."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import event

from bot.settings import settings
from bot.storage.database import set_up_sqlite


class DalilTrackerStore(SQLTrackerStore):
    """The SQL tracker store at `DATABASE_URL`; SQLite connections get their settings when they are opened."""

    def __init__(self, domain: Any = None, host: str | None = None, event_broker: Any = None, **_: Any) -> None:
        super().__init__(domain, host=host or settings().database, event_broker=event_broker)
        self.engine.hide_parameters = True  # an error of the database must not put a conversation into the log
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", set_up_sqlite)
            self.engine.dispose()  # connections opened before the listener was there
