"""Settings: typed, checked, each fault named by its variable."""

import os
import shutil
from pathlib import Path

import pytest

from bot import settings as module
from bot.paths import ROOT
from bot.settings import Settings, SettingsError, settings


@pytest.fixture(autouse=True)
def _fresh() -> None:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_production_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_ENV", "production")
    monkeypatch.setenv("DALIL_CHANNELS", "web")
    monkeypatch.delenv("DALIL_SECRET_KEY", raising=False)
    with pytest.raises(SettingsError, match="DALIL_SECRET_KEY"):
        settings()
    monkeypatch.setenv("DALIL_SECRET_KEY", "short")
    with pytest.raises(SettingsError, match="32 characters"):
        settings()
    monkeypatch.setenv("DALIL_SECRET_KEY", "x" * 32)
    assert settings().production


@pytest.mark.parametrize(("name", "value"), [("DALIL_RASA_PORT", "many"), ("DALIL_RASA_PORT", "0"), ("DALIL_ENV", "test"), ("DALIL_LONGEST_MESSAGE", "1")])
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        settings()


_TELEGRAM = {"TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_WEBHOOK_SECRET": "s" * 32}
_WHATSAPP = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_WHATSAPP_FROM": "whatsapp:+212500000000"}
_ALL = {**_TELEGRAM, **_WHATSAPP, "PUBLIC_URL": "https://dalil.example/", "DALIL_ENV": "production", "DALIL_SECRET_KEY": "x" * 32}


@pytest.mark.parametrize("missing", [*_TELEGRAM, *_WHATSAPP, "PUBLIC_URL", "DALIL_SECRET_KEY"])
def test_in_production_a_missing_secret_or_token_stops_the_start_with_its_name(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in _ALL.items():
        monkeypatch.setenv(name, value)
    assert settings().wanted_channels() == {"telegram", "whatsapp", "web"}
    settings.cache_clear()
    monkeypatch.setenv(missing, "")
    with pytest.raises(SettingsError, match=missing):
        settings()


def test_production_with_fewer_channels_says_so_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _ALL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DALIL_CHANNELS", "telegram,web")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    assert not settings().has("whatsapp")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({**_WHATSAPP}, "PUBLIC_URL"),
        ({"TELEGRAM_BOT_TOKEN": "1:x", "PUBLIC_URL": "https://dalil.example"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_WEBHOOK_SECRET": "short"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"DALIL_CHANNELS": "fax"}, "DALIL_CHANNELS"),
        ({**_ALL, "PUBLIC_URL": "http://dalil.example"}, "PUBLIC_URL"),
        ({"TWILIO_WHATSAPP_FROM": "0612"}, "TWILIO_WHATSAPP_FROM"),
    ],
)
def test_a_half_configured_channel_stops_the_start_everywhere(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=missing):
        settings()


def test_telegram_is_polled_without_a_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:x")
    assert settings().has("telegram")
    assert settings().telegram_polls


def test_the_development_secret_is_made_once_and_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DALIL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DALIL_SECRET_KEY", raising=False)
    key = settings().key()
    assert settings().key() == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_each_setting_is_documented() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = {name.upper() for field in module.Settings.__fields__.values() for name in field.field_info.extra["env_names"]}
    assert [name for name in sorted(names) if name not in example] == []


def test_a_file_of_settings_is_read_and_the_example_as_it_stands_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("DALIL_", "TELEGRAM_", "TWILIO_", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL")):
            monkeypatch.delenv(name)
    example = tmp_path / ".env"
    shutil.copy(ROOT / ".env.example", example)
    assert Settings(_env_file=example) == Settings(_env_file=None)
    with example.open("a", encoding="utf-8") as file:
        file.write("\nDALIL_RASA_PORT=5105\nTELEGRAM_BOT_USERNAME=@dalil_ess_bot\n")
    read = Settings(_env_file=example)
    assert (read.rasa_port, read.telegram_bot_username) == (5105, "dalil_ess_bot")
