"""Ten thousand requests that no vendor would send: no fault of the server's, nothing stored of strangers, every forgery refused."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus, urlencode

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.channels.telegram.channel import SECRET_HEADER
from bot.channels.whatsapp.webhook import SIGNATURE_HEADER, MalformedMessage, fields
from bot.storage.tables import contacts, inbox
from tests.connected import PUBLIC, SECRET, Connected, connected, vendors  # noqa: F401 - fixtures

pytestmark = [pytest.mark.server, pytest.mark.model]

REQUESTS = 10_000
_WEIRD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    float("nan"),
    "",
    "x" * 5000,
    "\u0000",
    "\ud800",
    "\u202e\u2066",
    "'; DROP TABLE inbox; --",
    "{{1}}",
    [],
    [[]],
    {},
    {"id": {}},
]
_ADDRESSES = {path: f"{PUBLIC}/webhooks/whatsapp/{path}" for path in ("webhook", "status")}


def _update(rng: random.Random) -> Any:
    """An update of Telegram's with one to three things wrong."""
    chat = {"id": rng.randrange(40), "type": "private"}
    update: Any = {
        "update_id": rng.randrange(10**9),
        "message": {"message_id": 1, "date": 0, "chat": chat, "from": {"id": 1, "is_bot": False, "first_name": "x"}},
    }
    update["message"][rng.choice(["text", "caption", "location", "voice", "contact", "photo", "entities"])] = rng.choice(_WEIRD)
    for _ in range(rng.randint(1, 3)):
        place = rng.choice([update, update.get("message") or {}, chat])
        if isinstance(place, dict):
            place[rng.choice([*place, "callback_query", "my_chat_member", "edited_message", "chat", "new"])] = rng.choice(_WEIRD)
    return rng.choice(_WEIRD) if rng.random() < 0.1 else update


def _damaged(rng: random.Random, body: bytes) -> bytes:
    """A body cut off, with other bytes in it, in another encoding, or far too large."""
    way = rng.randrange(6)
    if way == 0:
        return body[: rng.randrange(len(body) + 1)]
    if way == 1:
        return bytes(rng.randrange(256) if rng.random() < 0.05 else byte for byte in body)
    if way == 2:
        return body.decode("utf-8", "replace").encode("utf-16")
    if way == 3 and rng.random() < 0.05:
        return body + b" " * 300_000
    if way == 4:
        return b"[" * rng.randrange(1, 3000) + body
    return body


def _form(rng: random.Random) -> dict[str, str]:
    """A form of Twilio's with some fields missing, wrong or strange."""
    form = {"MessageSid": "SM" + f"{rng.randrange(16**32):032x}", "From": f"whatsapp:+21260000{rng.randrange(40):04d}", "Body": "", "NumMedia": "0"}
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(
            [*form, "Latitude", "Longitude", "MediaContentType0", "ButtonPayload", "ListId", "MessageType", "MessageStatus", "ErrorCode", "x" * 300]
        )
        form[name] = str(rng.choice(_WEIRD)).encode("utf-8", "replace").decode()
    for name in rng.sample(list(form), rng.randint(0, 2)):
        del form[name]
    return form


def _request(rng: random.Random, known: Connected) -> tuple[str, str, bytes, dict[str, str]]:
    """Kind, path, body and headers of a request."""
    forged = rng.random() < 0.4
    if rng.random() < 0.5:
        body = _damaged(rng, json.dumps(_update(rng)).encode("utf-8", "surrogatepass"))
        secret = rng.choice(["", SECRET[:-1], SECRET.upper(), SECRET + " x", "null"]) if forged else SECRET
        return "telegram forged" if forged else "telegram malformed", "telegram/webhook", body, {SECRET_HEADER: secret}
    form, path = _form(rng), rng.choice(["webhook", "status"])
    query = rng.choice(["", "?m=1", "?m=x", "?m=" + "9" * 30, "?m=1&m=2"]) if path == "status" else ""
    signature = known.twilio.sign(_ADDRESSES[path] + query, form)
    body = urlencode(form).encode()
    if forged:
        way = rng.randrange(4)
        signature = rng.choice(["", "x", signature[::-1], signature.lower()]) if way < 2 else signature
        # A true signature over something else: a field more, or another address.
        body, query = (
            (body + b"&Body=" + quote_plus("other").encode(), query)
            if way == 2
            else (body, query + ("&" if query else "?") + "z=1")
            if way == 3
            else (body, query)
        )
    elif rng.random() < 0.3:
        # What is damaged was not signed as it arrives, unless its fields are the same ("a=" and "a").
        body = _damaged(rng, body)
        forged = _differs(body, form)
    return (
        "twilio forged" if forged else "twilio malformed",
        f"whatsapp/{path}{query}",
        body,
        {SIGNATURE_HEADER: signature, "Content-Type": "application/x-www-form-urlencoded"},
    )


def _differs(body: bytes, form: dict[str, str]) -> bool:
    try:
        return fields(body) != form
    except MalformedMessage:
        return True


async def test_ten_thousand_malformed_and_forged_requests(connected: Connected, measured: Callable[[str], None]) -> None:  # noqa: F811
    rng = random.Random(7)
    requests = [_request(rng, connected) for _ in range(REQUESTS)]
    counts: Counter[tuple[str, int]] = Counter()
    gate = asyncio.Semaphore(16)

    def stored() -> tuple[int, int]:
        return connected.database.now(lambda c: tuple(c.execute(select(func.count()).select_from(table)).scalar_one() for table in (inbox, contacts)))

    async def send(client: aiohttp.ClientSession, kind: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        async with gate, client.post(f"{connected.dalil.url}/webhooks/{path}", data=body, headers=headers) as answer:
            counts[kind, answer.status] += 1

    async with aiohttp.ClientSession() as client:
        before = stored()
        await asyncio.gather(*(send(client, *request) for request in requests if request[0].endswith("forged")))
        assert stored() == before
        await asyncio.gather(*(send(client, *request) for request in requests if not request[0].endswith("forged")))
    for (kind, status), count in sorted(counts.items()):
        measured(f"{kind} requests: answered {status} x {count}")
    assert sum(counts.values()) == REQUESTS
    assert [key for key in counts if key[1] >= 500] == []
    assert {status for kind, status in counts if kind.endswith("forged")} <= {403, 413}
    log = (connected.dalil.settings.data_dir / "log" / "rasa.log").read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in log
    connected.telegram.user(4242).text("Combien de personnes faut-il pour créer une coopérative ?")
    await asyncio.to_thread(connected.telegram.user(4242).wait_for, 1, seconds=120)
