"""A database of an earlier release: nothing in it is lost, and Dalil goes on where that release stopped."""

import gzip
import itertools
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from rasa.shared.core.domain import Domain

from bot.paths import ROOT
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.storage.tracker_store import DalilTrackerStore
from bot.storage.upgrade import HEAD, NewerDatabase
from tests.connected import KEY, telegram_settings
from tests.tools import free_port, started
from tests.upgrade.write import ANSWER, CASE, FOLDER, JOURNEY, MESSAGE
from tests.vendors.telegram import FakeTelegram

#: Numbers above it are times, in seconds since 1970.
_SOME_TIME = 1_500_000_000
RELEASES = sorted(path.name.removesuffix(".sqlite.gz") for path in FOLDER.glob("*.sqlite.gz"))


@pytest.fixture
def left_by(database_url: str) -> Callable[[str], str]:
    """Fills the empty database with what a release left; its address."""

    def fill(release: str) -> str:
        _put(release)
        _as_if_now(database_url)
        return database_url

    def _put(release: str) -> None:
        if database_url.startswith("sqlite"):
            Path(database_url.removeprefix("sqlite:///")).write_bytes(gzip.decompress((FOLDER / f"{release}.sqlite.gz").read_bytes()))
        else:
            import psycopg2

            statements = gzip.decompress((FOLDER / f"{release}.postgresql.gz").read_bytes()).decode()
            connection = psycopg2.connect(database_url)
            connection.cursor().execute("\n".join(line for line in statements.splitlines() if not line.startswith("\\")))
            connection.commit()
            connection.close()

    return fill


def _as_if_now(url: str) -> None:
    """Move all times so that the release stopped a minute ago: a pause of the bot's ends by itself, and what waits grows too old."""
    engine = sa.create_engine(url)
    found = sa.MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of the console's indexes is over an expression
        found.reflect(engine)
    with engine.begin() as connection:
        events = found.tables["events"]
        later = time.time() - 60 - connection.execute(sa.select(sa.func.max(events.c.timestamp))).scalar_one()
        for table in found.tables.values():
            for column in table.columns:
                if isinstance(column.type, sa.Float):
                    connection.execute(table.update().where(column > _SOME_TIME).values({column: column + later}))
        for number, data in connection.execute(sa.select(events.c.id, events.c.data)).all():
            event = json.loads(data)
            event["timestamp"] += later
            connection.execute(events.update().where(events.c.id == number).values(data=json.dumps(event)))
    engine.dispose()


@pytest.mark.parametrize("release", RELEASES)
def test_the_tables_of_a_release_become_those_of_this_one(release: str, left_by: Callable[[str], str]) -> None:
    database = Database(left_by(release))
    with database._engine.connect() as connection:
        before = connection.execute(sa.text("SELECT count(*) FROM outbox")).scalar()
    database.now(lambda _connection: None)
    with database._engine.connect() as connection:
        ours = {table.name for table in metadata.sorted_tables}
        context = MigrationContext.configure(connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in ours})
        assert compare_metadata(context, metadata) == []
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert connection.execute(sa.text("SELECT count(*) FROM outbox")).scalar() == before
    indexes = {index["name"] for index in sa.inspect(database._engine).get_indexes("events")}
    assert not {"events_sender_time", "events_sender_type_time"} & indexes
    assert {"events_sender", "events_sender_type"} <= indexes
    database.close()


@pytest.mark.parametrize("release", RELEASES)
def test_rasa_s_store_may_come_first(release: str, left_by: Callable[[str], str]) -> None:
    """Where Rasa is started alone, it opens its table before anything asks for Dalil's."""
    url = left_by(release)
    store = DalilTrackerStore(Domain.empty(), url)
    database = Database(url)
    database.now(lambda _connection: None)
    with database._engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    database.close()
    store.engine.dispose()


def test_the_newest_change_is_the_last_of_the_migrations() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "bot" / "storage" / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@pytest.mark.parametrize("release", [None, *RELEASES])
def test_processes_that_start_together_change_the_tables_once(release: str | None, database_url: str, left_by: Callable[[str], str]) -> None:
    if release:
        left_by(release)
    databases = [Database(database_url) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda database: database.now(lambda _connection: None), databases))
    with databases[0]._engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).all() == [(HEAD,)]
    for database in databases:
        database.close()


def test_a_database_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'dalil.db'}")
    database.now(lambda connection: connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    database.close()
    later = Database(f"sqlite:///{tmp_path / 'dalil.db'}")
    with pytest.raises(NewerDatabase, match="later release"):
        later.now(lambda _connection: None)
    later.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DALIL_DATA_DIR", str(tmp_path))
        line = [sys.executable, "-m", "bot.cli", "run", "--only", "daily"]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "later release" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_start_waits_for_the_database_and_says_so(tmp_path: Path) -> None:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DALIL_DATA_DIR", str(tmp_path))
        patch.setenv("DATABASE_URL", f"postgresql://dalil@127.0.0.1:{port}/dalil")
        line = [sys.executable, "-m", "bot.cli", "run", "--only", "daily"]
        with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            told = process.stderr.readline()
            assert process.poll() is None
            process.terminate()
    assert told.startswith("The database cannot be used yet, Dalil waits for it")


@pytest.mark.server
@pytest.mark.model
@pytest.mark.parametrize("release", RELEASES)
def test_dalil_goes_on_where_the_earlier_release_stopped(release: str, left_by: Callable[[str], str], model: Path, tmp_path: Path) -> None:
    url, port = left_by(release), str(free_port())
    with FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook") as telegram:
        telegram.ids = itertools.count(10_000)  # updates of the earlier days have other numbers
        answer, message, journey, case = (telegram.user(number) for number in (ANSWER, MESSAGE, JOURNEY, CASE))
        variables = {**telegram_settings(telegram), "DATABASE_URL": url, "DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": KEY}
        with started(model, tmp_path / "var", ["rasa"], **variables) as running:
            running.command("telegram", "set-webhook")
            # What was written waits for its sending; what was received, for its answer.
            for user in (answer, message):
                assert "5" in user.wait_for(2, seconds=30)[0].text
            journey.text("où en étais-je ?")
            assert "Combien êtes-vous" in journey.wait_for(2, seconds=30)[-1].text
            case.text("une question de plus")
            running.command("console", "rebuild")
            assert "amina" in running.command("staff", "list")
            assert "1" in running.command("cases", "list")
            engine = sa.create_engine(url)
            with engine.connect() as connection:
                assert connection.execute(sa.text("SELECT count(*) FROM chambers_campaign WHERE code = 'souk-fes'")).scalar() == 1
                assert connection.execute(sa.text("SELECT count(*) FROM conversations_turn WHERE channel = 'telegram'")).scalar() >= 8
                kept = connection.execute(sa.text("SELECT count(*) FROM case_messages WHERE text = 'une question de plus'")).scalar()
            engine.dispose()
            assert kept == 1
        assert telegram.violations == []
