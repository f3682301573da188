"""What to do when the machine's clock is put back: what waits must not wait for the old time to come again."""

from __future__ import annotations

import time

from sqlalchemy.engine import Connection

from bot.delivery import leases, outbox

#: Clocks are corrected by less than this all the time.
_NOTICED = 2.0
#: No pause that anybody asks for is longer, in seconds: what is due later than that was due by another clock.
LONGEST_PAUSE = 3600.0


class Clock:
    """Notices that the clock was put back."""

    def __init__(self) -> None:
        self._offset = self._now()

    @staticmethod
    def _now() -> float:
        return time.time() - time.monotonic()

    def put_back(self) -> bool:
        """Whether the clock was put back since this was last asked."""
        before, self._offset = self._offset, self._now()
        return before - self._offset > _NOTICED


def catch_up(connection: Connection, latest: float) -> None:
    """Have done at once what would wait for longer than `latest` seconds, and let every lease end soon: by the clock as it is now."""
    outbox.due_now(connection, latest)
    leases.shorten(connection)
