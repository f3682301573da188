"""Telegram's Bot API, played on this machine."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.vendors.faults import Kind
from tests.vendors.markup import visible
from tests.vendors.server import Answer, Call
from tests.vendors.specification import TelegramSpecification, Upload
from tests.vendors.telegram_updates import TelegramUpdates, error, refused
from tests.vendors.telegram_user import TelegramUser


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Sent:
    """A message that has reached its chat, or a change of one; `text` is what the reader sees."""

    chat_id: int
    message_id: int
    method: str
    text: str
    buttons: tuple[tuple[Button, ...], ...]
    document: Upload | None
    params: dict[str, Any]
    message: dict[str, Any] = field(repr=False)

    @property
    def to(self) -> int:
        """The chat."""
        return self.chat_id

    @property
    def choices(self) -> list[dict[str, str]]:
        """The buttons that answer the bot, each with `title` and `id`."""
        return [{"title": button.text, "id": button.data} for row in self.buttons for button in row if button.data]


class FakeTelegram(TelegramUpdates):
    """Telegram for one bot.

    `sent` are the messages in the order of their sending, `edits` their later changes, `answered` the button presses (id, text) the
    bot has acknowledged.
    """

    def __init__(self, port: int = 0, token: str = "123456:TEST-TOKEN", webhook_url: str | None = None, retry_every: float = 0.2) -> None:
        super().__init__(port, webhook_url, retry_every)
        self.token = token
        self.specification = TelegramSpecification()
        self.bot: dict[str, Any] = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Dalil", "username": "dalil_test_bot"}
        self.bot |= {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        self.users: dict[int, TelegramUser] = {}
        self.sent: list[Sent] = []
        self.edits: list[Sent] = []
        self.answered: list[tuple[str, str]] = []
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.open_callbacks: set[str] = set()

    # The users' side

    def user(self, chat_id: int, first_name: str = "Salma", language_code: str | None = "fr") -> TelegramUser:
        """A person who can write to the bot; the same one for the same id."""
        return self.users.setdefault(chat_id, TelegramUser(self, chat_id, first_name, language_code))

    # Messages

    def do_getMe(self, params: dict[str, Any]) -> Any:
        return self.bot

    def do_sendMessage(self, params: dict[str, Any]) -> Any:
        return self._send("sendMessage", params, {"text": visible(params["text"], params.get("parse_mode"))[0].strip()})

    def do_sendDocument(self, params: dict[str, Any]) -> Any:
        given = params["document"]
        document: dict[str, Any] = {"file_id": given if isinstance(given, str) else f"DOC{next(self.ids)}", "file_unique_id": f"U{next(self.ids)}"}
        if isinstance(given, Upload):
            document |= {"file_name": given.filename, "mime_type": given.content_type, "file_size": len(given.content)}
        caption = {"caption": visible(params["caption"], params.get("parse_mode"))[0].strip()} if params.get("caption") else {}
        return self._send("sendDocument", params, {"document": document, **caption})

    def do_sendLocation(self, params: dict[str, Any]) -> Any:
        return self._send("sendLocation", params, {"location": {name: params[name] for name in ("latitude", "longitude")}})

    def do_sendVenue(self, params: dict[str, Any]) -> Any:
        location = {name: params[name] for name in ("latitude", "longitude")}
        return self._send("sendVenue", params, {"location": location, "venue": {"location": location, "title": params["title"], "address": params["address"]}})

    def do_sendChatAction(self, params: dict[str, Any]) -> Any:
        self._chat(params)
        return True

    def do_editMessageText(self, params: dict[str, Any]) -> Any:
        return self._edit("editMessageText", params, {"text": visible(params.get("text", ""), params.get("parse_mode"))[0].strip()})

    def do_editMessageReplyMarkup(self, params: dict[str, Any]) -> Any:
        return self._edit("editMessageReplyMarkup", params, {})

    def do_answerCallbackQuery(self, params: dict[str, Any]) -> Any:
        if params["callback_query_id"] not in self.open_callbacks:
            raise refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.open_callbacks.remove(params["callback_query_id"])
        self._note(self.answered, (params["callback_query_id"], params.get("text", "")))
        return True

    def do_setMyCommands(self, params: dict[str, Any]) -> Any:
        self.commands[_scope(params)] = params["commands"]
        return True

    def do_getMyCommands(self, params: dict[str, Any]) -> Any:
        return self.commands.get(_scope(params), [])

    def do_deleteMyCommands(self, params: dict[str, Any]) -> Any:
        self.commands.pop(_scope(params), None)
        return True

    def _chat(self, params: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(params["chat_id"])
        if user is None:
            raise refused(400, "Bad Request: chat not found")
        if user.has_blocked:
            raise refused(403, "Forbidden: bot was blocked by the user")
        return user.chat

    def _send(self, method: str, params: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        message = {"message_id": next(self.ids), "from": self.bot, "chat": chat, "date": int(time.time()), **content}
        if "inline_keyboard" in params.get("reply_markup", {}):
            message["reply_markup"] = params["reply_markup"]
        self.messages[chat["id"], message["message_id"]] = message
        self._note(self.sent, self._as_sent(method, params, message))
        return message

    def _edit(self, method: str, params: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get((params.get("chat_id", 0), params.get("message_id", 0)))
        if message is None or message["from"] != self.bot:
            raise refused(400, "Bad Request: message to edit not found" if message is None else "Bad Request: message can't be edited")
        changed = {name: value for name, value in message.items() if name not in {"reply_markup", "edit_date"}} | change
        if "reply_markup" in params:
            changed["reply_markup"] = params["reply_markup"]
        if changed == {name: value for name, value in message.items() if name != "edit_date"}:
            raise refused(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")
        message = {**changed, "edit_date": int(time.time())}
        self.messages[message["chat"]["id"], message["message_id"]] = message
        self._note(self.edits, self._as_sent(method, params, message))
        return message

    def _as_sent(self, method: str, params: dict[str, Any], message: dict[str, Any]) -> Sent:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple(tuple(Button(button["text"], button.get("callback_data"), button.get("url")) for button in row) for row in rows)
        document = params.get("document")
        text = message.get("text", message.get("caption", ""))
        upload = document if isinstance(document, Upload) else None
        return Sent(message["chat"]["id"], message["message_id"], method, text, buttons, upload, params, message)

    # The wire

    async def _read(self, request: web.Request) -> Call:
        method = request.path.rpartition("/")[2]
        params: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            try:
                params |= await request.json()
            except (ValueError, TypeError):
                params["(the body is no JSON object)"] = await request.text()
        elif request.body_exists:
            for name, value in (await request.post()).items():
                upload = isinstance(value, web.FileField)
                params[name] = Upload(value.filename, value.file.read(), value.content_type) if upload else value
        for name, value in list(params.items()):
            # attach://x says that the file is the part x of the form.
            if isinstance(value, str) and value.startswith("attach://") and value[9:] in params:
                params[name] = params.pop(value[9:])
        return Call(method, self.specification.decoded(method, params))

    async def _perform(self, call: Call, request: web.Request) -> Answer:
        token = re.fullmatch(r"/bot(\d+:[\w-]+)/\w+", request.path)
        if token is None:
            raise refused(404, "Not Found")
        if token[1] != self.token:
            raise refused(401, "Unauthorized")
        if faults := self.specification.check(call.method, call.params):
            self._violate(faults)
            raise refused(404 if call.method not in self.specification.methods else 400, f"Bad Request: {'; '.join(faults)}")
        play = getattr(self, f"do_{call.method}", None)
        if play is None and self.specification.returns(call.method) != ["Boolean"]:
            self._violate([f"{call.method}: not played"])
            raise refused(501, f"Not Implemented: {call.method} is not played")
        result = play(call.params) if play else True
        return Answer(200, {"ok": True, "result": await result if asyncio.iscoroutine(result) else result})

    def _refusal(self, kind: Kind | None, seconds: int) -> Answer:
        if kind is Kind.RETRY_AFTER:
            return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if kind is Kind.FORBIDDEN:
            return error(403, "Forbidden: bot was blocked by the user")
        return error(500, "Internal Server Error") if kind is Kind.SERVER_ERROR else error(400, "Bad Request: a fault on demand")


def _scope(params: dict[str, Any]) -> str:
    return json.dumps([params.get("scope", {"type": "default"}), params.get("language_code", "")], sort_keys=True)
