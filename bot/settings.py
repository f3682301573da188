"""Every setting, read once from the environment (and `.env`), typed and checked before anything starts."""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseSettings, Field, ValidationError, validator

from bot import hours
from bot.paths import ROOT

#: Shorter secrets are refused in production.
_SHORTEST_SECRET = 32


#: What a channel cannot do without.
_NEEDED = {
    "telegram": ("TELEGRAM_BOT_TOKEN",),
    "whatsapp": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM", "PUBLIC_URL"),
    "web": (),
}
_CHANNELS = {"telegram", "whatsapp", "web"}
_TELEGRAM_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class SettingsError(Exception):
    """A setting is missing or wrong. The message has one line a fault, each naming the variable."""


class Settings(BaseSettings):
    """Dalil's settings. `.env.example` says what each is for."""

    env: Literal["development", "production"] = Field("development", env="DALIL_ENV")
    secret_key: str = Field("", env="DALIL_SECRET_KEY")
    data_dir: Path = Field(ROOT / "var", env="DALIL_DATA_DIR")
    host: str = Field("127.0.0.1", env="DALIL_HOST")
    rasa_port: int = Field(5005, env="DALIL_RASA_PORT", ge=1, le=65535)
    actions_host: str = Field("127.0.0.1", env="DALIL_ACTIONS_HOST")
    actions_url: str = Field("", env="DALIL_ACTIONS_URL")
    actions_port: int = Field(5055, env="DALIL_ACTIONS_PORT", ge=1, le=65535)
    workers: int = Field(1, env="DALIL_WORKERS", ge=1, le=64)
    metrics_host: str = Field("127.0.0.1", env="DALIL_METRICS_HOST")
    metrics_port: int = Field(0, env="DALIL_METRICS_PORT", ge=0, le=65535)
    log_format: Literal["", "text", "json"] = Field("", env="DALIL_LOG_FORMAT")
    console_host: str = Field("127.0.0.1", env="DALIL_CONSOLE_HOST")
    console_port: int = Field(8000, env="DALIL_CONSOLE_PORT", ge=1, le=65535)
    console_url: str = Field("", env="DALIL_CONSOLE_URL")
    console_proxy: str = Field("127.0.0.1", env="DALIL_CONSOLE_PROXY")
    console_idle_minutes: int = Field(60, env="DALIL_CONSOLE_IDLE_MINUTES", ge=1)
    chat_messages_per_minute: int = Field(20, env="DALIL_CHAT_MESSAGES_PER_MINUTE", ge=1)
    longest_message: int = Field(1000, env="DALIL_LONGEST_MESSAGE", ge=100)
    most_waiting: int = Field(1000, env="DALIL_MOST_WAITING", ge=1)
    keep_messages_days: int = Field(180, env="DALIL_KEEP_MESSAGES_DAYS", ge=1)
    keep_contacts_days: int = Field(365, env="DALIL_KEEP_CONTACTS_DAYS", ge=1)
    redis_url: str = Field("", env="REDIS_URL")
    database_url: str = Field("", env="DATABASE_URL")
    office_hours: str = Field("Mon-Fri 09:00-16:30", env="DALIL_OFFICE_HOURS")
    case_pause_hours: float = Field(4.0, env="DALIL_CASE_PAUSE_HOURS", gt=0)
    public_url: str = Field("", env="PUBLIC_URL")
    channels: str = Field("", env="DALIL_CHANNELS")
    telegram_bot_token: str = Field("", env="TELEGRAM_BOT_TOKEN")
    telegram_bot_username: str = Field("", env="TELEGRAM_BOT_USERNAME")
    telegram_webhook_secret: str = Field("", env="TELEGRAM_WEBHOOK_SECRET")
    telegram_api_url: str = Field("https://api.telegram.org", env="TELEGRAM_API_URL")
    twilio_account_sid: str = Field("", env="TWILIO_ACCOUNT_SID")
    twilio_auth_token: str = Field("", env="TWILIO_AUTH_TOKEN")
    twilio_whatsapp_from: str = Field("", env="TWILIO_WHATSAPP_FROM")
    twilio_api_url: str = Field("", env="TWILIO_API_URL")

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

    @validator("public_url", "console_url", "telegram_api_url", "twilio_api_url", "actions_url")
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// (or http:// for a server of your own)")
        return value.rstrip("/")

    @validator("office_hours")
    def _readable_hours(cls, value: str) -> str:
        hours.parse(value)
        return value

    @validator("telegram_bot_username")
    def _telegram_name(cls, value: str) -> str:
        value = value.removeprefix("@")
        if value and not _TELEGRAM_USERNAME.fullmatch(value):
            raise ValueError("must be the bot's user name: 5 to 32 letters, digits and _")
        return value

    @validator("telegram_webhook_secret")
    def _telegram_accepts(cls, value: str) -> str:
        # https://core.telegram.org/bots/api#setwebhook
        if value and not _TELEGRAM_SECRET.fullmatch(value):
            raise ValueError("must be 16 to 256 characters of A-Z, a-z, 0-9, _ and -")
        return value

    @validator("twilio_whatsapp_from")
    def _whatsapp_number(cls, value: str) -> str:
        value = value.removeprefix("whatsapp:")
        if value and not re.fullmatch(r"\+[1-9]\d{6,14}", value):
            raise ValueError("must be the number in international form: + and digits only")
        return value

    def has(self, channel: str) -> bool:
        """Whether this Dalil answers on `telegram`, `whatsapp` or `web`."""
        return channel in self.wanted_channels()

    def wanted_channels(self) -> set[str]:
        """The channels named; where none is: in production all of them, else the web page and those that something was set for.

        So in production nothing is left out by an oversight, and a half-configured channel is refused everywhere.
        """
        named = {name.strip() for name in self.channels.split(",") if name.strip()}
        if named:
            return named
        if self.production:
            return set(_CHANNELS)
        given = {"telegram": self.telegram_bot_token, "whatsapp": self.twilio_account_sid or self.twilio_auth_token or self.twilio_whatsapp_from}
        return {"web", *(channel for channel, value in given.items() if value)}

    def faults(self) -> list[str]:
        """What does not fit together, a line each, naming the variable."""
        wanted = self.wanted_channels()
        faults = [f"DALIL_CHANNELS: knows telegram, whatsapp and web, not {name}" for name in sorted(wanted - _CHANNELS)]
        needed = {variable: channel for channel in sorted(wanted & _CHANNELS) for variable in _NEEDED[channel]}
        if "telegram" in wanted and (self.public_url or self.production):
            needed |= {"TELEGRAM_WEBHOOK_SECRET": "telegram", "PUBLIC_URL": "telegram"}  # pragma: allowlist secret
        faults += [f"{name}: must be set for the channel {channel}" for name, channel in needed.items() if not getattr(self, name.lower())]
        if self.production and self.public_url.startswith("http://"):
            faults.append("PUBLIC_URL: must begin with https:// in production")
        if self.production and self.console_url.startswith("http://"):
            faults.append("DALIL_CONSOLE_URL: must begin with https:// in production")
        return faults

    @property
    def chat_link(self) -> str | None:
        """Where a printed QR code leads back to: WhatsApp where it is set up, else the web page; None where there is no public address."""
        if self.twilio_whatsapp_from:
            return f"https://wa.me/{self.twilio_whatsapp_from.removeprefix('+')}"
        return f"{self.public_url}/chat" if self.public_url else None

    @property
    def telegram_polls(self) -> bool:
        """Whether messages are fetched from Telegram; without a public address it cannot bring them."""
        return not self.public_url

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy."""
        return self.database_url or f"sqlite:///{self.data_dir / 'dalil.db'}"

    @property
    def production(self) -> bool:
        """Whether this runs for the public."""
        return self.env == "production"

    @property
    def logs_json(self) -> bool:
        """Whether logs are JSON lines: where that is asked for, else in production."""
        return self.log_format == "json" if self.log_format else self.production

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept."""
        return self.data_dir / "models"

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
        found = Settings(**{})
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            field = Settings.__fields__.get(str(fault["loc"][0]))
            names = field.field_info.extra.get("env_names") if field else None
            name = sorted(names)[0].upper() if names else str(fault["loc"][0])
            faults.append(f"{name}: {fault['msg']}")
        raise SettingsError("\n".join(faults)) from error
    if faults := found.faults():
        raise SettingsError("\n".join(faults))
    return found
