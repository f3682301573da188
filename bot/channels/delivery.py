"""Joins the channels that Dalil sends to with the delivery of this process: one dispatcher a worker, made when the server has started."""

from __future__ import annotations

import logging
from typing import Any

from sanic import Sanic
from sanic.response import HTTPResponse, empty, text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.turn import ERASE, OnNewMessage, TurnRunner
from bot.delivery.dispatcher import Dispatcher, Full
from bot.delivery.messages import Choice, Inbound, Reply
from bot.delivery.receipt import Receipt, Reception
from bot.delivery.transport import Transport
from bot.metrics.meters import RECEIPTS, REFUSED
from bot.settings import Settings, settings
from bot.storage.database import Database

logger = logging.getLogger(__name__)

#: The longest body a webhook reads.
LARGEST_BODY = 256 * 1024


class Conversation:
    """Asks the assistant, for the dispatcher.

    Args:
        on_new_message: Rasa's handler.
        longest: how many characters of a message are read.
        database: where the cases are for which the bot keeps silent.
    """

    def __init__(self, on_new_message: OnNewMessage, longest: int, database: Database) -> None:
        self._on_new_message = on_new_message
        self._longest = longest
        self._database = database
        self._runners: dict[str, TurnRunner] = {}

    async def __call__(self, channel: str, sender: str, text: str, metadata: dict[str, Any]) -> list[Reply]:
        """The replies to a message; none while a person answers in the bot's stead.

        Raises:
            bot.channels.turn.Unanswered: when there is none for no reason.
        """
        runner = self._runners.setdefault(channel, TurnRunner(channel, self._on_new_message, None, self._longest, self._database, erases=False))
        return as_replies(await runner.handle(sender, text, metadata))


def as_replies(messages: list[dict[str, Any]]) -> list[Reply]:
    """What the assistant said, for the outbox."""
    erase = any(message.get("custom") == ERASE for message in messages)
    replies = []
    for message in messages:
        custom = message.get("custom") or {}
        document = custom.get("document")
        choices = tuple(Choice(button["title"], button["payload"]) for button in message.get("buttons", []))
        text = message.get("text") or custom.get("text", "")
        if text or document:
            replies.append(Reply(text, choices, (document["reference"], document["name"]) if document else None, erase))
    return replies


def _make_dispatcher(app: Sanic, current: Settings, on_new_message: OnNewMessage) -> Dispatcher:
    reception = Reception(current.key(), current.longest_message, current.chat_messages_per_minute)
    database = Database(current.database)
    conversation = Conversation(on_new_message, current.longest_message, database)

    def ready() -> bool:
        agent = getattr(app.ctx, "agent", None)
        return bool(agent and agent.is_ready())

    return Dispatcher(database, reception, app.ctx.dalil_transports, conversation, current.most_waiting, ready)


async def join(app: Sanic, on_new_message: OnNewMessage, transport: Transport) -> Dispatcher:
    """Add a channel to this process's delivery; the first one starts it."""
    found: Dispatcher | None = getattr(app.ctx, "dalil_dispatcher", None)
    if found is None:
        app.ctx.dalil_transports = {}
        found = app.ctx.dalil_dispatcher = _make_dispatcher(app, settings(), on_new_message)
        await found.start()
    app.ctx.dalil_transports[transport.name] = transport
    return found


async def leave(app: Sanic) -> None:
    """Stop this process's delivery; the second channel finds it stopped."""
    found: Dispatcher | None = getattr(app.ctx, "dalil_dispatcher", None)
    if found is not None:
        app.ctx.dalil_dispatcher = None
        await found.stop()


async def acknowledge(dispatcher: Dispatcher, inbound: Inbound, done: HTTPResponse) -> HTTPResponse:
    """Take a message in and tell the vendor: `done` when it is safe, 503 when it should come again."""
    try:
        receipt = await dispatcher.take_in(inbound)
    except Full:
        RECEIPTS.labels(inbound.channel, "full").inc()
        return _come_again("busy")
    except SQLAlchemyError as error:
        logger.error("a message could not be kept: %s", error.__class__.__name__)
        RECEIPTS.labels(inbound.channel, "not_kept").inc()
        return _come_again("storage")
    RECEIPTS.labels(inbound.channel, receipt.value).inc()
    if receipt is Receipt.FLOOD:
        logger.info("a sender is too fast")
    return done


def _come_again(reason: str) -> HTTPResponse:
    return text(reason, status=503, headers={"Retry-After": "5"})


def refused(channel: str) -> HTTPResponse:
    """The answer to whoever is not the vendor: nothing to learn from it."""
    REFUSED.labels(channel).inc()
    return empty(403)
