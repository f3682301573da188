"""What the assistant says in one turn, collected for the channel that it goes to."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.delivery.guard import issue


class Collector(OutputChannel):
    """Keeps the messages of a turn.

    Args:
        key: the secret that signs the payload of each button for the sender; None leaves them as they are.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The name responses may be conditioned on."""
        return "web"

    def _add(self, recipient_id: str, **content: Any) -> None:
        self.messages.append({"recipient_id": recipient_id, **{name: value for name, value in content.items() if value}})

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep a text."""
        self._add(recipient_id, text=text)

    async def send_text_with_buttons(self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any) -> None:
        """Keep a text with buttons."""
        key = self._key
        signed = [{"title": b["title"], "payload": issue(b["payload"], recipient_id, key) if key else b["payload"]} for b in buttons]
        self._add(recipient_id, text=text, buttons=signed)

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Keep the address of a picture."""
        self._add(recipient_id, image=image)

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Keep a message of a kind of its own."""
        self._add(recipient_id, custom=json_message)
