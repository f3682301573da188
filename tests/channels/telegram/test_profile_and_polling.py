"""What Telegram shows before the first message, and fetching messages where there is no public address."""

import time
from pathlib import Path

import pytest

from bot.channels.telegram.profile import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION
from bot.delivery.guard import COMMANDS as MEANINGS
from tests.connected import PUBLIC, SECRET, Connected
from tests.tools import started
from tests.vendors.telegram import FakeTelegram


def test_each_command_shown_is_one_that_is_understood() -> None:
    assert COMMANDS.keys() <= MEANINGS.keys()


def test_descriptions_fit_telegrams_limits() -> None:
    assert all(len(text) <= 512 for text in DESCRIPTION.values())
    assert all(len(text) <= 120 for text in SHORT_DESCRIPTION.values())


@pytest.mark.server
@pytest.mark.model
def test_commands_descriptions_and_webhook_are_set(connected: Connected) -> None:
    telegram = connected.telegram
    assert telegram.webhook["url"] == f"{PUBLIC}/webhooks/telegram/webhook"
    set_webhook = next(call for call in telegram.calls if call.method == "setWebhook")
    assert set_webhook.params["secret_token"] == SECRET
    assert set_webhook.params["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    languages = [call.params.get("language_code") for call in telegram.calls if call.method == "setMyCommands"]
    assert languages == [None, "fr"]
    assert sum(call.method in ("setMyDescription", "setMyShortDescription") for call in telegram.calls) == 4


@pytest.mark.server
@pytest.mark.model
def test_without_a_public_address_messages_are_fetched_by_one_process_only(model: Path, tmp_path: Path) -> None:
    with FakeTelegram() as telegram:
        variables = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        variables |= {"DATABASE_URL": f"sqlite:///{tmp_path / 'shared.db'}", "DALIL_SECRET_KEY": "k" * 32}
        with started(model, tmp_path / "one", ["rasa"], **variables) as one, started(model, tmp_path / "two", ["rasa"], **variables):
            assert "messages are fetched while Dalil runs" in one.command("telegram", "set-webhook")
            user = telegram.user(5)
            user.text("Combien de personnes faut-il pour créer une coopérative ?")
            user.wait_for(2)
            user.press(user.sent[0].choices[0]["title"], of=user.sent[0])
            user.wait_for(3)
            # What no client would send, and what no library knows yet, must not hold up the others.
            user.press("b9999999999999999999999999.0")
            telegram.push({"update_id": 900_000_000, "message": {"chat": "broken"}})
            user.wait_for(4)
            user.text("Quel est le capital minimum d'une coopérative ?")
            user.wait_for(5)
            time.sleep(1)
        assert "5" in user.sent[0].text
        assert len(user.sent) == 5
        assert telegram.most_pollers == 1
        assert telegram.violations == []
