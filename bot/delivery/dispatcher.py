"""Works off what was taken in: in order for each sender, in parallel across senders, once over all processes.

For each sender with something to do, one task of one process holds a lease (bot/delivery/leases.py). It reads the waiting messages, joins the
pieces of a burst, has the assistant answer, writes the replies to the outbox together with the mark that the messages are answered, and
sends what is due. A sweep finds what a dead process or a pause left behind.

What a crash can repeat: a message that the vendor took whose mark was not yet written. Where the vendor can be asked (Twilio), it is;
Telegram cannot be, so there this one message is sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import leases, outbox
from bot.delivery.bursts import Piece, gather, joined
from bot.delivery.messages import Inbound, Reply
from bot.delivery.outbox import Unsent, Waiting
from bot.delivery.receipt import Receipt, Reception
from bot.delivery.retry import MOST_ATTEMPTS, MOST_TURNS, pause
from bot.delivery.transport import Blocked, MaybeSent, Refused, SendError, Transport, TryLater
from bot.privacy import erasure
from bot.privacy.addresses import AddressBook, UnreadableAddress
from bot.storage.database import Database
from bot.storage.tables import contacts

logger = logging.getLogger(__name__)

_SWEEP_EVERY = 1.0
_RENEW_EVERY = leases.SECONDS / 3
#: Senders served at once by one process.
_MOST_AT_ONCE = 64
#: Seconds that a stop waits for turns that are under way.
_DRAIN = 5.0
FIRST_CONTACT = "/first_contact"
FAILED = "/failed"

#: Runs a turn: channel, sender, text or payload, metadata -> the replies. Raises when the assistant could not answer.
Converse = Callable[[str, str, str, dict[str, Any]], Awaitable[list[Reply]]]


class Full(Exception):
    """More waits than is allowed; the vendor should come again."""


class Dispatcher:
    """The delivery of one process.

    Args:
        database: where inbox and outbox are.
        reception: how messages are taken in.
        transports: the channels by name.
        converse: asks the assistant.
        most_waiting: how many messages may wait in this process.
    """

    def __init__(self, database: Database, reception: Reception, transports: Mapping[str, Transport], converse: Converse, most_waiting: int) -> None:
        self._database = database
        self._reception = reception
        self._transports = transports
        self._converse = converse
        self._most_waiting = most_waiting
        self._owner = f"{os.uname().nodename[:20]}:{os.getpid()}:{secrets.token_hex(6)}"
        self._addresses = AddressBook(reception.key)
        self._serving: dict[str, asyncio.Event] = {}
        self._held: set[str] = set()
        self._waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)
        self._paused_until: dict[str, float] = {}
        self._stopping = False

    async def start(self) -> None:
        """Begin to work; what an earlier process left is taken up."""
        self._spawn(self._sweep())
        self._spawn(self._renew())

    async def stop(self) -> None:
        """Finish what is under way, for a few seconds; the rest waits in the database."""
        self._stopping = True
        working = [task for task in self._tasks if task.get_name() == "serve"]
        if working:
            await asyncio.wait(working, timeout=_DRAIN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for name in list(self._held):
            await self._database.run(leases.release, name, self._owner)
        self._database.close()

    async def take_in(self, inbound: Inbound) -> Receipt:
        """Take a message in; when this returns it is safe.

        Raises:
            Full: when too much waits.
            sqlalchemy.exc.SQLAlchemyError: when the database cannot keep it.
        """
        if self._waiting >= self._most_waiting or self._stopping:
            raise Full
        self._waiting += 1
        try:
            receipt = await self._database.run(self._reception.take, inbound)
        finally:
            self._waiting -= 1
        if receipt is Receipt.TAKEN:
            self._wake(self._reception.sender(inbound), inbound.channel)
        return receipt

    async def holds(self, name: str) -> bool:
        """Whether this process holds, or now takes, the lease `name`."""
        taken = await self._database.run(leases.take, name, self._owner)
        if taken:
            self._held.add(name)
        return taken

    @property
    def database(self) -> Database:
        """Where inbox and outbox are."""
        return self._database

    def _spawn(self, work: Any, name: str = "") -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _wake(self, sender: str, channel: str) -> None:
        if sender in self._serving:
            self._serving[sender].set()
        elif channel in self._transports and not self._stopping:
            self._serving[sender] = asyncio.Event()
            self._waiting += 1
            self._spawn(self._serve(sender, self._transports[channel]), "serve")

    async def _serve(self, sender: str, transport: Transport) -> None:
        """Do all there is to do for a sender, if no other process does."""
        try:
            async with self._slots:
                if not await self.holds(sender):
                    return
                while not self._stopping:
                    busy = await self._turn(sender, transport)
                    busy = await self._send_due(sender, transport) or busy
                    if not busy and await self._database.run(leases.release_if_idle, sender, self._owner):
                        return
        except (SQLAlchemyError, OSError):
            logger.exception("the database failed; the sweep will come back to it")
        except Exception:  # one sender's trouble must not be everybody's
            logger.exception("serving a sender failed")
        finally:
            if sender in self._held:
                self._held.discard(sender)
                await self._let_go(sender)
            self._waiting -= 1
            woken = self._serving.pop(sender).is_set()
            if woken:
                self._wake(sender, transport.name)

    async def _let_go(self, sender: str) -> None:
        try:
            await self._database.run(leases.release, sender, self._owner)
        except (SQLAlchemyError, RuntimeError):
            logger.warning("a lease could not be given back; it runs out by itself")

    async def _turn(self, sender: str, transport: Transport) -> bool:
        """Answer the next message, or the next burst. Returns whether there was one."""
        event = self._serving[sender]
        while True:
            event.clear()
            messages = await self._database.run(outbox.waiting, sender)
            if not messages:
                return False
            count, wait = gather([Piece(m.received.text, m.received_at, not m.received.is_payload) for m in messages], time.time())
            if not wait:
                break
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(event.wait(), min(wait, 0.5))
        await self._answer(sender, transport, messages[:count])
        return True

    async def _answer(self, sender: str, transport: Transport, messages: list[Waiting]) -> None:
        contact = await self._database.run(outbox.contact, sender)
        ids = [message.id for message in messages]
        if contact is None or contact.blocked_at:
            await self._database.run(outbox.answer, sender, transport.name, ids, [])
            return
        if address := self._address(contact):
            self._spawn(transport.typing(address))
        text = joined([Piece(m.received.text, m.received_at, True) for m in messages])
        metadata = messages[0].received.metadata
        try:
            replies = await self._converse(transport.name, sender, text, metadata)
            if not contact.greeted:
                replies += await self._converse(transport.name, sender, FIRST_CONTACT, metadata)
        except Exception:
            logger.exception("a turn failed")
            if messages[0].attempts + 1 < MOST_TURNS:
                await self._database.run(outbox.turn_failed, ids, time.time() + pause(messages[0].attempts))
                return
            replies = await self._converse(transport.name, sender, FAILED, metadata)
        parts = [part for reply in replies for part in transport.parts(reply)]
        await self._database.run(self._write, sender, transport.name, ids, parts, any(reply.erase for reply in replies))

    def _write(self, connection: Any, sender: str, channel: str, messages: list[int], replies: list[Reply], erase: bool) -> None:
        if erase:
            erasure.erase_conversation(connection, sender)
        outbox.answer(connection, sender, channel, messages, replies)
        values = {"greeted": True, "erase_at": time.time()} if erase else {"greeted": True}
        connection.execute(contacts.update().where(contacts.c.sender == sender).values(**values))

    def _address(self, contact: Any) -> str | None:
        try:
            return self._addresses.decrypt(contact.address)
        except UnreadableAddress:
            return None

    async def _send_due(self, sender: str, transport: Transport) -> bool:
        """Send a sender's next reply. Returns whether there was one that is due."""
        if self._paused_until.get(transport.name, 0.0) > time.time():
            return False
        unsent = await self._database.run(outbox.next_unsent, sender)
        if unsent is None:
            await self._database.run(erasure.finish, sender)
            return False
        contact = await self._database.run(outbox.contact, sender)
        address = self._address(contact) if contact else None
        if contact is None or address is None:
            await self._database.run(outbox.bury, unsent.id, "the address is not known any more")
        elif contact.blocked_at:
            await self._database.run(outbox.bury, unsent.id, "blocked by the user")
        elif not transport.may_send(contact.last_inbound, time.time()):
            await self._database.run(outbox.bury, unsent.id, "outside the vendor's window for answers (24 hours)")
        else:
            await self._send(sender, transport, address, unsent)
        return True

    async def _send(self, sender: str, transport: Transport, address: str, unsent: Unsent) -> None:
        try:
            vendor_id = await self._find(sender, transport, address, unsent) if unsent.maybe_sent else None
            vendor_id = vendor_id or await transport.send(address, unsent.id, unsent.reply)
        except Blocked as error:
            await self._database.run(self._blocked, sender, str(error))
        except Refused as error:
            logger.error("a reply was refused by %s: %s", transport.name, error)
            await self._database.run(outbox.bury, unsent.id, str(error))
        except SendError as error:
            await self._later(transport, unsent, error)
        else:
            await self._database.run(outbox.sent, unsent.id, vendor_id)

    async def _find(self, sender: str, transport: Transport, address: str, unsent: Unsent) -> str | None:
        known = await self._database.run(outbox.vendor_ids, sender, unsent.created_at)
        return await transport.find(address, unsent.reply, unsent.created_at, known)

    def _blocked(self, connection: Any, sender: str, error: str) -> None:
        connection.execute(contacts.update().where(contacts.c.sender == sender).values(blocked_at=time.time()))
        outbox.bury_all(connection, sender, error)

    async def _later(self, transport: Transport, unsent: Unsent, error: SendError) -> None:
        if unsent.attempts + 1 >= MOST_ATTEMPTS:
            logger.error("a reply could not be delivered over %s: %s", transport.name, error)
            await self._database.run(outbox.bury, unsent.id, f"given up after {MOST_ATTEMPTS} attempts: {error}")
            return
        asked = error.after if isinstance(error, TryLater) else None
        due_at = time.time() + pause(unsent.attempts, asked)
        if isinstance(error, TryLater) and error.everybody:
            self._paused_until[transport.name] = time.time() + (asked or 0.0)
        await self._database.run(outbox.again, unsent.id, due_at, isinstance(error, MaybeSent), str(error))

    async def _sweep(self) -> None:
        """Find what waits and is served by nobody: after a crash, a pause, a stop of another process."""
        while not self._stopping:
            try:
                for sender, channel in await self._database.run(outbox.senders_with_work):
                    if sender not in self._serving:
                        self._wake(sender, channel)
            except Exception:
                logger.exception("the sweep failed; it tries again")
            await asyncio.sleep(_SWEEP_EVERY)

    async def _renew(self) -> None:
        while not self._stopping:
            try:
                if self._held:
                    await self._database.run(leases.renew, set(self._held), self._owner)
            except Exception:
                logger.exception("leases could not be renewed")
            await asyncio.sleep(_RENEW_EVERY)
