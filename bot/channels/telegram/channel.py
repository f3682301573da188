"""Telegram as a channel: the webhook when there is a public address, polling when there is none."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels.delivery import LARGEST_BODY, acknowledge, join, leave, refused
from bot.channels.telegram.updates import MalformedUpdate, callback_id, read
from bot.channels.turn import OnNewMessage
from bot.delivery.dispatcher import Dispatcher
from bot.settings import Settings, settings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 # pragma: allowlist secret - the header's name


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
        # Imported where it is used: the library takes 15 MiB.
        from bot.channels.telegram.polling import poll
        from bot.channels.telegram.transport import TelegramTransport, confirm, make_bot

        bot = make_bot(current.telegram_bot_token, current.telegram_api_url)
        joined: dict[str, Dispatcher] = {}

        @routes.listener("before_server_start")
        async def begin(app: Sanic, _: Any) -> None:
            joined["dispatcher"] = await join(app, on_new_message, TelegramTransport(bot))
            if current.telegram_polls:
                self._spawn(poll(bot, joined["dispatcher"]))

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
                    return refused(self.name())
                if len(request.body) > LARGEST_BODY:
                    return empty(413)
                try:
                    content = json.loads(request.body)
                    inbound = read(content)
                except (MalformedUpdate, ValueError, RecursionError):
                    return empty(400)
                if pressed := callback_id(content):
                    self._spawn(confirm(bot, pressed))
                return await acknowledge(joined["dispatcher"], inbound, empty(200)) if inbound else empty(200)

        return routes

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def is_telegram(given: str, current: Settings) -> bool:
    """Whether a request carries the secret that only Telegram was told."""
    secret = current.telegram_webhook_secret
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())
