"""One turn at a time for each sender, in order of arrival, without Rasa's one-second polling.

Rasa's lock store makes a second message of the same sender wait by polling once a second. Where the channel itself lets a sender's turns
follow one another, Rasa's lock is always free.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A queue for each sender that has one; forgotten when empty."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, sender: str) -> AsyncIterator[None]:
        """Wait for this sender's earlier turns, then hold the turn."""
        lock = self._locks.setdefault(sender, asyncio.Lock())
        self._waiting[sender] = self._waiting.get(sender, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[sender] -= 1
            if not self._waiting[sender]:
                del self._waiting[sender], self._locks[sender]

    def waiting(self, sender: str) -> int:
        """How many turns of this sender are running or waiting."""
        return self._waiting.get(sender, 0)
