"""One process at a time works for a sender, or polls a vendor: a lease in the database, held while it is renewed.

A process that dies lets its leases run out; another takes them over after `SECONDS`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.engine import Connection

from bot.storage.database import insert_missing
from bot.storage.tables import inbox, leases

#: How long a lease holds without being renewed.
SECONDS = 10.0


class LeaseLost(Exception):
    """Another process has taken the lease over."""


def take(connection: Connection, name: str, owner: str) -> bool:
    """Take the lease `name` if nobody else holds it."""
    now = time.time()
    until = now + SECONDS
    if insert_missing(connection, leases, name=name, owner=owner, until=until):
        return True
    # Longer than a lease can hold: the clock was put back, and nobody has renewed it since.
    free = or_(leases.c.owner == owner, leases.c.until < now, leases.c.until > now + 2 * SECONDS)
    return bool(connection.execute(leases.update().where(leases.c.name == name, free).values(owner=owner, until=until)).rowcount)


def renew(connection: Connection, names: Iterable[str], owner: str) -> None:
    """Hold on to what is held."""
    connection.execute(leases.update().where(leases.c.name.in_(list(names)), leases.c.owner == owner).values(until=time.time() + SECONDS))


def shorten(connection: Connection) -> None:
    """Let no lease hold for longer than if it had been taken now; who holds one renews it."""
    latest = time.time() + SECONDS
    connection.execute(leases.update().where(leases.c.until > latest).values(until=latest))


def release(connection: Connection, name: str, owner: str) -> None:
    """Give a lease back."""
    connection.execute(leases.delete().where(leases.c.name == name, leases.c.owner == owner))


def check(connection: Connection, name: str, owner: str) -> None:
    """Make sure that a lease is still held, and stays so until the transaction ends.

    Raises:
        LeaseLost: when another process has it: this one stood still for too long.
    """
    held = select(leases.c.name).where(leases.c.name == name, leases.c.owner == owner)
    if connection.execute(held.with_for_update()).first() is None:
        raise LeaseLost


def release_if_idle(connection: Connection, sender: str, owner: str) -> bool:
    """Give a sender's lease back unless a message arrived in the meantime, whose receiver saw the lease taken and went away.

    Raises:
        LeaseLost: when another process has it.
    """
    check(connection, sender, owner)
    waiting = exists().where(and_(inbox.c.sender == sender, inbox.c.state == "waiting", inbox.c.due_at <= time.time()))
    return bool(connection.execute(leases.delete().where(leases.c.name == sender, leases.c.owner == owner, ~waiting)).rowcount)


def try_out(connection: Connection, name: str) -> None:
    """Take a lease and give it back in one transaction: it fails where the database cannot be written, as on a full disk."""
    take(connection, name, name)
    release(connection, name, name)
