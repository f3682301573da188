"""The database: SQLite by default, PostgreSQL in production; the same tables and the same queries in both.

Queries run in threads, each in one transaction: a slow disk or network must not stop the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool

from bot.storage.upgrade import bring_up_to_date

Result = TypeVar("Result")

#: Connections to PostgreSQL. SQLite has one writer at a time anyway.
_THREADS = 6


class Database:
    """Dalil's own tables.

    Args:
        url: SQLAlchemy's address of the database, `sqlite:///...` or `postgresql://...`.
    """

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        threads = 1 if self.is_sqlite else _THREADS
        # Connections are kept: SQLite tidies its log whenever the last one is closed.
        sqlite = {"poolclass": QueuePool, "connect_args": {"check_same_thread": False}}
        options: dict[str, Any] = sqlite if self.is_sqlite else {"pool_pre_ping": True, "pool_size": threads, "max_overflow": 2}
        self._engine = create_engine(url, future=True, hide_parameters=True, **options)
        if self.is_sqlite:
            event.listen(self._engine, "connect", set_up_sqlite)
            event.listen(self._engine, "begin", _begin_immediately)
        self._created = False
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    def _create(self) -> None:
        """Make the tables, or change those of an earlier release; several processes may do so at once."""
        bring_up_to_date(self._engine)
        self._created = True

    def now(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run `work(connection, *arguments)` in one transaction, in this thread; the first time the tables are brought up to date."""
        if not self._created:
            self._create()
        with self._engine.begin() as connection:
            return work(connection, *arguments)

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run `work(connection, *arguments)` in one transaction, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: self.now(work, *arguments))

    def fold_log(self) -> None:
        """Have SQLite fold its write-ahead log into the file and empty it, unless somebody is reading in it; nothing to do on PostgreSQL."""
        if self.is_sqlite:
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def close(self) -> None:
        """Let go of threads and connections."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()


def set_up_sqlite(connection: Any, _: Any) -> None:
    """Write-ahead logging lets others read while the bot writes.

    With it, `synchronous = NORMAL` is safe against a crash of the process and spares a wait for the disk in every turn
    (https://www.sqlite.org/wal.html). Only a power failure may lose the last moments. What is deleted is overwritten, and the log is cut
    when it was folded into the file: erased means that no copy lies about.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA journal_size_limit = 0")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    """Take SQLite's write lock at the start: one that reads first and writes later may find that it cannot."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def insert_missing(connection: Connection, table: Any, **values: Any) -> int | None:
    """Insert a row unless one with its unique key is there.

    Returns:
        The new row's id (1 for a table without one), or None when it was there.
    """
    from sqlalchemy.dialects import postgresql, sqlite

    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    done = connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    if not done.rowcount:
        return None
    key = done.inserted_primary_key[0]
    return key if isinstance(key, int) else 1
