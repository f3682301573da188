"""Tables as this release needs them: made where there are none, changed where an earlier release made them (bot/storage/migrations)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, inspect, select, text
from sqlalchemy.engine import Connection, Engine

from bot.storage.tables import inbox, metadata

#: The latest change.
HEAD = "0002"
#: Release 0.1.0 wrote no number down.
_FIRST = "0001"
#: Of Alembic's choice.
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
#: Processes that start together come one after the other.
_LOCK = 1_129_200


class NewerDatabase(RuntimeError):
    """A later release of Dalil has changed the tables."""


def bring_up_to_date(engine: Engine) -> None:
    """Make or change Dalil's tables, in one transaction.

    Args:
        engine: a transaction of SQLite's must lock at its beginning (bot/storage/database.py).

    Raises:
        NewerDatabase: when they are of a later release.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = _found(connection)
        if found == HEAD:
            return
        if found is None:
            metadata.create_all(connection)
            _version.create(connection)
            connection.execute(_version.insert().values(version_num=HEAD))
        else:
            _change(connection, found)


def _found(connection: Connection) -> str | None:
    """The number of the latest change that was made; None where there are no tables."""
    tables = inspect(connection)
    if tables.has_table(_version.name):
        return str(connection.execute(select(_version.c.version_num)).scalar_one())
    return _FIRST if tables.has_table(inbox.name) else None


def _change(connection: Connection, found: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        raise NewerDatabase(f"The database is of a later release ({found}, this one knows {HEAD}): run that release, or restore the copy made before it.")
    if not inspect(connection).has_table(_version.name):
        command.stamp(config, found)
    command.upgrade(config, "head")
