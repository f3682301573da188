"""Nothing acknowledged is lost: the server is killed, the vendor is away, and every question is answered, in order.

What may be said twice: a reply that the vendor took, when the process died before it could mark it. Telegram has no way to ask what it
sent, so those are sent again. They are counted after each kill: messages that Telegram has and Dalil has not marked. Nothing else comes twice.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.tables import inbox, outbox
from tests.connected import PUBLIC, SECRET
from tests.tools import Running, free_port, started
from tests.vendors.telegram import FakeTelegram

pytestmark = [pytest.mark.server, pytest.mark.model, pytest.mark.timeout(400)]

SENDERS, EACH, A_SECOND = 50, 10, 20
KILLS = 3
QUESTIONS = [
    "Combien de personnes faut-il pour créer une coopérative ?",
    "Quel est le capital minimum d'une coopérative ?",
    "Combien de personnes faut-il pour créer une association ?",
    "شحال خاص ديال الناس باش نديرو تعاونية؟",
    "Qui peut devenir auto-entrepreneur ?",
    "Quelles sont les étapes pour créer une coopérative ?",
    "ما الحد الأدنى لرأس مال التعاونية؟",
    "Quelles sont les étapes pour créer une association ?",
    "Quels documents pour créer une coopérative ?",
    "كم يجب أن يكون عدد أعضاء التعاونية؟",
]


def _kill(telegram: FakeTelegram, running: Running, database: Database) -> int:
    """Kill the server; how many messages Telegram has, so far, that are not marked as sent."""
    server = next(service for service in running.supervisor._services if service.name == "rasa")
    process = server.process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    time.sleep(0.2)
    taken = sum(call.method == "sendMessage" and call.performed for call in telegram.calls)
    return taken - int(database.now(lambda c: c.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "sent")).scalar_one()))


def _ready(running: Running, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if running.request("/health")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("the server did not come back")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_500_messages_while_the_server_dies_three_times_and_the_vendor_is_away(
    kind: str, model: Path, tmp_path: Path, assistant: Any, request: pytest.FixtureRequest, measured: Callable[[str], None]
) -> None:
    expected = [(await assistant.say(f"alone-{kind}", question)).replies[0]["text"] for question in QUESTIONS]
    assert len(set(expected)) >= EACH - 3
    url = f"sqlite:///{tmp_path / 'dalil.db'}" if kind == "sqlite" else request.getfixturevalue("postgres")
    port = str(free_port())
    with FakeTelegram(webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram/webhook", retry_every=0.2) as telegram:
        variables = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": PUBLIC}
        variables |= {"DATABASE_URL": url, "DALIL_RASA_PORT": port, "DALIL_SECRET_KEY": "k" * 32}
        with started(model, tmp_path / "var", **variables) as running:
            running.command("telegram", "set-webhook")
            database = Database(running.settings.database)
            watching = True
            watcher = threading.Thread(target=running.supervisor.watch, args=(lambda: watching,))
            watcher.start()
            try:
                unmarked = _run(telegram, running, database)
                missing = _wait(telegram, database)
            finally:
                watching = False
                watcher.join()
            left = database.now(lambda c: c.execute(select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")).scalar_one())
            database.close()
    twice = _check(telegram, expected)
    measured(
        f"{kind}: {SENDERS * EACH} messages, {KILLS} kills: {missing} unanswered, {twice} said twice of {unmarked} taken but not marked at the kills, {left} left waiting"
    )
    assert (missing, left) == (0, 0)
    assert twice <= unmarked
    assert telegram.violations == []


def _run(telegram: FakeTelegram, running: Running, database: Database) -> int:
    """Send all messages, kill the server three times and take the vendor away for ten seconds.

    Returns:
        How many messages Telegram has that a kill kept from being marked.
    """
    unmarked = 0
    kills = {60, 220, 380}
    for number in range(SENDERS * EACH):
        telegram.user(10_000 + number % SENDERS).text(QUESTIONS[number // SENDERS])
        if number in kills:
            _ready(running)
            time.sleep(0.3)
            unmarked = _kill(telegram, running, database)
        if number == 300:
            telegram.faults.down_for(10)
        time.sleep(1 / A_SECOND)
    return unmarked


def _wait(telegram: FakeTelegram, database: Database) -> int:
    """Wait until everybody has everything. Returns how many answers are missing."""
    deadline = time.monotonic() + 150
    missing = SENDERS * EACH
    while missing and time.monotonic() < deadline:
        time.sleep(0.5)
        # Besides the answers everybody gets one notice.
        missing = sum(max(0, EACH + 1 - len(telegram.user(10_000 + sender).sent)) for sender in range(SENDERS))
    time.sleep(2)
    return missing


def _check(telegram: FakeTelegram, answers: list[str]) -> int:
    """Every sender's answers in the order of the questions. Returns how many came twice."""
    twice = 0
    for number in range(10_000, 10_000 + SENDERS):
        said = [message.text for message in telegram.user(number).sent if message.text in answers]
        assert _without_repeats(said) == _without_repeats(answers), number
        twice += len(said) - EACH
    return twice


def _without_repeats(texts: list[str]) -> list[str]:
    return [text for position, text in enumerate(texts) if not position or text != texts[position - 1]]
