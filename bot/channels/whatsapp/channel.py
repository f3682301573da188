"""WhatsApp as a channel: two webhooks, for messages and for their fate."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.delivery import LARGEST_BODY, acknowledge, join, leave, refused
from bot.channels.turn import OnNewMessage
from bot.channels.whatsapp.transport import WhatsAppTransport
from bot.channels.whatsapp.webhook import SIGNATURE_HEADER, MalformedMessage, fields, is_twilio, read, status
from bot.delivery import outbox
from bot.delivery.dispatcher import Dispatcher
from bot.settings import settings
from bot.storage.database import Database

logger = logging.getLogger(__name__)

_NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class WhatsAppChannel(InputChannel):
    """WhatsApp; without routes where it is not configured."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, part of its address."""
        return "whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Nothing is set in credentials.yml: bot/settings.py reads it all."""
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes."""
        routes = Blueprint("whatsapp")
        current = settings()
        if not current.has("whatsapp"):
            return routes
        joined: dict[str, Any] = {}

        @routes.listener("before_server_start")
        async def begin(app: Sanic, _: Any) -> None:
            joined["transport"] = transport = WhatsAppTransport(current, Database(current.database))
            joined["dispatcher"] = await join(app, on_new_message, transport)

        @routes.listener("before_server_stop")
        async def end(app: Sanic, _: Any) -> None:
            await leave(app)
            await joined["transport"].close()

        def verified(request: Request) -> dict[str, str] | HTTPResponse:
            """The fields of a request that Twilio signed, or the answer to another one."""
            if len(request.body) > LARGEST_BODY:
                return empty(413)
            address = current.public_url + request.path + (f"?{request.query_string}" if request.query_string else "")
            try:
                form = fields(request.body)
            except MalformedMessage:
                return refused(self.name())
            return form if is_twilio(address, form, request.headers.get(SIGNATURE_HEADER), current.twilio_auth_token) else refused(self.name())

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            form = verified(request)
            if isinstance(form, HTTPResponse):
                return form
            try:
                inbound = read(form)
            except MalformedMessage:
                return empty(400)
            return await acknowledge(joined["dispatcher"], inbound, text(_NOTHING_TO_SAY, content_type="text/xml"))

        @routes.post("/status")
        async def fate(request: Request) -> HTTPResponse:
            form = verified(request)
            if isinstance(form, HTTPResponse):
                return form
            try:
                row, sid, word, error = status(form, {name: values[0] for name, values in request.args.items() if values})
            except MalformedMessage:
                return empty(400)
            dispatcher: Dispatcher = joined["dispatcher"]
            try:
                await dispatcher.database.run(outbox.receipt, row, sid, word, error)
            except SQLAlchemyError:
                logger.exception("a message's fate could not be kept")
                return empty(503)
            if error:
                logger.warning("a message was not delivered over WhatsApp: %s", error)
            return empty(200)

        return routes
