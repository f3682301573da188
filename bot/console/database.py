"""The assistant's own functions on its own tables (bot/handoff, bot/steering, bot/privacy), for the console's pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from bot.settings import settings
from bot.storage.database import Database

Result = TypeVar("Result")


@lru_cache(maxsize=4)
def _database(url: str) -> Database:
    return Database(url)


def in_dalil(work: Callable[..., Result], *arguments: Any) -> Result:
    """Run `work(connection, *arguments)` in one transaction of the assistant's database."""
    return _database(settings().database).now(work, *arguments)
