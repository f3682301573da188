"""The off switch: while it is on, Dalil tells everybody that it pauses, and answers nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.storage.database import insert_missing
from bot.storage.tables import off_switch

_ROW = 1


@dataclass(frozen=True)
class Switch:
    """How the switch stands.

    Attributes:
        off: whether Dalil is switched off.
        since: since when, in seconds since 1970; None where it was never touched.
        by: who did it: a staff account's name.
    """

    off: bool = False
    since: float | None = None
    by: str = ""


def state(connection: Connection) -> Switch:
    """How the switch stands."""
    row = connection.execute(select(off_switch).where(off_switch.c.id == _ROW)).first()
    return Switch(row.off, row.since, row.by) if row else Switch()


def turn(connection: Connection, off: bool, by: str) -> bool:
    """Switch Dalil off, or on again.

    Returns:
        Whether that changed anything.
    """
    if not insert_missing(connection, off_switch, id=_ROW, off=off, since=time.time(), by=by):
        changed = off_switch.update().where(off_switch.c.id == _ROW, off_switch.c.off != off)
        return bool(connection.execute(changed.values(off=off, since=time.time(), by=by)).rowcount)
    return off
