"""Faults on demand: what a vendor does when it does not simply answer."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What goes wrong."""

    RETRY_AFTER = "429, with the seconds to wait"
    SERVER_ERROR = "500"
    FORBIDDEN = "403, the person has blocked the bot"
    BAD_REQUEST = "400"
    TIMEOUT_BEFORE = "nothing is done and no answer comes"
    TIMEOUT_AFTER = "it is done, but no answer comes"
    DROP = "nothing is done, the connection closes"
    DROP_AFTER = "it is done, then the connection closes"
    SLOW = "it is done, the answer comes late"


REFUSING = {Kind.RETRY_AFTER, Kind.SERVER_ERROR, Kind.FORBIDDEN, Kind.BAD_REQUEST}
UNDONE = {Kind.TIMEOUT_BEFORE, Kind.DROP}
UNANSWERED = {Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER, Kind.DROP, Kind.DROP_AFTER}


@dataclass
class Fault:
    """A fault of the next requests: of one method (Twilio: of one operation, as `CreateMessage`) or of any. Where the bot
    polls, a fault without a method may well meet the poll.

    `seconds` is what RETRY_AFTER asks to wait, how late SLOW answers, and after how long a timeout closes the connection (never without).
    """

    kind: Kind
    times: int = 1
    method: str | None = None
    seconds: float | None = None


class Faults:
    """The faults still to come; may be changed from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: list[Fault] = []
        self._down_until = 0.0

    def add(self, fault: Fault) -> None:
        """Let a fault happen."""
        with self._lock:
            self._coming.append(fault)

    def down_for(self, seconds: float) -> None:
        """Close every connection without an answer for so long; 0 ends it."""
        with self._lock:
            self._down_until = time.monotonic() + seconds

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._coming.clear()
            self._down_until = 0.0

    def take(self, method: str) -> Fault | None:
        """The fault this request meets."""
        with self._lock:
            if time.monotonic() < self._down_until:
                return Fault(Kind.DROP)
            for fault in self._coming:
                if fault.method in {None, method}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._coming.remove(fault)
                    return fault
            return None
