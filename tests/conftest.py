"""What the tests share: the knowledge base, one trained model a run, the assistant in this process, a running Dalil."""

from __future__ import annotations

import os
import uuid

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy is imported; as the servers have it (bot/environment.py)

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.environment import collect_seldom
from bot.knowledge.store import Knowledge, load
from bot.settings import settings
from bot.without_tensorflow import leave_out
from tests.candidate import Candidate, trained

pytest_plugins = ["tests.connected"]

leave_out()
collect_seldom()


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Notes a figure; all of them stand at the end of the run."""
    return partial(record_property, "measured")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that start processes come first: at the end of a run each of its processes has something short left to do."""
    long = {item.path for item in items if item.get_closest_marker("server") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests measured, in whichever process they ran."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, []) if getattr(report, "when", "") == "call"]
    if lines := [value for report in reports for name, value in report.user_properties if name == "measured"]:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.write_line(str(line))


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The project's own knowledge base."""
    return load()


@pytest.fixture(scope="session")
def model() -> Path:
    """The model, trained on the files as they are; trained once, and not at all when nothing changed."""
    from bot.training import model_path, train

    train(settings(), print)  # the processes of a run wait for the one that trains
    return model_path(settings())


@pytest.fixture(scope="session")
def candidate(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """A run of the console that is ready, with a model that knows one line more; the processes of a run share it."""
    base = tmp_path_factory.getbasetemp()
    return trained(model, base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def assistant(model: Path) -> Any:
    """The whole assistant in this process."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bot.assistant import Assistant

        return Assistant.load(model)


@pytest.fixture(scope="session")
def identifier(model: Path) -> Any:
    """The variety identifier of the trained model."""
    from bot.nlu.trained import trained_identifier

    return trained_identifier(settings(), print)


@pytest.fixture(scope="session")
def dalil(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The real processes, started by the real supervisor on free ports, with a data directory of their own."""
    from tests.tools import started

    with started(model, tmp_path_factory.mktemp("var"), DALIL_CHAT_MESSAGES_PER_MINUTE="1000") as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver

        server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    # Nothing here has to outlive the machine.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    try:
        yield server
    finally:
        server.cleanup()


@pytest.fixture
def postgres(postgres_server: Any) -> str:
    """The address of an empty database in PostgreSQL."""
    name = f"test_{uuid.uuid4().hex}"
    postgres_server.psql(f"CREATE DATABASE {name}")
    return str(postgres_server.get_uri(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of either kind."""
    return str(request.getfixturevalue("postgres")) if request.param == "postgresql" else f"sqlite:///{tmp_path / 'dalil.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Any]:
    """An empty database of either kind."""
    from bot.storage.database import Database

    found = Database(database_url)
    yield found
    found.close()
