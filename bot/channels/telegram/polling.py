"""Fetching updates from Telegram, where there is no public address for a webhook."""

from __future__ import annotations

import asyncio
import logging
import warnings
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.transport import confirm
from bot.channels.telegram.updates import ALLOWED, MalformedUpdate, callback_id, read
from bot.delivery.dispatcher import Dispatcher, Full

logger = logging.getLogger(__name__)

_POLLER = "telegram-poller"
_POLL_SECONDS = 25


async def poll(bot: Bot, dispatcher: Dispatcher) -> None:
    """Fetch updates for as long as the server runs; of several processes one does so. Trouble is waited out."""
    offset = 0
    webhook_gone = False
    while True:
        pause = 3.0
        try:
            if await dispatcher.holds(_POLLER):
                if not webhook_gone:
                    webhook_gone = await bot.delete_webhook()
                for update in await _fetch(bot, offset):
                    await _take(update, bot, dispatcher)
                    offset = int(update["update_id"]) + 1
                pause = 0.0
        except RetryAfter as error:
            after = error.retry_after
            pause = float(after if isinstance(after, int) else after.total_seconds())
        except Conflict:
            logger.error("somebody else fetches this bot's messages, or a webhook is set")
        except InvalidToken:
            logger.error("Telegram does not know TELEGRAM_BOT_TOKEN")
            pause = 30.0
        except Full:
            pause = 1.0
        except TelegramError as error:
            logger.warning("messages could not be fetched: %s", error.__class__.__name__)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("messages could not be taken in; they are fetched again")
        await asyncio.sleep(pause)


async def _fetch(bot: Bot, offset: int) -> list[dict[str, Any]]:
    """Updates as Telegram gives them: one that the library cannot read must not hold up the others, nor stand in the log."""
    wanted = {"offset": offset, "timeout": _POLL_SECONDS, "allowed_updates": ALLOWED}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "use Bot.get_updates"
        found: list[dict[str, Any]] = await bot.do_api_request("getUpdates", api_kwargs=wanted, read_timeout=_POLL_SECONDS + 10)
    return found


async def _take(content: dict[str, Any], bot: Bot, dispatcher: Dispatcher) -> None:
    """Take an update in. Only a full or an absent database may hold it up: it would be fetched again for ever."""
    try:
        if inbound := read(content):
            await dispatcher.take_in(inbound)
    except MalformedUpdate:
        logger.warning("an update was not understood")
    except (Full, SQLAlchemyError, OSError):
        raise
    except Exception as error:  # its text may hold what was written
        logger.error("an update could not be taken in: %s", error.__class__.__name__)
    if pressed := callback_id(content):
        await confirm(bot, pressed)
