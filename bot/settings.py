"""Every setting, read once from the environment (and `.env`), typed and checked before anything starts."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseSettings, Field, ValidationError, validator

from bot.paths import ROOT

#: Shorter secrets are refused in production.
_SHORTEST_SECRET = 32


class SettingsError(Exception):
    """A setting is missing or wrong. The message has one line a fault, each naming the variable."""


class Settings(BaseSettings):
    """Dalil's settings. `.env.example` says what each is for."""

    env: Literal["development", "production"] = Field("development", env="DALIL_ENV")
    secret_key: str = Field("", env="DALIL_SECRET_KEY")
    data_dir: Path = Field(ROOT / "var", env="DALIL_DATA_DIR")
    host: str = Field("127.0.0.1", env="DALIL_HOST")
    rasa_port: int = Field(5005, env="DALIL_RASA_PORT", ge=1, le=65535)
    actions_port: int = Field(5055, env="DALIL_ACTIONS_PORT", ge=1, le=65535)
    chat_messages_per_minute: int = Field(20, env="DALIL_CHAT_MESSAGES_PER_MINUTE", ge=1)
    longest_message: int = Field(1000, env="DALIL_LONGEST_MESSAGE", ge=100)

    class Config:
        env_file = ROOT / ".env"
        allow_population_by_field_name = True
        env_file_encoding = "utf-8"

    @validator("data_dir")
    def _absolute(cls, path: Path) -> Path:
        return path if path.is_absolute() else ROOT / path

    @validator("secret_key", always=True)
    def _secret_in_production(cls, value: str, values: dict[str, Any]) -> str:
        if values.get("env") == "production" and len(value) < _SHORTEST_SECRET:
            raise ValueError(f"must be set in production, {_SHORTEST_SECRET} characters or more")
        return value

    @property
    def production(self) -> bool:
        """Whether this runs for the public."""
        return self.env == "production"

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept."""
        return self.data_dir / "models"

    @property
    def actions_url(self) -> str:
        """Where Rasa finds the action server."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    def key(self) -> bytes:
        """The secret that signs and pseudonymises. In development one is made and kept in the data directory."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret_key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        return path.read_bytes()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: naming each variable that is missing or wrong.
    """
    try:
        return Settings(**{})
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            field = Settings.__fields__.get(str(fault["loc"][0]))
            names = field.field_info.extra.get("env_names") if field else None
            name = sorted(names)[0].upper() if names else str(fault["loc"][0])
            faults.append(f"{name}: {fault['msg']}")
        raise SettingsError("\n".join(faults)) from error
