"""What the tests share: the knowledge base, one trained model a run, the assistant in this process, a running Dalil."""

from __future__ import annotations

import os
import uuid

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.store import Knowledge, load
from bot.settings import settings

pytest_plugins = ["tests.connected"]

_MEASURED = pytest.StashKey[list[str]]()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Notes a figure; all of them stand at the end of the run."""
    return request.config.stash.setdefault(_MEASURED, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what the tests measured."""
    if lines := config.stash.get(_MEASURED, []):
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The project's own knowledge base."""
    return load()


@pytest.fixture(scope="session")
def model() -> Path:
    """The model, trained on the files as they are; trained once, and not at all when nothing changed."""
    from bot.training import model_path, train

    train(settings(), print)
    return model_path(settings())


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
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """An empty database of either kind."""
    from bot.storage.database import Database

    url = request.getfixturevalue("postgres") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'dalil.db'}"
    found = Database(url)
    yield found
    found.close()
