"""The people on the other side of a played Telegram."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.vendors.telegram import Button, FakeTelegram, Sent

_FILE = {"file_id": "FILE", "file_unique_id": "UNIQUE", "file_size": 4096}


class TelegramUser:
    """A person in a private chat with the bot. What she does reaches the bot as an update, which is returned.

    `update_*` only make an update, to be handed to `telegram.push` or `telegram.deliver`.
    """

    def __init__(self, telegram: FakeTelegram, chat_id: int, first_name: str, language_code: str | None) -> None:
        self.id = chat_id
        self.has_blocked = False
        self.person = {"id": chat_id, "is_bot": False, "first_name": first_name}
        if language_code:
            self.person["language_code"] = language_code
        self.chat = {"id": chat_id, "type": "private", "first_name": first_name}
        self._telegram = telegram

    @property
    def sent(self) -> list[Sent]:
        """What the bot has sent her."""
        return [message for message in self._telegram.sent if message.chat_id == self.id]

    def wait_for(self, number: int = 1, seconds: float = 10) -> list[Sent]:
        """What the bot has sent her, once it is so many messages."""
        found: list[Sent] = self._telegram.wait_for(number, self.id, seconds)
        return found

    def text(self, text: str, **more: Any) -> dict[str, Any]:
        """Write."""
        return self.message(text=text, **more)

    def command(self, text: str) -> dict[str, Any]:
        """Write a command, with what follows it."""
        return self.text(text, entities=[{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}])

    def location(self, latitude: float, longitude: float) -> dict[str, Any]:
        """Share a place."""
        return self.message(location={"latitude": latitude, "longitude": longitude})

    def voice(self, seconds: int = 4) -> dict[str, Any]:
        """Send a voice message."""
        return self.message(voice={**_FILE, "duration": seconds, "mime_type": "audio/ogg"})

    def photo(self, caption: str | None = None) -> dict[str, Any]:
        """Send a picture."""
        return self.message(photo=[{**_FILE, "width": 90, "height": 60}], **({"caption": caption} if caption else {}))

    def sticker(self) -> dict[str, Any]:
        """Send a sticker."""
        return self.message(sticker={**_FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"})

    def contact(self) -> dict[str, Any]:
        """Share a contact."""
        return self.message(contact={"phone_number": "+212600000000", "first_name": "Karim"})

    def document(self, name: str = "statuts.pdf") -> dict[str, Any]:
        """Send a file."""
        return self.message(document={**_FILE, "file_name": name, "mime_type": "application/pdf"})

    def message(self, **content: Any) -> dict[str, Any]:
        """Send a message of any content."""
        message = self._message(self.chat, content)
        self._telegram.messages[self.id, message["message_id"]] = message
        return self._telegram.offer("message", message)

    def edit(self, message_id: int, text: str) -> dict[str, Any]:
        """Change the text of a message written before."""
        message = {**self._telegram.messages[self.id, message_id], "text": text, "edit_date": int(time.time())}
        self._telegram.messages[self.id, message_id] = message
        return self._telegram.offer("edited_message", message)

    def press(self, button: Button | str, of: Sent | None = None) -> dict[str, Any]:
        """Press a button of a message (of the last one with buttons): the button itself, its text, its data, or any data."""
        of = of or next((message for message in reversed(self.sent) if message.buttons), None)
        data = button if isinstance(button, str) else button.data
        for row in of.buttons if of else ():
            data = next((each.data for each in row if each.text == button), data)
        message = self._telegram.messages.get((self.id, of.message_id)) if of else None
        return self._telegram.offer("callback_query", self._callback(data, {"message": message} if message else {}))

    def blocks(self) -> dict[str, Any]:
        """Block the bot."""
        return self._membership("member", "kicked")

    def unblocks(self) -> dict[str, Any]:
        """Let the bot write again."""
        return self._membership("kicked", "member")

    def update_in_group(self, text: str, group_id: int = -1001234567890) -> dict[str, Any]:
        """Her message in a group."""
        return self._telegram.update("message", self._message({"id": group_id, "type": "supergroup", "title": "Coopératives"}, {"text": text}))

    def update_in_channel(self, text: str, channel_id: int = -1009876543210) -> dict[str, Any]:
        """A post in a channel, which has no sender."""
        post = self._message({"id": channel_id, "type": "channel", "title": "Annonces"}, {"text": text})
        del post["from"]
        return self._telegram.update("channel_post", post)

    def update_inline_query(self, query: str) -> dict[str, Any]:
        """Her question in another chat's text field."""
        return self._telegram.update("inline_query", {"id": str(next(self._telegram.ids)), "from": self.person, "query": query, "offset": ""})

    def update_callback(self, data: str | None, inaccessible: bool = False) -> dict[str, Any]:
        """Her press of a button whose message is missing, or so old that Telegram gives only its number."""
        old = {"message": {"chat": self.chat, "message_id": 1, "date": 0}} if inaccessible else {"inline_message_id": "INLINE"}
        return self._telegram.update("callback_query", self._callback(data, old))

    def update_unknown(self) -> dict[str, Any]:
        """An update of a kind that Telegram may yet invent."""
        return self._telegram.update("brand_new_thing", {})

    def _message(self, chat: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        return {"message_id": next(self._telegram.ids), "from": self.person, "chat": chat, "date": int(time.time()), **content}

    def _callback(self, data: str | None, of: dict[str, Any]) -> dict[str, Any]:
        number = str(next(self._telegram.ids))
        self._telegram.open_callbacks.add(number)
        return {"id": number, "from": self.person, "chat_instance": f"C{self.id}", **of, **({} if data is None else {"data": data})}

    def _membership(self, before: str, after: str) -> dict[str, Any]:
        self.has_blocked = after == "kicked"
        bot = self._telegram.bot
        members = {
            name: {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}
            for name, status in (("old_chat_member", before), ("new_chat_member", after))
        }
        return self._telegram.offer("my_chat_member", {"chat": self.chat, "from": self.person, "date": int(time.time()), **members})
