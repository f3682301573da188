"""What Dalil stands on goes away under load and comes back: the database, Redis, a worker, the disk, the right time.

Nothing acknowledged is lost, and Dalil comes back by itself.
"""

import json
import os
import shutil
import signal
import struct
import subprocess
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.web import SESSION_HEADER
from tests.connected import KEY, telegram_settings
from tests.faults.talk import QUESTIONS, Talk, answers_alone, left_waiting, wait_until_ready, watched
from tests.tools import Running, free_port, ports_in_a_row, redis_server, started
from tests.vendors.telegram import FakeTelegram

pytestmark = [pytest.mark.server, pytest.mark.model, pytest.mark.timeout(400)]

PEOPLE, A_SECOND = 20, 10
#: So long a part is away, in seconds.
AWAY = 4.0


class Visitor:
    """Somebody on the web page who asks again and again; what became of each question."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answered, self.refused, self.lost = 0, 0, 0

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _ask(self) -> None:
        session = json.loads(self._running.request("/chat/session", b"{}")[1])["session"]
        while not self._stopping.wait(0.5):
            try:
                status, body, _ = self._running.request("/chat/message", {"text": QUESTIONS[0]}, {SESSION_HEADER: session})
            except OSError:  # the proxy would ask another worker
                status, body = 502, b""
            if status == 200 and "5" in json.loads(body)["messages"][-1]["text"]:
                self.answered += 1
            elif status >= 500:
                self.refused += 1
            else:
                self.lost += 1


def _health(running: Running) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(running.request("/health")[1])
    return found


def _questions_stored(url: str) -> int:
    """How many of the questions stand in the conversations that staff read."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT data FROM events WHERE type_name = 'user'")).all()
    engine.dispose()
    return sum(json.loads(data)["text"] in QUESTIONS and json.loads(data)["input_channel"] == "telegram" for (data,) in rows)


async def test_redis_and_the_database_and_a_worker_go_away_and_come_back(model: Path, tmp_path: Path, assistant: Any, measured: Callable[[str], None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver

        server: Any = pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    server.psql("CREATE DATABASE faults")
    url, port, redis_port = str(server.get_uri("faults")), str(ports_in_a_row(2)), free_port()
    at = {"DATABASE_URL": url, "DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": KEY}
    expected = await answers_alone(assistant, "parts")
    seen: dict[str, Any] = {}
    with (
        ExitStack() as ended,
        ExitStack() as redis,
        FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook", retry_every=0.2) as telegram,
    ):
        ended.callback(server.cleanup)
        talk = Talk(telegram, PEOPLE, A_SECOND)
        address = redis.enter_context(redis_server(tmp_path / "redis", redis_port))
        variables = {**telegram_settings(telegram), **at, "REDIS_URL": address, "DALIL_WORKERS": "2", "DALIL_CHAT_MESSAGES_PER_MINUTE": "1000"}
        with started(model, tmp_path / "var", ["rasa"], **variables) as running, watched(running) as database:
            running.command("telegram", "set-webhook")

            def restart_redis() -> None:
                redis.close()
                time.sleep(AWAY)
                redis.enter_context(redis_server(tmp_path / "redis", redis_port))

            def restart_database() -> None:
                pgserver.pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=server.pgdata, user=server.system_user)
                time.sleep(AWAY / 2)
                seen["health"] = _health(running)
                seen["webhook"] = telegram.deliver(telegram.pending[-1], secret=variables["TELEGRAM_WEBHOOK_SECRET"])
                time.sleep(AWAY / 2)
                server.ensure_postgres_running()

            def kill_a_worker() -> None:
                process = next(service.process for service in running.supervisor._services if service.name == "rasa")
                assert process is not None
                os.killpg(process.pid, signal.SIGKILL)

            with Visitor(running) as visitor:
                talk.send({40: restart_redis, 90: _beside(restart_database), 140: kill_a_worker})
                missing, left = talk.wait(), left_waiting(database)
            wait_until_ready(running)
            stored = _questions_stored(url)
    twice = talk.check(expected)
    measured(
        f"Redis and PostgreSQL restarted, one of two workers killed, under {A_SECOND} messages a second: {missing} of {talk.messages} unanswered, {twice} said twice, "
        f"{left} left waiting, {stored} questions in the transcripts; on the web page {visitor.answered} answered, {visitor.refused} told to come again"
    )
    assert seen["health"]["ready"] is False
    assert seen["health"]["database"] is False
    assert seen["webhook"] == 503, "taken, or refused for good, what could not be kept"
    assert (missing, left, visitor.lost) == (0, 0, 0)
    assert stored >= talk.messages
    assert twice <= PEOPLE  # a reply that Telegram took while the database was away could not be marked
    assert telegram.violations == []


def _beside(work: Callable[[], None]) -> Callable[[], None]:
    """Do something while messages go on coming."""
    return threading.Thread(target=work).start


def _wrong_machine(folder: Path) -> tuple[dict[str, str], Callable[[int, bool], None]]:
    """A machine whose clock and disk can be made to fail: the variables for its processes, and what sets seconds and fullness."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "a C compiler is needed to play a wrong clock and a full disk"
    library, state = folder / "faults.so", folder / "faults"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, Path(__file__).with_name("faults.c")], check=True)

    def make(seconds: int, full: bool) -> None:
        with state.open("r+b" if state.exists() else "wb") as file:
            file.write(struct.pack("=qq", seconds, full))

    make(0, False)
    return {"LD_PRELOAD": str(library), "FAULTS": str(state)}, make


async def test_the_disk_is_full_and_the_clock_jumps(model: Path, tmp_path: Path, assistant: Any, measured: Callable[[str], None]) -> None:
    expected = await answers_alone(assistant, "machine")
    url, port = f"sqlite:///{tmp_path / 'dalil.db'}", str(free_port())
    health: dict[str, Any] = {}
    at = {"DATABASE_URL": url, "DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": KEY}
    variables, make = _wrong_machine(tmp_path)
    with FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook", retry_every=0.2) as telegram:
        talk = Talk(telegram, PEOPLE, A_SECOND)
        with started(model, tmp_path / "var", ["rasa"], **telegram_settings(telegram), **at, **variables) as running, watched(running) as database:
            running.command("telegram", "set-webhook")

            def fill_the_disk() -> None:
                make(0, True)
                time.sleep(AWAY / 2)
                health.update(_health(running))
                time.sleep(AWAY / 2)
                make(0, False)

            faults = {30: _beside(fill_the_disk), 90: lambda: make(-3600, False), 150: lambda: make(+3600, False)}
            talk.send(faults)
            missing, left = talk.wait(), left_waiting(database)
            stored = _questions_stored(url)
            wait_until_ready(running)
    twice = talk.check(expected)
    measured(
        f"disk full, clock an hour back, then two forward, under {A_SECOND} messages a second: {missing} of {talk.messages} unanswered, "
        f"{twice} said twice, {left} left waiting, {stored} questions in the transcripts"
    )
    assert health == {"ready": False, "model": True, "actions": True, "database": False}
    assert (missing, left) == (0, 0)
    assert stored >= talk.messages
    assert twice <= PEOPLE  # a reply that Telegram took while the disk was full could not be marked
    assert telegram.violations == []
