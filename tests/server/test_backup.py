"""A copy and the way back: the same rows, the same files, or a clear refusal."""

import io
import itertools
import os
import sqlite3
import tarfile
import threading
import uuid
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bot.backup import BackupError, back_up, restore
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.tables import contacts, inbox
from tests.tools import environment, free_port

SECRET = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs are found."""
    binaries = Path(find_spec("pgserver").origin).parent / "pginstall" / "bin"  # type: ignore[union-attr,arg-type]
    monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def filled(database_url: str, tmp_path: Path) -> Settings:
    """A Dalil with people, messages, a model, and a line that was learnt."""
    current = Settings(data_dir=tmp_path / "var", database_url=database_url, secret_key=SECRET)
    if database_url.startswith("sqlite"):
        current = current.copy(update={"database_url": f"sqlite:///{current.data_dir / 'dalil.db'}"})
    (current.models_dir / "runs" / "3").mkdir(parents=True)
    for name in ("dalil.tar.gz", "dalil.inputs", "runs/3/dalil.tar.gz"):
        (current.models_dir / name).write_bytes(f"model {name}".encode())
    (current.models_dir / ".training-x").mkdir()
    (current.models_dir / ".training-x" / "half").write_bytes(b"half a model")
    (current.data_dir / "secret_key").write_text(SECRET, encoding="utf-8")
    (current.data_dir / "learnt.yml").write_text("lines: []\n", encoding="utf-8")
    _fill(current, 5)
    return current


def _fill(current: Settings, count: int) -> None:
    database = Database(current.database)
    rows = [{"sender": f"telegram:{n}", "channel": "telegram", "address": f"secret {n}", "first_seen": 1.0, "last_inbound": 2.0} for n in range(count)]
    got = [
        {
            "channel": "telegram",
            "external_id": uuid.uuid4().hex,
            "sender": "telegram:1",
            "content": "سلام",
            "received_at": 1.0,
            "state": "done",
            "attempts": 0,
            "due_at": 1.0,
        }
        for n in range(count)
    ]
    database.now(
        lambda connection: (connection.execute(contacts.delete()), connection.execute(contacts.insert(), rows), connection.execute(inbox.insert(), got))
    )
    database.close()


def _rows(current: Settings) -> dict[str, list[tuple[Any, ...]]]:
    engine = sa.create_engine(current.database)
    with engine.connect() as connection:
        tables = sa.inspect(engine).get_table_names()
        found = {table: sorted(tuple(row) for row in connection.execute(sa.text(f'SELECT * FROM "{table}"'))) for table in tables}
    engine.dispose()
    return found


@pytest.fixture
def elsewhere(filled: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another machine, with an empty database of the same kind."""
    folder = tmp_path / "elsewhere"
    url = f"sqlite:///{folder / 'dalil.db'}"
    if not filled.database.startswith("sqlite"):
        server = request.getfixturevalue("postgres_server")
        server.psql(f"CREATE DATABASE elsewhere_{os.getpid()}")
        url = str(server.get_uri(f"elsewhere_{os.getpid()}"))
    yield Settings(data_dir=folder, database_url=url, secret_key=SECRET)
    if not filled.database.startswith("sqlite"):
        server.psql(f"DROP DATABASE elsewhere_{os.getpid()}")


def test_everything_comes_back_on_another_machine(filled: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    back_up(filled, copy)
    before = _rows(filled)
    _fill(filled, 2)  # what happens later is not in it
    restore(elsewhere, copy)
    assert _rows(elsewhere) == before
    assert before["contacts"]
    kept = {str(path.relative_to(elsewhere.data_dir)) for path in elsewhere.data_dir.rglob("*") if path.is_file()} - {"dalil.db"}
    assert kept == {"learnt.yml", "models/dalil.tar.gz", "models/dalil.inputs", "models/runs/3/dalil.tar.gz"}
    assert (elsewhere.models_dir / "runs/3/dalil.tar.gz").read_bytes() == b"model runs/3/dalil.tar.gz"
    _fill(elsewhere, 3)  # and work goes on, numbers too
    assert len(_rows(elsewhere)["inbox"]) == len(before["inbox"]) + 3


def test_a_model_that_is_exchanged_meanwhile_spoils_no_copy(filled: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    over = threading.Event()

    def exchange() -> None:
        for number in itertools.cycle(range(10)):
            if over.is_set():
                return
            new = filled.models_dir / ".new"
            new.write_bytes(bytes([number]) * 3_000_000)
            new.replace(filled.models_dir / "dalil.tar.gz")
            passing = filled.models_dir / "runs" / "4"
            passing.mkdir(exist_ok=True)
            (passing / "dalil.tar.gz").write_bytes(b"tidied away")
            (passing / "dalil.tar.gz").unlink()

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        for number in range(5):
            copy = tmp_path / f"copy-{number}.tar.gz"
            back_up(filled, copy)
            restore(elsewhere, copy, replace=True)
            assert len(set((elsewhere.models_dir / "dalil.tar.gz").read_bytes())) == 1, "a model was copied in parts of two"
    finally:
        over.set()
        thread.join()


def test_what_a_later_release_made_goes_when_an_earlier_copy_comes_back(filled: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    back_up(filled, copy)
    before = _rows(filled)
    engine = sa.create_engine(filled.database)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE made_later (id integer PRIMARY KEY)"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    restore(filled, copy, replace=True)
    assert _rows(filled) == before


def test_the_secret_is_not_in_it_and_only_its_owner_reads_it(filled: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    back_up(filled, copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    with tarfile.open(copy) as archive:
        assert not [entry.name for entry in archive if "secret" in entry.name]
        assert not [source for entry in archive.getmembers() if (source := archive.extractfile(entry)) and SECRET.encode() in source.read()]


def test_nothing_is_lost_without_being_asked(filled: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    back_up(filled, copy)
    before = _rows(filled)
    with pytest.raises(BackupError, match="is there already"):
        back_up(filled, copy)
    _fill(filled, 1)
    with pytest.raises(BackupError, match="--replace"):
        restore(filled, copy)
    assert len(_rows(filled)["contacts"]) == 1
    restore(filled, copy, replace=True)
    assert _rows(filled) == before


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "other", "foreign"])
def test_a_damaged_copy_changes_nothing(filled: Settings, elsewhere: Settings, tmp_path: Path, harm: str) -> None:
    copy = tmp_path / "copy.tar.gz"
    back_up(filled, copy)
    if harm == "cut":
        copy.write_bytes(copy.read_bytes()[:-200])
    elif harm == "empty":
        copy.write_bytes(b"")
    elif harm == "other":
        copy.write_bytes(os.urandom(5000))
    else:
        with tarfile.open(copy) as archive:
            files = {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]
        files["data/learnt.yml" if harm == "changed" else "data/../../outside"] = b"something else"
        with tarfile.open(copy, "w:gz") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    with pytest.raises(BackupError, match="damaged|none of Dalil's"):
        restore(elsewhere, copy)
    assert not (elsewhere.data_dir / "learnt.yml").exists()
    assert not (tmp_path / "outside").exists()


def test_a_copy_of_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    current = Settings(data_dir=tmp_path / "var", database_url=f"sqlite:///{tmp_path / 'a.db'}", secret_key=SECRET)
    current.models_dir.mkdir(parents=True)
    sqlite3.connect(tmp_path / "a.db").close()
    _fill(current, 1)
    copy = tmp_path / "copy.tar.gz"
    back_up(current, copy)
    with pytest.raises(BackupError, match="asks for database.pgdump"):
        restore(current.copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/none"}), copy)


def test_the_commands_say_what_they_did_and_why_not(tmp_path: Path) -> None:
    from bot.cli import main

    ports = {name: str(free_port()) for name in ("DALIL_RASA_PORT", "DALIL_CONSOLE_PORT")}
    with environment(DALIL_DATA_DIR=str(tmp_path / "var"), DATABASE_URL="", DALIL_SECRET_KEY=SECRET, **ports) as current:
        copy = str(tmp_path / "copy.tar.gz")
        nothing = CliRunner().invoke(main, ["backup", copy])
        assert nothing.exit_code == 1
        assert "There is no database" in nothing.output
        current.models_dir.mkdir(parents=True)
        _fill(current, 1)
        assert "DALIL_SECRET_KEY" in CliRunner().invoke(main, ["backup", copy]).output
        assert "--replace" in CliRunner().invoke(main, ["restore", copy]).output
        assert "1 files are brought back" in CliRunner().invoke(main, ["restore", copy, "--replace"]).output
