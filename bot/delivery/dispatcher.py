"""Works off what was taken in: in order for each sender, in parallel across senders, once over all processes.

For each sender with something to do, one task of one process holds a lease (bot/delivery/leases.py) and works (bot/delivery/worker.py): it
reads the waiting messages, joins the pieces of a burst, has the assistant answer, writes the replies to the outbox together with the mark
that the messages are answered, and sends what is due. A sweep finds what a dead process or a pause left behind.

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
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import clock, leases, outbox
from bot.delivery.messages import Inbound
from bot.delivery.receipt import Receipt, Reception
from bot.delivery.transport import Transport
from bot.delivery.worker import Converse, Worker
from bot.privacy.addresses import AddressBook
from bot.storage.database import Database

logger = logging.getLogger(__name__)

_SWEEP_EVERY = 1.0
_RENEW_EVERY = leases.SECONDS / 3
#: Senders of one channel served at once by one process: a slow vendor must not keep the other's people waiting.
_MOST_AT_ONCE = 32
#: Seconds that a stop waits for what is under way.
_DRAIN = 8.0


class Full(Exception):
    """More waits than is allowed; the vendor should come again."""


class Dispatcher:
    """The delivery of one process.

    Args:
        database: where inbox and outbox are.
        reception: how messages are taken in.
        transports: the channels by name.
        converse: asks the assistant.
        most_waiting: how many messages may wait.
        ready: whether the assistant can be asked.
    """

    def __init__(
        self,
        database: Database,
        reception: Reception,
        transports: Mapping[str, Transport],
        converse: Converse,
        most_waiting: int,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.database = database
        self._reception = reception
        self._transports = transports
        self._converse = converse
        self._most_waiting = most_waiting
        self._ready = ready
        self._owner = f"{os.uname().nodename[:20]}:{os.getpid()}:{secrets.token_hex(6)}"
        self._addresses = AddressBook(reception.key)
        self._serving: dict[str, asyncio.Event] = {}
        self._held: set[str] = set()
        self._backlog = 0
        self._taking = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_MOST_AT_ONCE))
        self._paused_until: dict[str, float] = {}
        self._clock = clock.Clock()
        #: Pauses that last longer than so many seconds are still to be ended (bot/delivery/clock.py). What was before this process nobody knows.
        self._to_end = [clock.LONGEST_PAUSE]
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
            await self._let_go(name)
        self.database.close()

    async def take_in(self, inbound: Inbound) -> Receipt:
        """Take a message in; when this returns it is safe.

        Raises:
            Full: when too much waits.
            sqlalchemy.exc.SQLAlchemyError: when the database cannot keep it.
        """
        if self._backlog + self._taking >= self._most_waiting or self._stopping:
            raise Full
        self._taking += 1
        try:
            receipt = await self.database.run(self._reception.take, inbound)
        finally:
            self._taking -= 1
        if receipt is Receipt.TAKEN:
            self._backlog += 1
            self._wake(self._reception.sender(inbound), inbound.channel)
        return receipt

    async def holds(self, name: str) -> bool:
        """Whether this process holds, or now takes, the lease `name`."""
        taken = await self.database.run(leases.take, name, self._owner)
        if taken:
            self._held.add(name)
        else:
            self._held.discard(name)
        return taken

    def _spawn(self, work: Any, name: str = "") -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _wake(self, sender: str, channel: str) -> None:
        """Have somebody served, or tell who serves them that there is more."""
        if sender in self._serving:
            self._serving[sender].set()
        elif channel in self._transports and self._ready() and not self._stopping:
            self._serving[sender] = asyncio.Event()
            self._spawn(self._serve(sender, self._transports[channel]), "serve")

    async def _serve(self, sender: str, transport: Transport) -> None:
        """Do all there is to do for a sender, if no other process does."""
        woken = self._serving[sender]
        try:
            async with self._slots[transport.name]:
                if await self.holds(sender):
                    await self._work(Worker(self.database, sender, self._owner, transport, self._converse, self._addresses), sender, transport.name, woken)
        except leases.LeaseLost:
            self._held.discard(sender)
            logger.warning("a lease was lost: this process stood still for too long")
        except (SQLAlchemyError, OSError) as error:
            logger.error("the database failed (%s); the sweep comes back to it", error.__class__.__name__)
        except Exception as error:  # one sender's trouble must not be everybody's; its text may hold what was written
            logger.error("serving a sender failed: %s", error.__class__.__name__)
        finally:
            if sender in self._held:
                await self._let_go(sender)
            del self._serving[sender]
            if woken.is_set():
                self._wake(sender, transport.name)

    async def _work(self, worker: Worker, sender: str, channel: str, woken: asyncio.Event) -> None:
        while not self._stopping:
            busy = await worker.answer_next(woken)
            if busy:
                self._backlog = max(0, self._backlog - 1)
            if self._paused_until.get(channel, 0.0) <= time.monotonic():
                paused = await worker.send_next()
                busy = busy or paused is not None
                if paused:
                    self._paused_until[channel] = max(self._paused_until.get(channel, 0.0), time.monotonic() + paused)
            if not busy and await self.database.run(leases.release_if_idle, sender, self._owner):
                self._held.discard(sender)
                return

    async def _let_go(self, name: str) -> None:
        self._held.discard(name)
        with contextlib.suppress(SQLAlchemyError, RuntimeError):  # else it runs out by itself
            await self.database.run(leases.release, name, self._owner)

    async def _sweep(self) -> None:
        """Find what waits and is served by nobody: after a crash, a pause, a stop of another process."""
        while not self._stopping:
            try:
                if self._clock.put_back():
                    self._to_end = [0.0, 0.0]  # once more for what was being written meanwhile
                if self._to_end:
                    await self.database.run(clock.catch_up, self._to_end[0])
                    self._to_end.pop(0)
                self._backlog = await self.database.run(outbox.backlog)
                now = time.monotonic()
                open_ = [name for name in self._transports if self._paused_until.get(name, 0.0) <= now]
                for sender, channel in await self.database.run(outbox.senders_with_work, open_) if open_ else []:
                    if sender not in self._serving:
                        self._wake(sender, channel)
            except Exception as error:
                logger.error("the sweep failed (%s); it tries again", error.__class__.__name__)
            await asyncio.sleep(_SWEEP_EVERY)

    async def _renew(self) -> None:
        while not self._stopping:
            try:
                if self._held:
                    await self.database.run(leases.renew, set(self._held), self._owner)
            except Exception as error:
                logger.error("leases could not be renewed: %s", error.__class__.__name__)
            await asyncio.sleep(_RENEW_EVERY)
