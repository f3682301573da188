"""From a message to the replies: the assistant's part of a turn, one turn at a time for each sender."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from enum import Enum
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Connection

from bot.channels.reply import Collector
from bot.channels.turns import Turns
from bot.delivery import events, leases
from bot.delivery.guard import TooLong, accept
from bot.handoff import cases
from bot.privacy import erasure
from bot.privacy.redact import redact
from bot.steering import notices, pause
from bot.steering.watch import Steering, Watch
from bot.storage.database import Database

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

#: More waiting turns than this from one sender are refused.
_MOST_WAITING = 8
#: After so many turns a new session begins: Rasa reads all events of a session in every turn, and a long one would slow everybody.
SESSION_TURNS = 20
_MOST_SENDERS = 50_000
#: Where another process works for a sender, or erases them, it is looked so often whether that is over.
_LOOK_EVERY = 0.05
#: What a channel gets where there is nothing to say: the message is kept for a person of the staff.
SILENT = {"silent": True}
#: What the assistant says to the channel, not to the person, when the person is to be forgotten (`utter_erased`).
ERASE = {"erase": True}


class Unanswered(Exception):
    """The assistant said nothing: an action failed, or its server could not be reached."""


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
        database: where the cases stand for which the bot keeps silent, the off switch and the notice to everybody.
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
        self._steering = Watch(database)
        self._owner = secrets.token_hex(16)

    def is_busy(self, sender: str) -> bool:
        """Whether this sender has as many turns waiting as are allowed."""
        return self._turns.waiting(sender) >= _MOST_WAITING

    async def run(self, sender: str, message: str, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The replies to `message`, as it was received, from `sender` (a pseudonym); Rasa stores `metadata` beside it."""
        try:
            accepted = accept(message, sender, self._key or b"", self._longest)
        except TooLong:
            return await self.handle(sender, events.TOO_LONG, metadata)
        if accepted is None:
            return await self.handle(sender, events.NOT_TEXT, metadata)
        return await self.handle(sender, accepted.text if accepted.is_payload else redact(accepted.text), metadata)

    async def slow_down(self, sender: str) -> list[dict[str, Any]]:
        """The one friendly reply to somebody who sends too fast."""
        return await self.handle(sender, events.SLOW_DOWN)

    async def handle(self, sender: str, text: str, metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The replies to text or a payload that is already harmless and masked; `SILENT` where there is none on purpose.

        Raises:
            Unanswered: where there is none for no reason.
        """
        metadata = {"received_at": time.time(), **(metadata or {})}
        async with self._turns.of(sender), self._turn(sender, text) as (steering, kept):
            if kept and not text.startswith("/") and pause.wants_erasure(text):
                metadata["typed"], text = text, "/delete_data"  # staff have it too; nothing is erased without the button
            elif kept is Kept.AGAIN:
                return await self._due_notice(sender, steering.notice, text, metadata) or [{"custom": SILENT}]
            elif kept:
                text = events.CASE_NOTED
            elif steering.off and (heard := pause.heard(text)) != text:
                if not text.startswith("/"):
                    metadata["typed"] = text  # staff read it in the transcript
                text = heard
            said = await self._said(sender, text, metadata)
            if not said:
                raise Unanswered
            if steering.off:
                said = pause.without_question(said)
            erased = any(message.get("custom") == ERASE for message in said)
            if text == events.CASE_NOTED:
                await self._database.run(cases.mark_told, sender)
            if not erased:
                said = [*await self._due_notice(sender, steering.notice, text, metadata), *said]
            if erased and self._erases:
                await self._database.run(erasure.erase, sender)
        return [message for message in said if message.get("custom") != ERASE] if self._erases else said

    async def _said(self, sender: str, text: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        """What Rasa says, in a new session where the one before is long enough."""
        if self._sessions.is_full(sender):
            await self._on_new_message(UserMessage(events.SESSION_START, Collector(), sender, input_channel=self._channel))
        collector = Collector(self._key)
        await self._on_new_message(UserMessage(text, collector, sender, input_channel=self._channel, metadata=metadata))
        return collector.messages

    @contextlib.asynccontextmanager
    async def _turn(self, sender: str, text: str) -> AsyncIterator[tuple[Steering, Kept | None]]:
        """How the bot is steered, and whether the message was kept for staff.

        Holds the sender's lease meanwhile, as the dispatcher does for its channels: nobody is erased in the middle of a turn, which would restore them.
        """
        owner = self._owner if self._erases else None
        while True:
            steering = await self._steering.now()
            mine, kept = await self._database.run(begin_turn, sender, owner, text, steering.off)
            if mine:
                break
            await asyncio.sleep(_LOOK_EVERY)
        try:
            yield steering, kept
        finally:
            if owner:
                await self._database.run(leases.release, sender, owner)

    async def _due_notice(self, sender: str, number: int | None, text: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        """The notice to everybody, for somebody who has not been told; whatever fails, the answer must not wait for it."""
        if number is None or text.startswith(_WITHOUT_NOTICE):
            return []
        inbox_id = metadata.get("inbox")
        collector = Collector(self._key)
        try:
            if not await self._database.run(notices.is_due, number, sender, inbox_id):
                return []
            payload = f'{events.NOTICE}{{"notice": "{number}"}}'
            about = {name: value for name, value in metadata.items() if name != "typed"}
            await self._on_new_message(UserMessage(payload, collector, sender, input_channel=self._channel, metadata=about))
            if collector.messages:
                await self._database.run(notices.mark_seen, number, sender, inbox_id)
        except Exception as error:
            logger.error("a notice could not be said: %s", error.__class__.__name__)
            return []
        return collector.messages[:1]


class Kept(str, Enum):
    """What became of a message that was kept for staff."""

    FIRST = "first"  # the person is told
    AGAIN = "again"  # they know


def begin_turn(connection: Connection, sender: str, owner: str | None, text: str, off: bool) -> tuple[bool, Kept | None]:
    """Take the sender's lease for `owner` (None: it is held already) and keep the message for staff where the bot is silent, in one transaction.

    Returns:
        Whether the turn may begin, and what `keep_for_staff` says; nothing is kept while somebody else has the lease.
    """
    if owner and not leases.take(connection, sender, owner):
        return False, None
    return True, keep_for_staff(connection, sender, text, off)


def keep_for_staff(connection: Connection, sender: str, text: str, off: bool = False) -> Kept | None:
    """Keep a message for staff while the bot is silent in this conversation.

    Wanting the bot again, or the button that erases, ends the silence. What is no text (a voice message, one that is too long) and the question what is
    kept of oneself are answered meanwhile. Other buttons are the bot's own and wait.

    Args:
        connection: the database.
        sender: who wrote.
        text: what was typed, or a payload.
        off: whether the bot is switched off: who wants it back is told so, and what they write still goes to staff.

    Returns:
        None when the bot should answer.
    """
    number = cases.paused(connection, sender)
    if number is None:
        return None
    if text.startswith(_ANSWERED_MEANWHILE) or (off and text.startswith(_BACK)):
        return None
    if text.startswith(_ENDS_SILENCE):
        cases.unpause(connection, sender)
        return None
    shown = text if not text.startswith("/") else ""
    return Kept.FIRST if cases.add(connection, number, shown) else Kept.AGAIN


_BACK = "/back_to_bot"
_ENDS_SILENCE = (_BACK, "/erase", "/delete_data", events.OPT_OUT, events.OPT_IN)
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
#: No answers to a message of the person's, or the last word to them.
_WITHOUT_NOTICE = (events.FIRST_CONTACT, events.FAILED, events.SLOW_DOWN, events.GROUP_CHAT, events.OPT_OUT)
