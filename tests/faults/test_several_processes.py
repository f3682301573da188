"""Several processes on one database: whichever a message reaches, it is answered once, and each person's in order."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.connected import KEY, SECRET, telegram_settings
from tests.tools import started
from tests.vendors.telegram import FakeTelegram
from tests.vendors.telegram_user import TelegramUser

pytestmark = [pytest.mark.server, pytest.mark.model]

QUESTIONS = [
    "Combien de personnes faut-il pour créer une coopérative ?",
    "Quel est le capital minimum d'une coopérative ?",
    "Combien de personnes faut-il pour créer une association ?",
    "Qui peut devenir auto-entrepreneur ?",
]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_messages_that_reach_two_processes_in_turn(kind: str, model: Path, tmp_path: Path, assistant: Any, request: pytest.FixtureRequest) -> None:
    expected = [(await assistant.say(f"two-{kind}", question)).replies[0]["text"] for question in QUESTIONS]
    url = f"sqlite:///{tmp_path / 'dalil.db'}" if kind == "sqlite" else request.getfixturevalue("postgres")
    with FakeTelegram() as telegram:
        variables = {**telegram_settings(telegram), "DATABASE_URL": url, "DALIL_SECRET_KEY": KEY}
        with started(model, tmp_path / "one", ["rasa"], **variables) as one, started(model, tmp_path / "two", ["rasa"], **variables) as two:
            users = [telegram.user(20_000 + number) for number in range(10)]
            for position, question in enumerate(QUESTIONS):
                for user in users:
                    await _bring(telegram, user, question, (one, two)[position % 2].url)
            for user in users:
                await asyncio.to_thread(user.wait_for, len(QUESTIONS) + 1, seconds=60)
            await asyncio.sleep(1.5)
        for user in users:
            assert [message.text for message in user.sent if message.text in expected] == expected
            assert len(user.sent) == len(QUESTIONS) + 1
        assert telegram.violations == []


async def _bring(telegram: FakeTelegram, user: TelegramUser, question: str, url: str) -> None:
    """Bring a message to one of the processes."""
    update = user.text(question)
    status = await asyncio.to_thread(telegram.deliver, update, f"{url}/webhooks/telegram/webhook", SECRET)
    assert status == 200
