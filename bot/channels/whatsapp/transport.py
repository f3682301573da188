"""Sending over Twilio's REST API."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.documents import address_of
from bot.channels.split import length, split
from bot.channels.whatsapp import templates
from bot.delivery.choosing import by_number
from bot.delivery.messages import Choice, Reply
from bot.delivery.transport import FIND_BEFORE, UNSUBSCRIBED, Blocked, MaybeSent, Refused, SendError, TryLater
from bot.handoff.send import WHATSAPP_WINDOW
from bot.settings import Settings
from bot.storage.database import Database

LONGEST = 1600
_SECONDS = 10.0
_TEMPLATES_HOLD = 60.0
_UNSUBSCRIBED = 21610
_WRONG_KEY = (401, 403)
#: What the list's button says, and the hint above choices that are written out, by the script of the reply.
_LIST = {"arab": "الاختيارات", "latn": "Voir les choix"}
_HINT = {"arab": "اكتبوا رقم الاختيار:", "latn": "Écrivez le numéro de votre choix :"}
_HINT_IN_WORDS = {"arab": "اكتبوا جوابكم، مثلا:", "latn": "Écrivez votre réponse, par exemple :"}

logger = logging.getLogger(__name__)
logging.getLogger("twilio").setLevel(logging.WARNING)  # its other lines hold numbers


class _Http(AsyncTwilioHttpClient):
    """Twilio's asynchronous client with a time limit, another address where one is set, and the pause that Twilio asks for."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    async def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        if self._address:
            parts = urlsplit(url)
            url = f"{self._address}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        options["timeout"] = _SECONDS
        answer = await super().request(method, url, *arguments, **options)
        if answer.status_code == 429:
            after = answer.headers.get("Retry-After", "")
            raise TryLater("too many messages", float(after) if after.isdecimal() else 1.0, everybody=True)
        return answer


class WhatsAppTransport:
    """Sends replies to WhatsApp. Made in the event loop that uses it.

    Args:
        settings: account, number and addresses.
        database: knows the templates.
    """

    name = "whatsapp"

    def __init__(self, settings: Settings, database: Database) -> None:
        self._http = _Http(settings.twilio_api_url)
        self._client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=self._http)
        self._from = f"whatsapp:{settings.twilio_whatsapp_from}"
        self._documents = settings.public_url
        self._key = settings.key()
        self._callback = f"{settings.public_url}/webhooks/whatsapp/status"
        self._database = database
        self._templates: dict[str, str] = {}
        self._templates_read = 0.0

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    def parts(self, reply: Reply) -> list[Reply]:
        """Texts of at most 1,600 characters, with room for choices that are written out under the last."""
        if reply.document:
            return [reply]
        room = length(written_out("", reply.choices)) if reply.choices else 0
        *heads, last = split(reply.text, LONGEST - room) or [""]
        return [*(Reply(head) for head in heads), Reply(last, reply.choices)]

    async def send(self, address: str, row: int, reply: Reply) -> str | None:
        """Send a reply; see `bot.delivery.transport.Transport`."""
        sid = await self._template(reply)
        common = {"to": f"whatsapp:{address}", "from_": self._from, "status_callback": f"{self._callback}?m={row}"}
        try:
            if sid:
                content = templates.variables(row, reply.text, reply.choices, _LIST[_script(reply.text)])
                try:
                    return await self._create(common, content_sid=sid, content_variables=content)
                except Refused as error:
                    logger.warning("a template was refused, its choices are written out instead: %s", error)
            if reply.document:  # Twilio fetches it
                address_ = f"{self._documents}{address_of(reply.document[0], self._key)}"
                return await self._create(common, body=written_out(reply.text, reply.choices), media_url=[address_])
            return await self._create(common, body=written_out(reply.text, reply.choices))
        except aiohttp.ClientConnectorError as error:
            raise TryLater("Twilio is not reachable") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise MaybeSent("the connection broke before an answer came") from error

    async def _create(self, common: dict[str, str], **content: Any) -> str:
        try:
            message = await self._client.messages.create_async(**common, **content)
        except TwilioRestException as error:
            raise translated(error) from error
        except TwilioException as error:
            raise MaybeSent(error.__class__.__name__) from error
        return str(message.sid)

    async def find(self, address: str, reply: Reply, since: float, known: Collection[str]) -> str | None:
        """Ask Twilio whether it has a message of this text to this person, sent since then, that is none of those known."""
        # Not asked for by date: a message that is still queued at Twilio has no date of sending.
        after = dt.datetime.fromtimestamp(since - FIND_BEFORE, dt.timezone.utc)
        try:
            listed = await self._client.messages.list_async(to=f"whatsapp:{address}", from_=self._from, limit=20, page_size=20)
        except (TwilioException, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise MaybeSent("Twilio could not be asked whether it was sent") from error
        bodies = {reply.text, written_out(reply.text, reply.choices)}
        sent = [message for message in listed if message.date_created >= after and message.sid not in known]
        return next((str(message.sid) for message in sent if message.body in bodies), None)

    async def typing(self, address: str) -> None:
        """Twilio shows no sign of writing."""

    def may_send(self, last_inbound: float, now: float) -> bool:
        """Whether the person wrote within the last 24 hours."""
        return now - last_inbound < WHATSAPP_WINDOW

    async def _template(self, reply: Reply) -> str | None:
        """The template for a reply, if there is one that fits."""
        name = templates.name_of(reply.choices)
        if reply.document or name is None or length(reply.text) > templates.LONGEST_TEXT:
            return None
        now = asyncio.get_running_loop().time()
        if not self._templates_read or now - self._templates_read > _TEMPLATES_HOLD:
            self._templates = await self._database.run(templates.known)
            self._templates_read = now
        return self._templates.get(name)


def written_out(text: str, choices: Sequence[Choice]) -> str:
    """A text with its choices written out: numbered, where a number chooses."""
    if not choices:
        return text
    numbers = by_number(choices)
    lines = [f"{number}. {choice.title}" if numbers else f"• {choice.title}" for number, choice in enumerate(choices, 1)]
    hint = (_HINT if numbers else _HINT_IN_WORDS)[_script(text or lines[0])]
    return "\n".join([*([text, ""] if text else []), hint, *lines])


def _script(text: str) -> str:
    """Whether a text is mostly in Arabic or in Latin letters."""
    arabic = sum("\u0600" <= character <= "\u06ff" for character in text)
    return "arab" if arabic > sum(character.isalpha() for character in text) / 2 else "latn"


def translated(error: TwilioRestException) -> SendError:
    """What an error of Twilio's means for delivery (https://www.twilio.com/docs/api/errors)."""
    if error.code == _UNSUBSCRIBED:
        return Blocked(UNSUBSCRIBED)
    if error.status in _WRONG_KEY:
        return TryLater("Twilio does not accept the account's token", 60.0, everybody=True)
    if error.status >= 500:
        return MaybeSent("Twilio has a fault")
    return Refused(f"Twilio error {error.code}")
