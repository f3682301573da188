"""A load generator over REST: so many senders at once, each waiting for its answer before it writes again."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

#: A sender writes so many messages, then another comes.
_TURNS_OF_A_SENDER = 10


@dataclass(frozen=True)
class Load:
    """What was measured.

    Attributes:
        median, p95: of one answer, in milliseconds.
        per_second: answers in a second, all senders together.
    """

    median: float
    p95: float
    per_second: float

    def __str__(self) -> str:
        return f"median {self.median:6.1f} ms, p95 {self.p95:6.1f} ms, {self.per_second:6.1f} a second"


async def _ask(urls: Sequence[str], messages: Sequence[str], at_once: int, count: int, prefix: str) -> Load:
    numbers, times = itertools.count(), []

    async def person(place: int, client: aiohttp.ClientSession) -> None:
        while (number := next(numbers)) < count:
            sender = f"{prefix}-{place}-{number // (_TURNS_OF_A_SENDER * at_once)}"
            began = time.perf_counter()
            async with client.post(urls[place % len(urls)], json={"sender": sender, "message": messages[number % len(messages)]}) as answer:
                answer.raise_for_status()
                if not await answer.json():
                    raise RuntimeError("a message was not answered")
            times.append((time.perf_counter() - began) * 1000)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        began = time.perf_counter()
        await asyncio.gather(*(person(place, client) for place in range(at_once)))
        took = time.perf_counter() - began
    return Load(statistics.median(times), statistics.quantiles(times, n=20)[-1], count / took)


def ask(urls: Sequence[str], messages: Sequence[str], at_once: int = 1, count: int = 200, prefix: str = "person", warm: int = 20) -> Load:
    """Ask `count` times, after `warm` times that do not count.

    Args:
        urls: the REST channels; each sender keeps to one.
        messages: what is asked, in turn.
        at_once: how many senders.
        count: how many messages in all.
        prefix: of the senders' names.
        warm: how many messages first, two at least.
    """
    asyncio.run(_ask(urls, messages, min(at_once, warm), warm, f"{prefix}-warm"))
    return asyncio.run(_ask(urls, messages, at_once, count, prefix))
