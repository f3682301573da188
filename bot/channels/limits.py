"""How much one sender may send: a token bucket for each, in memory and bounded."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimit:
    """Lets `per_minute` events a minute through for each key, in bursts of up to as many.

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

    def allow(self, key: str) -> bool:
        """Whether one more event of `key` may pass now; counts it if so."""
        now = self._clock()
        left, seen = self._buckets.pop(key, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - seen) * self.per_minute / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return allowed
