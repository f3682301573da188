"""What to do when the machine's clock is put back: what waits must not wait for the old time to come again."""

from __future__ import annotations

import time

from sqlalchemy.engine import Connection

from bot.delivery import leases, outbox

#: Clocks are corrected by less than this all the time.
_NOTICED = 2.0


class Clock:
    """Notices that the clock was put back."""

    def __init__(self) -> None:
        self._offset: float | None = None

    def put_back(self) -> bool:
        """Whether the clock was put back since this was last asked; the first time nobody knows, so: yes."""
        before, self._offset = self._offset, time.time() - time.monotonic()
        return before is None or before - self._offset > _NOTICED


def catch_up(connection: Connection) -> None:
    """Have everything that waits done at once, and every lease end soon: by the clock as it is now."""
    outbox.due_now(connection)
    leases.shorten(connection)
