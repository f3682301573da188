"""What delivery asks of a channel, and how a channel says that sending went wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.delivery.messages import Reply

#: A vendor's clock may differ from ours by so many seconds.
FIND_BEFORE = 120.0


class SendError(Exception):
    """A message was not sent, or may not have been."""


class TryLater(SendError):
    """It was certainly not sent; another attempt may succeed.

    Args:
        reason: in a few words, without personal data.
        after: seconds that the vendor asks to wait.
        everybody: whether this holds for all recipients of the channel.
    """

    def __init__(self, reason: str, after: float | None = None, everybody: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.everybody = everybody


#: Why a message is not sent to who does not want it, as the outbox keeps it (bot/storage/tables.py).
STOPPED = "stopped by the user"
BLOCKED = "blocked by the user"
UNSUBSCRIBED = "unsubscribed at Twilio"
UNWANTED = (STOPPED, BLOCKED, UNSUBSCRIBED)


class MaybeSent(SendError):
    """The vendor was asked and did not answer: nobody knows."""


class Refused(SendError):
    """The vendor will never take this message."""


class Blocked(SendError):
    """The recipient does not want messages any more."""


class Transport(Protocol):
    """A channel as delivery sees it."""

    name: str

    def parts(self, reply: Reply) -> list[Reply]:
        """The reply as messages that the vendor takes: none too long."""

    async def send(self, address: str, row: int, reply: Reply) -> str | None:
        """Send one message.

        Args:
            address: to whom.
            row: the outbox row, for the references of buttons.
            reply: what.

        Returns:
            The vendor's id of the message.

        Raises:
            SendError: one of its kinds.
        """

    async def find(self, address: str, reply: Reply, since: float, known: Collection[str]) -> str | None:
        """Look for a message that may have been sent.

        Args:
            address: to whom.
            reply: what.
            since: not before, in seconds since 1970.
            known: the vendor's ids of other messages.

        Returns:
            The vendor's id of it; None where there is none, or the vendor cannot be asked.

        Raises:
            SendError: when nobody can tell at the moment.
        """

    async def typing(self, address: str) -> None:
        """Show that an answer is being written; never raises."""

    def may_send(self, last_inbound: float, now: float) -> bool:
        """Whether the vendor allows a message now to somebody who wrote last at `last_inbound`."""
