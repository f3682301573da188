"""Rate limits and turns."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.channels.limits import RateLimit, SharedRateLimit, limit
from bot.channels.turns import Turns
from bot.settings import Settings
from tests.tools import free_port, redis_server


async def test_a_burst_passes_then_the_rate_holds() -> None:
    now = [0.0]
    limit = RateLimit(3, clock=lambda: now[0])
    assert [await limit.allow("a") for _ in range(5)] == [True, True, True, False, False]
    assert await limit.allow("b")
    now[0] = 20.0  # a third of a minute: one more
    assert [await limit.allow("a") for _ in range(2)] == [True, False]


async def test_memory_is_bounded() -> None:
    limit = RateLimit(1, clock=lambda: 0.0, most_keys=10)
    for number in range(100):
        await limit.allow(str(number))
    assert len(limit._buckets) == 10


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Redis."""
    with redis_server(tmp_path_factory.mktemp("redis"), free_port()) as url:
        yield url


async def test_processes_count_together_in_redis(redis: str) -> None:
    """Two clients stand for two processes."""
    first, second = (SharedRateLimit(Redis.from_url(redis), "messages", 4, b"secret") for _ in range(2))
    answers = await asyncio.gather(*(each.allow("somebody") for each in (first, second) * 4))
    assert sum(answers) == 4
    assert await first.allow("somebody else")
    assert await SharedRateLimit(Redis.from_url(redis), "sessions", 4, b"secret").allow("somebody")


async def test_what_stands_in_redis_names_nobody_and_goes_by_itself(redis: str) -> None:
    await SharedRateLimit(Redis.from_url(redis), "sessions", 4, b"secret").allow("196.200.1.2")
    client: Any = Redis.from_url(redis)
    keys = await client.keys("*")
    assert keys
    assert not [key for key in keys if b"196.200" in key]
    assert all([0 < await client.ttl(key) <= 61 for key in keys])


async def test_while_redis_is_away_a_process_counts_alone_and_without_delay(tmp_path: Path) -> None:
    port = free_port()
    key = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret
    shared = limit("messages", 2, Settings(redis_url=f"redis://127.0.0.1:{port}/0", secret_key=key))
    with redis_server(tmp_path / "before", port):
        assert await shared.allow("a")
    began = time.monotonic()
    assert [await shared.allow("a") for _ in range(4)] == [True, True, False, False]
    assert time.monotonic() - began < 2
    assert isinstance(shared, SharedRateLimit)
    with redis_server(tmp_path / "after", port):
        shared._again_at = 0.0  # the pause is over
        assert [await shared.allow("a") for _ in range(3)] == [True, True, False]


def test_without_an_address_each_process_counts_for_itself() -> None:
    assert isinstance(limit("messages", 2, Settings(redis_url="")), RateLimit)


async def test_one_sender_waits_for_itself_and_not_for_others() -> None:
    turns = Turns()
    log: list[str] = []

    async def turn(sender: str, name: str, seconds: float) -> None:
        async with turns.of(sender):
            log.append(f"{name} begins")
            await asyncio.sleep(seconds)
            log.append(f"{name} ends")

    await asyncio.gather(turn("a", "first", 0.05), turn("a", "second", 0), turn("b", "other", 0))
    assert log.index("first ends") < log.index("second begins")
    assert log.index("other ends") < log.index("first ends")
    assert turns.waiting("a") == 0


async def test_a_turn_that_fails_lets_the_next_one_in() -> None:
    turns = Turns()
    try:
        async with turns.of("a"):
            raise ValueError
    except ValueError:
        pass
    async with turns.of("a"):
        assert turns.waiting("a") == 1
