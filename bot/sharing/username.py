"""The name of the bot, which stands in links to it."""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

logging.getLogger("httpx").setLevel(logging.WARNING)  # its other lines hold the token

_SECONDS = 4.0


class UsernameUnknown(Exception):
    """Telegram did not tell the bot's name. The message says why, and holds no token."""


@lru_cache(maxsize=4)
def username(token: str, api_url: str) -> str:
    """The bot's user name, without @; Telegram is asked once a process, and waited for a few seconds.

    Must not be called from a running event loop.

    Raises:
        UsernameUnknown: when Telegram does not answer, or does not know the token.
    """
    try:
        return asyncio.run(_ask(token, api_url))
    except InvalidToken as error:  # its text holds the token
        raise UsernameUnknown("Telegram does not know TELEGRAM_BOT_TOKEN") from error
    except TelegramError as error:
        raise UsernameUnknown(f"Telegram could not be asked ({error.__class__.__name__})") from error


async def _ask(token: str, api_url: str) -> str:
    requests = [HTTPXRequest(connection_pool_size=1, connect_timeout=_SECONDS, read_timeout=_SECONDS) for _ in range(2)]
    async with Bot(token, base_url=f"{api_url}/bot", request=requests[0], get_updates_request=requests[1]) as bot:
        return bot.username
