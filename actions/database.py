"""Dalil's own tables, for the few actions that need them."""

from __future__ import annotations

from functools import lru_cache

from bot.settings import settings
from bot.storage.database import Database


@lru_cache(maxsize=1)
def database() -> Database:
    """The database, opened when it is first needed."""
    return Database(settings().database)
