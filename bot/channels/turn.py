"""From a received message to the replies: guard, redaction, the assistant. Shared by the channels that answer in the same request."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.guard import TooLong, accept
from bot.channels.reply import Collector
from bot.channels.turns import Turns
from bot.privacy.redact import redact

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

#: More waiting turns than this from one sender are refused.
_MOST_WAITING = 8


class TurnRunner:
    """Runs turns of one channel, one at a time for each sender.

    Args:
        channel: the channel's name.
        on_new_message: Rasa's handler.
        key: the secret that signs buttons.
        longest: how many characters of a message are read.
    """

    def __init__(self, channel: str, on_new_message: OnNewMessage, key: bytes, longest: int) -> None:
        self._channel = channel
        self._on_new_message = on_new_message
        self._key = key
        self._longest = longest
        self._turns = Turns()

    def is_busy(self, sender: str) -> bool:
        """Whether this sender has as many turns waiting as are allowed."""
        return self._turns.waiting(sender) >= _MOST_WAITING

    async def run(self, sender: str, message: str, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The replies to `message` from `sender` (a pseudonym)."""
        try:
            accepted = accept(message, sender, self._key, self._longest)
        except TooLong:
            return await self._handle(sender, "/too_long", metadata)
        if accepted is None:
            return await self._handle(sender, "/not_text", metadata)
        return await self._handle(sender, accepted.text if accepted.is_payload else redact(accepted.text), metadata)

    async def slow_down(self, sender: str) -> list[dict[str, Any]]:
        """The one friendly reply to somebody who sends too fast."""
        return await self._handle(sender, "/slow_down", None)

    async def _handle(self, sender: str, text: str, metadata: dict[str, Any] | None) -> list[dict[str, Any]]:
        collector = Collector(self._key)
        message = UserMessage(text, collector, sender, input_channel=self._channel, metadata=metadata)
        async with self._turns.of(sender):
            await self._on_new_message(message)
        return collector.messages
