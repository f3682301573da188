"""Dalil joined with vendors that check every request: the whole path, webhook in, Rasa, answer out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sharing.username import username
from bot.storage.database import Database
from tests.tools import Running, free_port, started
from tests.vendors.telegram import FakeTelegram
from tests.vendors.twilio import FakeTwilio

SECRET = "s" * 32
PUBLIC = "https://dalil.example"
#: The installation's secret, where several processes or several starts have to share it.
KEY = "k" * 32


@dataclass
class Connected:
    """A running Dalil between two vendors."""

    dalil: Running
    telegram: FakeTelegram
    twilio: FakeTwilio
    database: Database

    @property
    def telegram_webhook(self) -> str:
        return f"{self.dalil.url}/webhooks/telegram/webhook"


@pytest.fixture(scope="session")
def vendors() -> Iterator[tuple[FakeTelegram, FakeTwilio, str]]:
    """The vendors, and the port of the server they bring messages to."""
    port = free_port()
    local = f"http://127.0.0.1:{port}/webhooks"
    telegram = FakeTelegram(webhook_url=f"{local}/telegram/webhook")
    twilio = FakeTwilio(webhook_url=f"{local}/whatsapp/webhook", public_url=f"{PUBLIC}/webhooks/whatsapp/webhook")
    with telegram, twilio:
        yield telegram, twilio, str(port)


def telegram_settings(telegram: FakeTelegram) -> dict[str, str]:
    """The variables that point Dalil at Telegram, by webhook."""
    return {"PUBLIC_URL": PUBLIC, "TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_WEBHOOK_SECRET": SECRET}


def channel_settings(telegram: FakeTelegram, twilio: FakeTwilio) -> dict[str, str]:
    """The variables that point Dalil at the vendors."""
    return {
        **telegram_settings(telegram),
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TWILIO_WHATSAPP_FROM": twilio.sender,
        "TWILIO_API_URL": twilio.url,
    }


@pytest.fixture(scope="session")
def connected(model: Path, vendors: tuple[FakeTelegram, FakeTwilio, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    """Dalil with both webhooks, set up as docs/going-live.md says."""
    telegram, twilio, port = vendors
    folder = tmp_path_factory.mktemp("connected") / "var"
    with started(model, folder, DALIL_RASA_PORT=port, DALIL_CHAT_MESSAGES_PER_MINUTE="12", **channel_settings(telegram, twilio)) as running:
        running.command("telegram", "set-webhook")
        running.command("whatsapp", "templates")
        database = Database(running.settings.database)
        yield Connected(running, telegram, twilio, database)
        database.close()


@pytest.fixture
def unnamed_telegram() -> Iterator[FakeTelegram]:
    """A Telegram that was not asked yet what the bot is called."""
    username.cache_clear()
    with FakeTelegram() as fake:
        yield fake
    assert fake.violations == []
    username.cache_clear()


@pytest.fixture(autouse=True)
def _vendors_have_no_complaint(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every request of a test was one that the vendor's specification allows."""
    yield
    if "connected" in request.fixturenames:
        telegram, twilio, _ = request.getfixturevalue("vendors")
        assert telegram.violations == []
        assert twilio.violations == []
        telegram.faults.clear()
        twilio.faults.clear()
