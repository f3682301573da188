"""Which channels are linked to: those that are set up; Telegram is asked for the bot's name, once, and the rest does not wait for it."""

from __future__ import annotations

import time

import pytest

from bot.settings import SettingsError
from bot.sharing.channels import channels
from bot.sharing.links import Channels
from tests.tools import environment
from tests.vendors.faults import Fault, Kind
from tests.vendors.telegram import FakeTelegram

_TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32, "TWILIO_WHATSAPP_FROM": "whatsapp:+212661234567"}
_PUBLIC = {"PUBLIC_URL": "https://dalil.example.ma/", "TELEGRAM_WEBHOOK_SECRET": "s" * 32}


def _variables(fake: FakeTelegram) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": fake.token, "TELEGRAM_API_URL": fake.url}


def test_all_channels_are_found(unnamed_telegram: FakeTelegram) -> None:
    with environment(**_variables(unnamed_telegram), **_TWILIO, **_PUBLIC) as settings:
        assert channels(settings) == (Channels("dalil_test_bot", "+212661234567", "https://dalil.example.ma"), None)


def test_telegram_is_asked_once(unnamed_telegram: FakeTelegram) -> None:
    with environment(**_variables(unnamed_telegram)) as settings:
        assert [channels(settings)[0].telegram for _ in range(3)] == ["dalil_test_bot"] * 3
    assert [call.method for call in unnamed_telegram.calls] == ["getMe"]


def test_telegram_is_not_asked_where_the_name_is_set(unnamed_telegram: FakeTelegram) -> None:
    with environment(**_variables(unnamed_telegram), TELEGRAM_BOT_USERNAME="@dalil_ess_bot") as settings:
        assert channels(settings)[0].telegram == "dalil_ess_bot"
    assert unnamed_telegram.calls == []


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.DROP, Kind.TIMEOUT_BEFORE])
def test_without_an_answer_the_other_channels_are_there_soon(unnamed_telegram: FakeTelegram, kind: Kind) -> None:
    unnamed_telegram.faults.add(Fault(kind, times=9, seconds=30))
    start = time.monotonic()
    with environment(**_variables(unnamed_telegram), **_TWILIO, **_PUBLIC) as settings:
        found, fault = channels(settings)
    assert time.monotonic() - start < 10
    assert found == Channels("", "+212661234567", "https://dalil.example.ma")
    assert fault is not None
    assert fault.startswith("Telegram could not be asked")
    assert unnamed_telegram.token not in fault


def test_after_a_failure_telegram_is_asked_again(unnamed_telegram: FakeTelegram) -> None:
    unnamed_telegram.faults.add(Fault(Kind.SERVER_ERROR))
    with environment(**_variables(unnamed_telegram)) as settings:
        assert channels(settings)[0].telegram == ""
        assert channels(settings)[0].telegram == "dalil_test_bot"


def test_a_token_that_telegram_does_not_know_is_said_and_not_shown(unnamed_telegram: FakeTelegram) -> None:
    with environment(TELEGRAM_BOT_TOKEN="99:WRONG", TELEGRAM_API_URL=unnamed_telegram.url) as settings:
        assert channels(settings)[1] == "Telegram does not know TELEGRAM_BOT_TOKEN"


def test_a_channel_that_is_left_out_is_not_linked_to(unnamed_telegram: FakeTelegram) -> None:
    with environment(**_variables(unnamed_telegram), **_TWILIO, **_PUBLIC, DALIL_CHANNELS="web") as settings:
        assert channels(settings) == (Channels("", "", "https://dalil.example.ma"), None)
    with environment() as settings:
        assert channels(settings) == (Channels(), None)


@pytest.mark.parametrize("name", ["abc", "deux mots", "9dalil", "dalil-bot", "d" * 33])
def test_a_name_that_telegram_would_not_give_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_USERNAME"), environment(TELEGRAM_BOT_USERNAME=name):
        pass
