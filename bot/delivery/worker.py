"""The work for one sender: answer what waits, send what is due. Everything written is fenced by the sender's lease."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import events, leases, outbox
from bot.delivery.bursts import TOGETHER, Piece, gather, joined
from bot.delivery.messages import Reply
from bot.delivery.outbox import Unsent, Waiting
from bot.delivery.retry import MOST_ATTEMPTS, MOST_TURNS, pause
from bot.delivery.transport import BLOCKED, FIND_BEFORE, Blocked, MaybeSent, Refused, SendError, Transport, TryLater
from bot.metrics.meters import DELIVERIES, TURNS_FAILED
from bot.privacy import erasure
from bot.privacy.addresses import AddressBook, UnreadableAddress
from bot.privacy.redact import redact
from bot.storage.database import Database
from bot.storage.tables import contacts

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

#: The assistant has so many seconds for a turn.
_LONGEST_TURN = 60.0
#: From so many seconds on a person sees that an answer is being written.
NOTICEABLE = 0.5
#: A burst is looked at again so often, for the pieces that reached another process.
_LOOK_EVERY = 0.5

#: Runs a turn: channel, sender, text or payload, metadata -> the replies. Raises when the assistant could not answer.
Converse = Callable[[str, str, str, dict[str, Any]], Awaitable[list[Reply]]]


class Worker:
    """Works for one sender while the lease is held.

    Args:
        database: where inbox and outbox are.
        sender: for whom.
        owner: who holds the lease.
        transport: the sender's channel.
        converse: asks the assistant.
        addresses: reads encrypted addresses.
    """

    def __init__(self, database: Database, sender: str, owner: str, transport: Transport, converse: Converse, addresses: AddressBook) -> None:
        self._database = database
        self._sender = sender
        self._owner = owner
        self._transport = transport
        self._converse = converse
        self._addresses = addresses

    async def answer_next(self, woken: asyncio.Event) -> bool:
        """Answer the next message, or the next burst.

        Args:
            woken: set when another message of this sender arrives in this process.

        Returns:
            Whether there was one.
        """
        while True:
            woken.clear()
            messages = await self._database.run(outbox.waiting, self._sender)
            if not messages:
                return False
            pieces = [Piece(m.received.text, m.received_at, not m.received.is_payload) for m in messages]
            count, wait = gather(pieces, time.time())
            if wait and await self._database.run(outbox.asked, self._sender):
                count, wait = gather(pieces, time.time(), asked=True)
            if not wait:
                break
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(woken.wait(), min(wait, _LOOK_EVERY, TOGETHER))
        await self._answer(messages[:count])
        return True

    async def _answer(self, messages: list[Waiting]) -> None:
        contact = await self._database.run(outbox.contact, self._sender)
        text = joined([Piece(m.received.text, m.received_at, True) for m in messages])
        if len(messages) > 1:  # each piece is masked already, but a number may be split over two of them
            text = redact(text)
        last_word = text == events.OPT_OUT
        if contact is None or contact.blocked_at or (contact.opted_out_at and not last_word):
            await self._write(messages, [], False, False)
            return
        typing = asyncio.get_running_loop().create_task(self._show_typing(contact))
        # Rasa stores these beside the message: the console finds what was sent for it, and how long it took.
        metadata = {**messages[0].received.metadata, "inbox": messages[0].id, "received_at": messages[0].received_at}
        try:
            replies = await self._ask(text, metadata)
        except Exception as error:  # an action that cannot be reached, a fault in one: the message waits for another try
            logger.error("a turn failed: %s", error.__class__.__name__)
            TURNS_FAILED.labels(self._transport.name).inc()
            replies = await self._apology(messages, metadata)
            if not replies:
                return
        notice = [] if contact.greeted or last_word else await self._notice(metadata)
        await self._write(messages, replies + notice, bool(notice), any(reply.erase for reply in replies))
        typing.cancel()

    async def _ask(self, text: str, metadata: dict[str, Any]) -> list[Reply]:
        return await asyncio.wait_for(self._converse(self._transport.name, self._sender, text, metadata), _LONGEST_TURN)

    async def _apology(self, messages: list[Waiting], metadata: dict[str, Any]) -> list[Reply]:
        """What to say when a turn has failed too often; nothing while it is tried again."""
        attempts = messages[0].attempts
        if attempts + 1 >= MOST_TURNS:
            with contextlib.suppress(Exception):
                return await self._ask(events.FAILED, metadata)
        await self._fenced(outbox.turn_failed, self._sender, [message.id for message in messages], time.time() + pause(attempts))
        return []

    async def _notice(self, metadata: dict[str, Any]) -> list[Reply]:
        """The notice on privacy; where it fails it comes with the next answer."""
        try:
            return await self._ask(events.FIRST_CONTACT, metadata)
        except Exception as error:
            logger.error("the first notice failed: %s", error.__class__.__name__)
            return []

    async def _write(self, messages: list[Waiting], replies: list[Reply], greeted: bool, erase: bool) -> None:
        parts = [part for reply in replies for part in self._transport.parts(reply)]
        last_word = any(message.received.text == events.OPT_OUT for message in messages)
        await self._fenced(self._write_all, [message.id for message in messages], parts, greeted, erase, last_word)

    def _write_all(self, connection: Connection, messages: list[int], replies: list[Reply], greeted: bool, erase: bool, last_word: bool) -> None:
        contact = outbox.contact(connection, self._sender)
        if contact is None or (contact.opted_out_at and not last_word):
            replies = []  # erased by staff, or said stop, in the meantime
        if erase:
            erasure.erase_conversation(connection, self._sender, max(messages))
        outbox.answer(connection, self._sender, self._transport.name, messages, replies)
        values: dict[str, Any] = {**({"greeted": True} if greeted else {}), **({"erase_at": time.time()} if erase else {})}
        if values:
            connection.execute(contacts.update().where(contacts.c.sender == self._sender).values(**values))

    async def send_next(self) -> float | None:
        """Send the sender's next reply that is due.

        Returns:
            None when there was none; else for how many seconds the whole channel has to pause, mostly 0.
        """
        unsent: Unsent | None = await self._fenced(outbox.next_unsent, self._sender)
        if unsent is None:
            await self._fenced(erasure.finish, self._sender)
            return None
        contact = await self._database.run(outbox.contact, self._sender)
        address = self._address(contact) if contact else None
        if contact is None or address is None:
            await self._done(outbox.bury, unsent.id, "the address is not known any more")
        elif contact.blocked_at:
            await self._done(outbox.bury, unsent.id, BLOCKED)
        elif not self._transport.may_send(contact.last_inbound, time.time()):
            await self._done(outbox.bury, unsent.id, "outside the vendor's window for answers (24 hours)")
        else:
            return await self._send(address, unsent)
        return 0.0

    async def _send(self, address: str, unsent: Unsent) -> float:
        try:
            vendor_id = await self._find(address, unsent) if unsent.maybe_sent else None
            vendor_id = vendor_id or await self._transport.send(address, unsent.id, unsent.reply)
        except Blocked as error:
            self._count("blocked")
            await self._done(self._blocked, str(error))
        except Refused as error:
            logger.error("a reply was refused by %s: %s", self._transport.name, error)
            self._count("refused")
            await self._done(outbox.bury, unsent.id, str(error))
        except SendError as error:
            return await self._later(unsent, error)
        except (SQLAlchemyError, leases.LeaseLost):
            raise
        except Exception as error:  # an answer of the vendor's that its library cannot read: nobody knows
            return await self._later(unsent, MaybeSent(f"unreadable answer: {error.__class__.__name__}"))
        else:
            self._count("sent")
            await self._done(outbox.sent, unsent.id, vendor_id)
        return 0.0

    def _count(self, result: str) -> None:
        DELIVERIES.labels(self._transport.name, result).inc()

    async def _find(self, address: str, unsent: Unsent) -> str | None:
        known = await self._database.run(outbox.vendor_ids, self._sender, unsent.created_at - FIND_BEFORE)
        return await self._transport.find(address, unsent.reply, unsent.created_at, known)

    def _blocked(self, connection: Connection, error: str) -> None:
        connection.execute(contacts.update().where(contacts.c.sender == self._sender).values(blocked_at=time.time()))
        outbox.bury_all(connection, self._sender, error)

    async def _later(self, unsent: Unsent, error: SendError) -> float:
        if unsent.attempts + 1 >= MOST_ATTEMPTS:
            logger.error("a reply could not be delivered over %s: %s", self._transport.name, error)
            self._count("given_up")
            await self._done(outbox.bury, unsent.id, f"given up after {MOST_ATTEMPTS} attempts: {error}")
            return 0.0
        self._count("later")
        asked = error.after if isinstance(error, TryLater) else None
        maybe_sent = unsent.maybe_sent or isinstance(error, MaybeSent)
        await self._fenced(outbox.again, unsent.id, time.time() + pause(unsent.attempts, asked), maybe_sent, str(error))
        return asked or 0.0 if isinstance(error, TryLater) and error.everybody else 0.0

    async def _done(self, mark: Callable[..., None], *arguments: Any) -> None:
        """Mark a reply as done with, and forget the person if it was the last word to somebody who asked for that.

        Without a fence: what the vendor has taken is marked, whoever holds the lease by now.
        """

        def work(connection: Connection) -> None:
            mark(connection, *arguments)
            erasure.finish(connection, self._sender)

        await self._database.run(work)

    async def _fenced(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run `work` in a transaction in which the lease is held.

        Raises:
            bot.delivery.leases.LeaseLost: when it is not.
        """

        def fenced(connection: Connection) -> Result:
            leases.check(connection, self._sender, self._owner)
            return work(connection, *arguments)

        return await self._database.run(fenced)

    async def _show_typing(self, contact: Any) -> None:
        """Where the answer takes long enough to be waited for: vendors ask for no more, and it is a call to them."""
        await asyncio.sleep(NOTICEABLE)
        if address := self._address(contact):
            await self._transport.typing(address)

    def _address(self, contact: Any) -> str | None:
        try:
            return self._addresses.decrypt(contact.address)
        except UnreadableAddress:
            return None
