"""Settings: typed, checked, each fault named by its variable."""

from pathlib import Path

import pytest

from bot import settings as module
from bot.paths import ROOT
from bot.settings import SettingsError, settings


@pytest.fixture(autouse=True)
def _fresh() -> None:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_production_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_ENV", "production")
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
