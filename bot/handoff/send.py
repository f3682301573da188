"""Sending what staff write: over the outbox, where the person wrote; the web page fetches it by itself."""

from __future__ import annotations

import time
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.delivery import outbox
from bot.delivery.messages import Reply
from bot.handoff import cases
from bot.handoff.cases import Case
from bot.storage.tables import contacts

#: WhatsApp takes free texts for so long after a person's last message; a minute is kept for the way.
WHATSAPP_WINDOW = 24 * 3600 - 60.0
#: Over the others nothing is sent: the web page fetches.
SENT_CHANNELS = ("telegram", "whatsapp")


class Obstacle(str, Enum):
    """Why somebody cannot be written to."""

    ERASED = "erased"
    BLOCKED = "blocked"
    OPTED_OUT = "opted_out"
    WINDOW = "window"


_WHY = {
    Obstacle.ERASED: "the person is not known any more: their data was erased",
    Obstacle.BLOCKED: "the person blocked the bot or asked for no messages",
    Obstacle.OPTED_OUT: "the person blocked the bot or asked for no messages",
    Obstacle.WINDOW: "WhatsApp takes no message: the person's last one is older than 24 hours",
}


class CannotBeReached(Exception):
    """The person cannot be written to; the message says why, and so does `why`."""

    def __init__(self, why: Obstacle) -> None:
        super().__init__(_WHY[why])
        self.why = why


def obstacle(channel: str, contact: Any, now: float) -> Obstacle | None:
    """What keeps a message from somebody; None where nothing does.

    Args:
        channel: where they wrote.
        contact: their row in `contacts`, None where there is none.
        now: seconds since 1970.
    """
    if channel not in SENT_CHANNELS:
        return None
    if contact is None:
        return Obstacle.ERASED
    if contact.blocked_at:
        return Obstacle.BLOCKED
    if contact.opted_out_at:
        return Obstacle.OPTED_OUT
    return Obstacle.WINDOW if channel == "whatsapp" and now - contact.last_inbound >= WHATSAPP_WINDOW else None


def answer_case(connection: Connection, number: int, text: str, pause: float, seen: int | None = None) -> Case:
    """Write to the person of a case; the bot keeps silent for another `pause` seconds.

    Args:
        connection: the database.
        number: of the case.
        text: what to write.
        pause: for how many seconds the bot keeps silent.
        seen: the number of the last message that who answers has read, 0 where there was none; None where that does not matter.

    Raises:
        UnknownCase: when there is no such case, or it is closed.
        Outdated: when something was written since `seen`.
        CannotBeReached: when the person blocked the bot, asked for no messages, or WhatsApp's 24 hours are over.
    """
    case = cases.reply(connection, number, text, pause, seen)
    contact = connection.execute(select(contacts).where(contacts.c.sender == case.sender)).first()
    if why := obstacle(case.channel, contact, time.time()):
        raise CannotBeReached(why)
    if case.channel in SENT_CHANNELS:
        outbox.answer(connection, case.sender, case.channel, [], [Reply(text)])
    return case
