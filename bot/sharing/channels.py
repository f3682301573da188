"""Where this Dalil can be reached: from the settings, and from Telegram where the bot's name is not set."""

from __future__ import annotations

from bot.settings import Settings
from bot.sharing.links import Channels


def channels(settings: Settings) -> tuple[Channels, str | None]:
    """The channels that are set up, and why the link to Telegram is missing; None where it is not.

    Telegram is asked for the bot's name unless TELEGRAM_BOT_USERNAME is set. Must not be called from a running event loop.
    """
    telegram, fault = _telegram(settings) if settings.has("telegram") else ("", None)
    found = Channels(
        telegram=telegram,
        whatsapp=settings.twilio_whatsapp_from if settings.has("whatsapp") else "",
        public_url=settings.public_url if settings.has("web") else "",
    )
    return found, fault


def _telegram(settings: Settings) -> tuple[str, str | None]:
    if settings.telegram_bot_username:
        return settings.telegram_bot_username, None
    from bot.sharing.username import UsernameUnknown, username

    try:
        return username(settings.telegram_bot_token, settings.telegram_api_url), None
    except UsernameUnknown as error:
        return "", str(error)
