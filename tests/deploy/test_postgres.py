"""Dalil's role in PostgreSQL, made by the script of the container, on a real server."""

import os
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

from bot.backup import back_up, restore
from bot.paths import ROOT
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.tables import inbox

SCRIPT = ROOT / "deploy" / "postgres" / "dalil.sql"
PROGRAMS = Path(find_spec("pgserver").origin).parent / "pginstall" / "bin"  # type: ignore[union-attr,arg-type]


@pytest.fixture
def role(postgres_server: Any) -> Iterator[str]:
    """The address of the database as the role that the script made."""
    environment = {**os.environ, "POSTGRES_PASSWORD": "it's a secret"}  # pragma: allowlist secret
    command = [PROGRAMS / "psql", postgres_server.get_uri(), "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", SCRIPT]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    try:
        yield str(postgres_server.get_uri("dalil")).replace("postgres:@", "dalil:@")
    finally:
        postgres_server.psql("DROP DATABASE dalil WITH (FORCE)")
        postgres_server.psql("DROP ROLE dalil")


def _run(url: str, *statements: str) -> list[Any]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            done = [connection.execute(sa.text(statement)) for statement in statements][-1]
            return list(done) if done.returns_rows else []
    finally:
        engine.dispose()


def test_the_role_owns_its_database_and_can_do_nothing_beside_it(role: str, postgres_server: Any) -> None:
    assert _run(role, "SELECT current_user, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        ("dalil", False, False, False, False, False)
    ]
    for statement in (
        "CREATE ROLE another",
        "CREATE DATABASE another",
        "ALTER ROLE dalil SUPERUSER",
        "ALTER SYSTEM SET log_statement = 'all'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('pg_hba.conf')",
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied|must be superuser|must have"):
            _run(role, statement)
    kept = dict(tuple(row) for row in _run(postgres_server.get_uri(), "SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin"))
    assert kept["dalil"].startswith("SCRAM-SHA-256$")
    assert kept["postgres"] is None


def test_all_of_dalils_tables_are_made_copied_and_brought_back_with_it(role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    row = {"channel": "web", "external_id": "a", "sender": "web:a", "received_at": 1.0, "state": "done", "attempts": 0, "due_at": 1.0}
    database = Database(role)
    database.now(lambda connection: connection.execute(inbox.insert().values(**row)))
    database.close()
    current = Settings(data_dir=tmp_path / "var", database_url=role)
    current.data_dir.mkdir()
    back_up(current, tmp_path / "copy.tar.gz")
    _run(role, "DELETE FROM inbox")
    restore(current, tmp_path / "copy.tar.gz", replace=True)
    assert _run(role, "SELECT sender FROM inbox") == [("web:a",)]


def test_the_numbers_of_events_can_be_made_longer_as_is_written_down(role: str) -> None:
    engine = sa.create_engine(role)
    SQLTrackerStore.SQLEvent.__table__.create(engine)
    engine.dispose()
    add = "INSERT INTO events (sender_id, type_name, data) VALUES ('web:a', 'user', '{}') RETURNING id"
    last = 2**31 - 1
    _run(role, f"SELECT setval('events_id_seq', {last})")
    with pytest.raises(sa.exc.DBAPIError, match="reached maximum value"):
        _run(role, add)
    written = re.findall(r"^    (ALTER \w+ events.*;)$", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(written) == 2
    assert _run(role, *written, add) == [(last + 1,)]
