"""Reading Telegram's updates (https://core.telegram.org/bots/api#update). Pure functions.

A private chat is answered; a group gets one sentence that Dalil talks in private; everything else is taken note of and left.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from bot.delivery import events
from bot.delivery.messages import Inbound

#: The kinds of update Telegram is asked for.
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]

_START = re.compile(r"^/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*$")
_VOICES = {"voice", "audio", "video_note"}
_PICTURES = {"photo", "video", "document", "animation"}
#: Parts of a message that say who, when and where, never what.
_ENVELOPE = {"message_id", "message_thread_id", "date", "edit_date", "chat", "from", "sender_chat", "sender_business_bot", "via_bot", "author_signature"}
#: What a private chat can report that nobody said to the bot.
_SERVICE = {
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
    "proximity_alert_triggered",
}


class MalformedUpdate(Exception):
    """This is not an update of Telegram's."""


class _User(BaseModel):
    id: int
    is_bot: bool = False
    language_code: str | None = None


class _Chat(BaseModel):
    id: int
    type: str


class _Location(BaseModel):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class _Message(BaseModel):
    chat: _Chat
    sender: _User | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    location: _Location | None = None


class _Callback(BaseModel):
    id: str
    sender: _User = Field(alias="from")
    data: str | None = None


class _Member(BaseModel):
    status: str


class _Membership(BaseModel):
    chat: _Chat
    sender: _User = Field(alias="from")
    new_chat_member: _Member


class _Update(BaseModel):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Callback | None = None
    my_chat_member: _Membership | None = None


def read(content: Any) -> Inbound | None:
    """The message of an update; None for one that needs no answer.

    Args:
        content: an update as JSON.

    Raises:
        MalformedUpdate: when it does not have an update's form.
    """
    try:
        update = _Update.parse_obj(content)
    except (ValidationError, OverflowError, TypeError) as error:
        raise MalformedUpdate from error
    identifier = str(update.update_id)
    if update.callback_query:
        pressed = update.callback_query
        return Inbound("telegram", identifier, str(pressed.sender.id), button=pressed.data or "", language=pressed.sender.language_code)
    if update.my_chat_member:
        return _membership(identifier, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None:
        return None
    return _message(identifier, message, set(content.get("message") or content["edited_message"]))


def callback_id(content: Any) -> str | None:
    """The id of the button press that Telegram waits to see confirmed; None for another update."""
    query = content.get("callback_query") if isinstance(content, dict) else None
    identifier = query.get("id") if isinstance(query, dict) else None
    return identifier if isinstance(identifier, str) else None


def _membership(identifier: str, membership: _Membership) -> Inbound | None:
    status = membership.new_chat_member.status
    if membership.chat.type == "private":
        return Inbound("telegram", identifier, str(membership.chat.id), blocked=status in ("kicked", "left"))
    joined = membership.chat.type in ("group", "supergroup") and status in ("member", "administrator")
    return Inbound("telegram", identifier, str(membership.chat.id), event=events.GROUP_CHAT) if joined else None


def _message(identifier: str, message: _Message, fields: set[str]) -> Inbound | None:
    address = str(message.chat.id)
    if message.chat.type in ("group", "supergroup"):
        asked = (message.text or "").startswith("/")
        return Inbound("telegram", identifier, address, event=events.GROUP_CHAT) if asked else None
    if message.chat.type != "private" or (message.sender and message.sender.is_bot):
        return None
    language = message.sender.language_code if message.sender else None
    text = message.text or message.caption
    if text:
        start = _START.match(text)
        code = start.group(1) if start else None
        return Inbound("telegram", identifier, address, "/start" if start else text, language=language, start_code=code)
    event = _event(message, fields)
    return Inbound("telegram", identifier, address, event=event, language=language) if event else None


def _event(message: _Message, fields: set[str]) -> str | None:
    """What a message without text stands for; None for one that nobody said."""
    if message.location:
        return events.location(message.location.latitude, message.location.longitude)
    if fields & _VOICES:
        return events.VOICE
    if fields & _PICTURES:
        return events.PICTURE
    if "contact" in fields:
        return events.SHARED_CONTACT
    return None if fields & _SERVICE or not fields - _ENVELOPE else events.NOT_TEXT
