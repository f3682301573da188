"""What the bot knows of switch and notice: read again every second, so that a change takes effect in every process by itself."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.steering import notices, switch
from bot.storage.database import Database

logger = logging.getLogger(__name__)

#: What was read holds for so many seconds.
EVERY = 1.0


@dataclass(frozen=True)
class Steering:
    """How the bot is steered: whether it is switched off, and the number of the notice that is said now."""

    off: bool = False
    notice: int | None = None


def read(connection: Connection) -> Steering:
    """How the bot is steered at this moment."""
    notice = notices.current(connection)
    return Steering(switch.state(connection).off, notice.id if notice else None)


class Watch:
    """Reads the steering when it is asked for, at most once a second; while the database fails, what was known last holds.

    Args:
        database: where it stands.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Steering | None = None
        self._read_at = 0.0

    async def now(self) -> Steering:
        """How the bot is steered."""
        if self._known is None or time.monotonic() - self._read_at >= EVERY:
            self._read_at = time.monotonic()
            try:
                self._known = await self._database.run(read)
            except SQLAlchemyError as error:
                logger.error("the off switch could not be read: %s", error.__class__.__name__)
        return self._known or Steering()
