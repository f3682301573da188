"""Failures to log in to the console: django-axes keeps them, with the address of the network and the browser, to lock a name after five."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy import DateTime, column, delete, inspect, table
from sqlalchemy.engine import Connection

#: How long a name stays locked, and a failure counts (bot/console/settings.py).
LOCKED_FOR = dt.timedelta(minutes=15)

_attempts = table("axes_accessattempt", column("attempt_time", DateTime(timezone=True)))


def purge(connection: Connection) -> Counter[str]:
    """Delete the failures that count no more.

    Returns:
        How many rows, by table; nothing where there is no console.
    """
    if not inspect(connection).has_table(_attempts.name):
        return Counter()
    over = _attempts.c.attempt_time < dt.datetime.now(dt.timezone.utc) - LOCKED_FOR
    return +Counter({_attempts.name: connection.execute(delete(_attempts).where(over)).rowcount})
