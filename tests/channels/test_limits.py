"""Rate limits and turns."""

import asyncio

from bot.channels.limits import RateLimit
from bot.channels.turns import Turns


def test_a_burst_passes_then_the_rate_holds() -> None:
    now = [0.0]
    limit = RateLimit(3, clock=lambda: now[0])
    assert [limit.allow("a") for _ in range(5)] == [True, True, True, False, False]
    assert limit.allow("b")
    now[0] = 20.0  # a third of a minute: one more
    assert [limit.allow("a") for _ in range(2)] == [True, False]


def test_memory_is_bounded() -> None:
    limit = RateLimit(1, clock=lambda: 0.0, most_keys=10)
    for number in range(100):
        limit.allow(str(number))
    assert len(limit._buckets) == 10


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
