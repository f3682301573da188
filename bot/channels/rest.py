"""Rasa's own REST protocol, for development and tests: `POST /webhooks/rest/webhook {"sender": ..., "message": ...}`.

Behind the same guard as every channel; it trusts the sender's name, so in production it does not exist.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.documents import with_addresses
from bot.channels.turn import OnNewMessage, TurnRunner
from bot.metrics.meters import TURNS_FAILED
from bot.privacy.pseudonym import pseudonym
from bot.settings import settings
from bot.storage.database import Database

logger = logging.getLogger(__name__)


class DevelopmentRest(InputChannel):
    """The REST channel; without routes in production."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, part of its address."""
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes."""
        routes = Blueprint("development_rest")
        if settings().production:
            return routes
        runner = TurnRunner(self.name(), on_new_message, settings().key(), settings().longest_message, Database(settings().database))

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            content = _content(request)
            if content is None:
                return response.json({"error": "a JSON object with the texts 'sender' and 'message' is expected"}, status=400)
            name, message = content
            sender = pseudonym("rest", name, settings().key())
            try:
                replies = await runner.run(sender, message)
            except Exception as error:  # the caller must get an answer whatever happens inside; the log must not get what was written
                logger.error("a turn failed: %s", error.__class__.__name__)
                TURNS_FAILED.labels(self.name()).inc()
                return response.json({"error": "the turn failed"}, status=500)
            return response.json([{**reply, "recipient_id": name} for reply in with_addresses(replies, settings().key())])

        return routes


def _content(request: Request) -> tuple[str, str] | None:
    try:
        body: Any = json.loads(request.body)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    sender, message = body.get("sender", "default"), body.get("message")
    return (sender, message) if isinstance(sender, str) and isinstance(message, str) and sender else None
