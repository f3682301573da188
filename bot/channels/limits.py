"""How much one sender may send: so much a minute, in bursts of up to as much.

With `REDIS_URL` all processes count together; without it, or while Redis does not answer, each counts for itself: a limit that is a little
wide for a while is better than a page that does not answer.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.settings import Settings

logger = logging.getLogger(__name__)

#: Seconds that Redis has to answer, and for how long it is left alone when it did not.
_PATIENCE = 0.25
_LEFT_ALONE = 5.0

#: The generic cell rate algorithm (ITU-T I.371): one number a key, the moment until which what was let through is paid off. By Redis's clock.
_LET_THROUGH = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + 60 / ARGV[1]
if paid - now > 60.000001 then return 0 end
redis.call('SET', KEYS[1], string.format('%.6f', paid), 'EX', 61)
return 1
"""


class Limit(Protocol):
    """Lets so many events a minute through for each key."""

    async def allow(self, key: str) -> bool:
        """Whether one more event of `key` may pass now; counts it if so."""


class RateLimit:
    """Counts in this process: a token bucket for each key, in memory and bounded.

    Args:
        per_minute: how many.
        clock: seconds that never go back; given by tests.
        most_keys: the keys remembered; the longest silent is forgotten first.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic, most_keys: int = 50_000) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def allow(self, key: str) -> bool:
        """Whether one more event of `key` may pass now; counts it if so."""
        now = self._clock()
        left, seen = self._buckets.pop(key, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - seen) * self.per_minute / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return allowed


class SharedRateLimit:
    """Counts in Redis, for all processes; in this process while Redis does not answer.

    Args:
        redis: the client.
        name: what is limited.
        per_minute: how many.
        key: the installation's secret: what stands in Redis names nobody.
    """

    def __init__(self, redis: Redis, name: str, per_minute: int, key: bytes) -> None:
        self._name = name
        self._key = key
        self._alone = RateLimit(per_minute)
        self._script = redis.register_script(_LET_THROUGH)
        self._again_at = 0.0

    async def allow(self, key: str) -> bool:
        """Whether one more event of `key` may pass now; counts it if so."""
        if time.monotonic() >= self._again_at:
            try:
                return bool(await self._script(keys=[self._place(key)], args=[self._alone.per_minute]))
            except (RedisError, OSError) as error:
                self._again_at = time.monotonic() + _LEFT_ALONE
                logger.warning("Redis did not answer, this process counts alone: %s", error.__class__.__name__)
        return await self._alone.allow(key)

    def _place(self, key: str) -> str:
        digest = hashlib.blake2b(f"{self._name}\0{key}".encode(), key=self._key[:64], digest_size=16).hexdigest()
        return f"dalil:limit:{digest}"


def limit(name: str, per_minute: int, current: Settings) -> Limit:
    """A limit of `per_minute`, shared where there is a Redis."""
    if not current.redis_url:
        return RateLimit(per_minute)
    redis: Redis = Redis.from_url(current.redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    return SharedRateLimit(redis, name, per_minute, current.key())
