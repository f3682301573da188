"""What the tests share: the knowledge base, one trained model a run, the assistant in this process, a running Dalil."""

from __future__ import annotations

import os

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.store import Knowledge, load
from bot.settings import Settings, settings


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
    import shutil

    from bot.supervisor import Supervisor
    from tests.tools import Running, free_port

    folder = tmp_path_factory.mktemp("var")
    (folder / "models").mkdir()
    shutil.copy(model, folder / "models")
    own = Settings(data_dir=folder, rasa_port=free_port(), actions_port=free_port(), chat_messages_per_minute=1000)
    own.key()
    environment = {
        "DALIL_DATA_DIR": str(folder),
        "DALIL_RASA_PORT": str(own.rasa_port),
        "DALIL_ACTIONS_PORT": str(own.actions_port),
        "DALIL_CHAT_MESSAGES_PER_MINUTE": "1000",
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        supervisor = Supervisor(own, print)
        with supervisor.running():
            yield Running(own, supervisor)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
