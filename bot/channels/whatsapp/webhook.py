"""Reading what Twilio brings: is it Twilio's, and what does it say? Pure functions.

https://www.twilio.com/docs/messaging/guides/webhook-request, https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from bot.delivery import events
from bot.delivery.messages import Inbound
from bot.language.keywords import keyword

SIGNATURE_HEADER = "X-Twilio-Signature"
_MOST_FIELDS = 100
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_ADDRESS = re.compile(r"whatsapp:(\+[1-9]\d{5,14})")
_EVENTS = {"stop": events.OPT_OUT, "start": events.OPT_IN, "help": "/help"}


class MalformedMessage(Exception):
    """This is not a message of Twilio's."""


def fields(body: bytes) -> dict[str, str]:
    """The fields of a form, empty ones too: Twilio signs them.

    Raises:
        MalformedMessage: when it is no form.
    """
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise MalformedMessage from error


def is_twilio(address: str, form: dict[str, str], signature: str | None, auth_token: str) -> bool:
    """Whether the request was signed with the account's token.

    Args:
        address: the public address that Twilio was given, with its query.
        form: all fields of the request.
        signature: the header `X-Twilio-Signature`.
        auth_token: the account's token.
    """
    if not signature or not signature.isascii() or not auth_token:
        return False
    return bool(RequestValidator(auth_token).validate(address, form, signature))


def read(form: dict[str, str]) -> Inbound:
    """The message of a request.

    Raises:
        MalformedMessage: when it has no id or no sender.
    """
    sid, sender = form.get("MessageSid", ""), _ADDRESS.fullmatch(form.get("From", ""))
    if not _SID.fullmatch(sid) or sender is None:
        raise MalformedMessage
    address = sender.group(1)
    pressed = form.get("ButtonPayload") or form.get("ListId")
    if pressed:
        return Inbound("whatsapp", sid, address, button=pressed)
    text = form.get("Body", "").strip()
    if event := _location(form) or _media(form, text):
        return Inbound("whatsapp", sid, address, event=event)
    meaning = keyword(text)
    return Inbound("whatsapp", sid, address, event=_EVENTS[meaning]) if meaning else Inbound("whatsapp", sid, address, text)


def _location(form: dict[str, str]) -> str | None:
    try:
        latitude, longitude = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    return events.location(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _media(form: dict[str, str], text: str) -> str | None:
    """The event of a picture, a voice message or another file; None where words came with it, which are answered."""
    if form.get("NumMedia", "0") in ("", "0"):
        return events.SHARED_CONTACT if form.get("MessageType") == "contacts" and not text else None
    kind = form.get("MediaContentType0", "").split("/")[0]
    if text and kind != "audio":
        return None
    return {"audio": events.VOICE, "text": events.SHARED_CONTACT}.get(kind, events.PICTURE)


def status(form: dict[str, str], query: dict[str, str]) -> tuple[int, str, str, str | None]:
    """A message's fate: the outbox row, Twilio's id of it, Twilio's word for it, the number of an error.

    Raises:
        MalformedMessage: when a part is missing.
    """
    row, sid, fate, code = query.get("m", ""), form.get("MessageSid", ""), form.get("MessageStatus", ""), form.get("ErrorCode", "")
    if not (row.isascii() and row.isdecimal() and len(row) < 10 and _SID.fullmatch(sid) and fate.isalpha()):
        raise MalformedMessage
    return int(row), sid, fate, f"Twilio error {code}" if code.isascii() and code.isdecimal() else None
