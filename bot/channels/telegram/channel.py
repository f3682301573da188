"""Telegram as a channel: the webhook when there is a public address, polling when there is none."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import warnings
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.delivery import LARGEST_BODY, acknowledge, join, leave, refused
from bot.channels.telegram.transport import TelegramTransport, make_bot
from bot.channels.telegram.updates import ALLOWED, MalformedUpdate, callback_id, read
from bot.channels.turn import OnNewMessage
from bot.delivery.dispatcher import Dispatcher, Full
from bot.settings import Settings, settings

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 # pragma: allowlist secret - the header's name
_POLLER = "telegram-poller"
_POLL_SECONDS = 25


class TelegramChannel(InputChannel):
    """Telegram; without routes where it is not configured."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name, part of its address."""
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Nothing is set in credentials.yml: bot/settings.py reads it all."""
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes."""
        routes = Blueprint("telegram")
        current = settings()
        if not current.has("telegram"):
            return routes
        logging.getLogger("httpx").setLevel(logging.WARNING)  # its other lines hold the token
        bot = make_bot(current.telegram_bot_token, current.telegram_api_url)
        joined: dict[str, Dispatcher] = {}

        @routes.listener("before_server_start")
        async def begin(app: Sanic, _: Any) -> None:
            joined["dispatcher"] = await join(app, on_new_message, TelegramTransport(bot, current.data_dir / "documents"))
            if current.telegram_polls:
                self._spawn(poll(bot, joined["dispatcher"], self._confirm))

        @routes.listener("before_server_stop")
        async def end(app: Sanic, _: Any) -> None:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await leave(app)

        if not current.telegram_polls:

            @routes.post("/webhook")
            async def receive(request: Request) -> HTTPResponse:
                if not is_telegram(request.headers.get(SECRET_HEADER, ""), current):
                    return refused()
                if len(request.body) > LARGEST_BODY:
                    return empty(413)
                try:
                    content = json.loads(request.body)
                    inbound = read(content)
                except (MalformedUpdate, ValueError, RecursionError):
                    return empty(400)
                if pressed := callback_id(content):
                    self._spawn(self._confirm(bot, pressed))
                return await acknowledge(joined["dispatcher"], inbound, empty(200)) if inbound else empty(200)

        return routes

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @staticmethod
    async def _confirm(bot: Bot, pressed: str) -> None:
        """Stop the waiting sign on a button."""
        try:
            await bot.answer_callback_query(pressed)
        except TelegramError as error:  # too old, or answered by another worker: the answer itself comes all the same
            logger.debug("a button press was not confirmed: %s", error.__class__.__name__)


def is_telegram(given: str, current: Settings) -> bool:
    """Whether a request carries the secret that only Telegram was told."""
    secret = current.telegram_webhook_secret
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


async def poll(bot: Bot, dispatcher: Dispatcher, confirm: Any) -> None:
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
                    await _take(update, bot, dispatcher, confirm)
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


async def _take(content: dict[str, Any], bot: Bot, dispatcher: Dispatcher, confirm: Any) -> None:
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
