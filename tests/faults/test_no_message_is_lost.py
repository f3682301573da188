"""Nothing acknowledged is lost: the server is killed, the vendor is away, and every question is answered, in order.

What may be said twice: a reply that the vendor took, when the process died before it could mark it. Telegram has no way to ask what it
sent, so those are sent again. They are counted after each kill: messages that Telegram has and Dalil has not marked. Nothing else comes twice.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.connected import KEY, telegram_settings
from tests.faults.talk import Talk, answers_alone, left_waiting, wait_until_ready, watched
from tests.tools import Running, free_port, started
from tests.vendors.telegram import FakeTelegram

pytestmark = [pytest.mark.server, pytest.mark.model, pytest.mark.timeout(400)]

PEOPLE, A_SECOND = 50, 20
KILLS = (60, 220, 380)


def _kill(telegram: FakeTelegram, running: Running, database: Database) -> int:
    """Kill the server; how many messages Telegram has, so far, that are not marked as sent."""
    wait_until_ready(running)
    time.sleep(0.3)
    server = next(service for service in running.supervisor._services if service.name == "rasa")
    process = server.process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    time.sleep(0.2)
    taken = sum(call.method == "sendMessage" and call.performed for call in telegram.calls)
    return taken - int(database.now(lambda c: c.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "sent")).scalar_one()))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_500_messages_while_the_server_dies_three_times_and_the_vendor_is_away(
    kind: str, model: Path, tmp_path: Path, assistant: Any, request: pytest.FixtureRequest, measured: Callable[[str], None]
) -> None:
    expected = await answers_alone(assistant, f"alone-{kind}")
    url = f"sqlite:///{tmp_path / 'dalil.db'}" if kind == "sqlite" else request.getfixturevalue("postgres")
    port = str(free_port())
    at = {"DATABASE_URL": url, "DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": KEY}
    unmarked: list[int] = []
    with FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook", retry_every=0.2) as telegram:
        talk = Talk(telegram, PEOPLE, A_SECOND)
        with started(model, tmp_path / "var", ["rasa"], **telegram_settings(telegram), **at) as running, watched(running) as database:
            running.command("telegram", "set-webhook")
            faults: dict[int, Callable[[], None]] = {number: lambda: unmarked.append(_kill(telegram, running, database)) for number in KILLS}
            talk.send({**faults, 300: lambda: telegram.faults.down_for(10)})
            missing, left = talk.wait(), left_waiting(database)
    twice = talk.check(expected)
    measured(
        f"{kind}: {talk.messages} messages, {len(KILLS)} kills: {missing} unanswered, {twice} said twice of {unmarked[-1]} taken but not marked "
        f"at the kills, {left} left waiting"
    )
    assert (missing, left) == (0, 0)
    assert twice <= unmarked[-1]
    assert telegram.violations == []
