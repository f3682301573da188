"""When to try again: exponential back-off with a little chance in it, and never before the vendor allows it."""

from __future__ import annotations

import random

#: The longest pause between two attempts, in seconds.
LONGEST = 300.0
#: After so many attempts (about twenty-four minutes) a message is a dead letter.
MOST_ATTEMPTS = 14
#: After so many attempts a turn that fails is given up, and the person is told.
MOST_TURNS = 5


def pause(attempts: int, asked: float | None = None) -> float:
    """Seconds to wait after `attempts` failed attempts; at least what the vendor `asked` for."""
    backoff = min(LONGEST, 0.5 * 2.0**attempts) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, hides nothing
    return max(backoff, asked + 0.1) if asked else backoff
