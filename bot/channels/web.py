"""The web chat: the page at `/chat`, its messages, and `/health`.

A session is a random token signed by the server, given out by `POST /chat/session` and sent back in a header; the page keeps it, no cookie
is set. What is stored knows the session by its pseudonym only. Sessions and messages are rate-limited.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import local_actions, logs, model_switch, rasa_adjustments
from bot.chambers import store
from bot.channels.documents import with_addresses
from bot.channels.limits import limit
from bot.channels.turn import SILENT, OnNewMessage, TurnRunner
from bot.delivery import leases
from bot.handoff import cases
from bot.metrics import server as metrics_server
from bot.metrics.meters import TURNS_FAILED
from bot.privacy.pseudonym import pseudonym
from bot.settings import settings
from bot.storage.database import Database

logger = logging.getLogger(__name__)

PAGE = Path(__file__).with_name("page")
SESSION_HEADER = "X-Dalil-Session"
_SESSIONS_PER_MINUTE = 30
#: The page asks four times a minute whether staff wrote.
_COLLECTIONS_PER_MINUTE = 20
_LARGEST_BODY = 32_768
#: What `/health` asks has so long to answer.
_HEALTH_SECONDS = 2.0

_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def new_session(key: bytes) -> str:
    """A session token: 128 random bits and their signature."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_session_signature(nonce, key)}"


def is_session(token: str, key: bytes) -> bool:
    """Whether the server gave this token out."""
    nonce, _, signature = token.partition(".")
    return token.isascii() and hmac.compare_digest(signature.encode(), _session_signature(nonce, key).encode())


def _session_signature(nonce: str, key: bytes) -> str:
    return hmac.new(key, f"session\0{nonce}".encode(), hashlib.sha256).hexdigest()[:32]


class WebChat(InputChannel):
    """The web page as a channel."""

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "web"

    def url_prefix(self) -> str:
        """The routes stand at the top: `/chat`, `/health`."""
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes."""
        rasa_adjustments.apply()
        logs.set_up(settings())
        routes = Blueprint("web_chat")
        local_actions.attach(routes)
        model_switch.attach(routes)
        metrics_server.attach(routes)
        key = settings().key()
        database = Database(settings().database)
        runner = TurnRunner(self.name(), on_new_message, key, settings().longest_message, database)
        sessions = limit("sessions", _SESSIONS_PER_MINUTE, settings())
        messages = limit("messages", settings().chat_messages_per_minute, settings())
        warnings = limit("warnings", 1, settings())
        collections = limit("collections", _COLLECTIONS_PER_MINUTE, settings())

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            parts = {
                "model": bool(agent and agent.is_ready()),
                "actions": not settings().actions_url or await _answers(settings().actions_url.replace("/webhook", "/health")),
                "database": await _stores(database),
            }
            ready = all(parts.values())
            return response.json({"ready": ready, **parts}, status=200 if ready else 503)

        @routes.get("/health/live")
        async def live(_: Request) -> HTTPResponse:
            return response.json({"live": True})

        @routes.get("/chat")
        async def page(request: Request) -> HTTPResponse:
            return _file("index.html", await _sites(database, request.args.get("c")))

        @routes.get("/chat/<name:(?:chat\\.css|chat\\.js|icon\\.svg|embed\\.js)>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            return _file(name)

        @routes.get("/chat/embed")
        async def may_embed(request: Request) -> HTTPResponse:
            origin = request.headers.get("Origin", "")
            if origin not in await _sites(database, request.args.get("c")):
                return response.empty(403, headers={"Vary": "Origin"})
            return response.empty(204, headers={"Access-Control-Allow-Origin": origin, "Vary": "Origin"})

        @routes.post("/chat/session")
        async def session(request: Request) -> HTTPResponse:
            if not await sessions.allow(request.remote_addr or request.ip):
                return response.json({"error": "slow_down"}, status=429)
            return response.json({"session": new_session(key)})

        @routes.post("/chat/waiting")
        async def waiting(request: Request) -> HTTPResponse:
            token = request.headers.get(SESSION_HEADER, "")
            if not is_session(token, key):
                return response.json({"error": "session"}, status=401)
            if not await collections.allow(token):
                return response.json({"error": "slow_down"}, status=429)
            texts = await database.run(cases.collect, pseudonym(self.name(), token, key))
            return response.json({"messages": [{"text": text} for text in texts]})

        @routes.post("/chat/message")
        async def message(request: Request) -> HTTPResponse:
            token = request.headers.get(SESSION_HEADER, "")
            if not is_session(token, key):
                return response.json({"error": "session"}, status=401)
            content = _content(request)
            if content is None:
                return response.json({"error": "message"}, status=400)
            text, code = content
            sender = pseudonym(self.name(), token, key)
            try:
                if not await messages.allow(sender) or runner.is_busy(sender):
                    replies = await runner.slow_down(sender) if await warnings.allow(sender) else []
                    return response.json({"messages": _public(replies), "error": "slow_down"}, status=429)
                found = await database.run(store.campaign, code) if code else None
                replies = await runner.run(sender, text, {"campaign": found.code} if found else None)
                return response.json({"messages": _public(replies)})
            except Exception as error:  # the page must get an answer whatever happens inside; the log must not get what was written
                logger.error("a turn failed: %s", error.__class__.__name__)
                TURNS_FAILED.labels(self.name()).inc()
                return response.json({"error": "failed"}, status=500)

        return routes


def _public(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the page gets: texts, buttons, documents with their addresses; nothing where the bot is silent."""
    shown = [reply for reply in with_addresses(replies, settings().key()) if reply.get("custom") != SILENT]
    return [{name: value for name, value in reply.items() if name != "recipient_id"} for reply in shown]


def _content(request: Request) -> tuple[str, str] | None:
    """The message of a request and the code of the link that the page was opened with: `{"text": ..., "code": ...}`.

    None when it is anything else or too large.
    """
    if len(request.body) > _LARGEST_BODY:
        return None
    try:
        body: Any = json.loads(request.body)
    except ValueError:
        return None
    text, code = (body.get("text"), body.get("code", "")) if isinstance(body, dict) else (None, None)
    return (text, code) if isinstance(text, str) and isinstance(code, str) else None


async def _sites(database: Database, code: str | None) -> tuple[str, ...]:
    """The websites that may show the chat of a campaign's link; none where the database does not say."""
    try:
        found = await database.run(store.campaign, code) if code else None
    except SQLAlchemyError as error:
        logger.error("a chamber could not be read: %s", error.__class__.__name__)
        return ()
    return found.chamber.sites if found else ()


def _file(name: str, sites: tuple[str, ...] = ()) -> HTTPResponse:
    """A file of the page; shown inside other pages of these sites only."""
    path = PAGE / name
    ancestors = " ".join(sites) or "'none'"
    headers = {**_SECURITY_HEADERS, "Content-Security-Policy": f"{_POLICY}; frame-ancestors {ancestors}", "Cache-Control": "no-cache"}
    if name == "embed.js":
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response.raw(path.read_bytes(), content_type=_TYPES[path.suffix], headers=headers)


async def _stores(database: Database) -> bool:
    """Whether the database takes what is written; a turn that cannot be stored fails."""
    try:
        await asyncio.wait_for(database.run(leases.try_out, f"health:{secrets.token_hex(8)}"), _HEALTH_SECONDS)
    except (SQLAlchemyError, asyncio.TimeoutError):
        return False
    return True


async def _answers(url: str) -> bool:
    try:
        timeout = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url) as found:
            return found.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
    except Exception:  # asyncio.TimeoutError is a class of its own before Python 3.11
        return False
