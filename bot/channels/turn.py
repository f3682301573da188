"""From a message to the replies: the assistant's part of a turn, one turn at a time for each sender."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Connection

from bot.channels.reply import Collector
from bot.channels.turns import Turns
from bot.delivery import events
from bot.delivery.guard import TooLong, accept
from bot.handoff import cases
from bot.privacy import erasure
from bot.privacy.redact import redact
from bot.storage.database import Database

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

#: More waiting turns than this from one sender are refused.
_MOST_WAITING = 8
#: After so many turns a new session begins: Rasa reads all events of a session in every turn, and a long one would slow everybody.
SESSION_TURNS = 30
_MOST_SENDERS = 50_000
#: What a channel gets where there is nothing to say: the message is kept for a person of the staff.
SILENT = {"silent": True}
#: What the assistant says to the channel, not to the person, when the person is to be forgotten (`utter_erased`).
ERASE = {"erase": True}


class Sessions:
    """Counts the turns of each sender's session, in memory and bounded."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, int] = OrderedDict()

    def is_full(self, sender: str) -> bool:
        """Count a turn; whether a new session should begin before it."""
        turns = self._turns.pop(sender, 0) + 1
        full = turns > SESSION_TURNS
        self._turns[sender] = 1 if full else turns
        if len(self._turns) > _MOST_SENDERS:
            self._turns.popitem(last=False)
        return full


class TurnRunner:
    """Runs turns of one channel, one at a time for each sender.

    Args:
        channel: the channel's name.
        on_new_message: Rasa's handler.
        key: the secret that signs buttons; None for a channel that keeps their payloads to itself.
        longest: how many characters of a message are read.
        database: where the cases stand for which the bot keeps silent.
        erases: whether somebody who asks for it is erased here; else the caller sees to that.
    """

    def __init__(self, channel: str, on_new_message: OnNewMessage, key: bytes | None, longest: int, database: Database, erases: bool = True) -> None:
        self._channel = channel
        self._on_new_message = on_new_message
        self._key = key
        self._longest = longest
        self._database = database
        self._erases = erases
        self._turns = Turns()
        self._sessions = Sessions()

    def is_busy(self, sender: str) -> bool:
        """Whether this sender has as many turns waiting as are allowed."""
        return self._turns.waiting(sender) >= _MOST_WAITING

    async def run(self, sender: str, message: str) -> list[dict[str, Any]]:
        """The replies to `message`, as it was received, from `sender` (a pseudonym)."""
        try:
            accepted = accept(message, sender, self._key or b"", self._longest)
        except TooLong:
            return await self.handle(sender, events.TOO_LONG)
        if accepted is None:
            return await self.handle(sender, events.NOT_TEXT)
        return await self.handle(sender, accepted.text if accepted.is_payload else redact(accepted.text))

    async def slow_down(self, sender: str) -> list[dict[str, Any]]:
        """The one friendly reply to somebody who sends too fast."""
        return await self.handle(sender, events.SLOW_DOWN)

    async def handle(self, sender: str, text: str, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The replies to text or a payload that is already harmless and masked; `SILENT` where there is none on purpose."""
        collector = Collector(self._key)
        metadata = {"received_at": time.time(), **(metadata or {})}
        async with self._turns.of(sender):
            if kept := await self._database.run(keep_for_staff, sender, text):
                if kept is Kept.AGAIN:
                    return [{"custom": SILENT}]
                text = events.CASE_NOTED
            if self._sessions.is_full(sender):
                await self._on_new_message(UserMessage(events.SESSION_START, Collector(), sender, input_channel=self._channel))
            await self._on_new_message(UserMessage(text, collector, sender, input_channel=self._channel, metadata=metadata))
            if text == events.CASE_NOTED and collector.messages:
                await self._database.run(cases.mark_told, sender)
            if self._erases and any(message.get("custom") == ERASE for message in collector.messages):
                await self._database.run(erasure.erase, sender)
        return [message for message in collector.messages if message.get("custom") != ERASE] if self._erases else collector.messages


class Kept(str, Enum):
    """What became of a message that was kept for staff."""

    FIRST = "first"  # the person is told
    AGAIN = "again"  # they know


def keep_for_staff(connection: Connection, sender: str, text: str) -> Kept | None:
    """Keep a message for staff while the bot is silent in this conversation.

    Wanting the bot again, or to be erased, ends the silence. What is no text (a voice message, one that is too long) and the question what is
    kept of oneself are answered meanwhile. Other buttons are the bot's own and wait.

    Returns:
        None when the bot should answer.
    """
    number = cases.paused(connection, sender)
    if number is None:
        return None
    if text.startswith(_ANSWERED_MEANWHILE):
        return None
    if text.startswith(_ENDS_SILENCE):
        cases.unpause(connection, sender)
        return None
    shown = text if not text.startswith("/") else ""
    return Kept.FIRST if cases.add(connection, number, shown) else Kept.AGAIN


_ENDS_SILENCE = ("/back_to_bot", "/erase", "/delete_data", events.OPT_OUT, events.OPT_IN)
#: What the channel says in the person's stead cannot be kept for staff: the person is told, and the silence goes on.
_ANSWERED_MEANWHILE = (
    events.FIRST_CONTACT,
    events.TOO_LONG,
    events.NOT_TEXT,
    events.VOICE,
    events.PICTURE,
    events.SHARED_CONTACT,
    events.SLOW_DOWN,
    events.FAILED,
    "/privacy",
)
