"""Documents over HTTP: `/documents/<signed reference>`, for WhatsApp, which fetches what it sends, and for the web page."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels.limits import limit
from bot.channels.turn import OnNewMessage
from bot.documents.reference import ChecklistReference, UnknownDocument, signed, verified
from bot.hours import TIME_ZONE
from bot.settings import settings

PATH = "/documents"
#: Documents are made for everybody together so many times a minute: a link can be fetched again and again.
_PER_MINUTE = 240
#: Documents are made one after the other: many at once would take the processor from the conversations.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="documents")


def address_of(reference: str, key: bytes) -> str:
    """Where a document is fetched, on this server."""
    return f"{PATH}/{signed(reference, key)}"


def with_addresses(messages: list[dict[str, Any]], key: bytes) -> list[dict[str, Any]]:
    """The assistant's messages, each document with the address where it is fetched."""
    found = []
    for message in messages:
        document = (message.get("custom") or {}).get("document")
        if document:
            document = {"name": document["name"], "url": address_of(document["reference"], key)}
            message = {**message, "custom": {**message["custom"], "document": document}}
        found.append(message)
    return found


async def render(reference: str, link: str | None) -> bytes:
    """A document as PDF, made beside the event loop, one at a time.

    Args:
        reference: as `ChecklistReference.to_text` wrote it.
        link: where its QR code leads; none without.

    Raises:
        UnknownDocument: when nothing can be made of the reference.
    """
    today = dt.datetime.now(TIME_ZONE).date()
    return await asyncio.get_running_loop().run_in_executor(_THREAD, _render, reference, link, today)


@lru_cache(maxsize=64)
def _render(reference: str, link: str | None, today: dt.date) -> bytes:
    # Imported where it is used: fonts and shaping take memory that most processes do not need.
    from bot.documents.checklist import checklist_pdf
    from bot.guidance.text import sector_name
    from bot.knowledge.store import load

    checklist = ChecklistReference.from_text(reference).checklist()
    sector = sector_name(checklist.sector, load(), checklist.language)
    return checklist_pdf(checklist, load(), link, today, sector)


class Documents(InputChannel):
    """The route to documents."""

    @classmethod
    def name(cls) -> str:
        """The channel's name; nobody writes on it."""
        return "documents"

    def url_prefix(self) -> str:
        """The route stands at the top."""
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The route."""
        routes = Blueprint("documents")
        fetches = limit("documents", _PER_MINUTE, settings())

        @routes.get(f"{PATH}/<name:path>")
        async def fetch(request: Request, name: str) -> HTTPResponse:
            current = settings()
            if not await fetches.allow("everybody"):
                return empty(429, headers={"Retry-After": "30"})
            try:
                content = await render(verified(name, current.key()), current.chat_link)
            except UnknownDocument:
                return empty(404)
            headers = {"Content-Disposition": 'inline; filename="dalil.pdf"', "Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
            return response.raw(content, content_type="application/pdf", headers=headers)

        return routes
