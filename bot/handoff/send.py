"""Sending what staff write: over the outbox, where the person wrote; the web page fetches it by itself."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.delivery import outbox
from bot.delivery.messages import Reply
from bot.handoff import cases
from bot.handoff.cases import Case
from bot.storage.tables import contacts

#: WhatsApp takes free texts for so long after a person's last message.
_WHATSAPP_WINDOW = 24 * 3600 - 60.0


class CannotBeReached(Exception):
    """The person cannot be written to; the message says why."""


def answer_case(connection: Connection, number: int, text: str, pause: float) -> Case:
    """Write to the person of a case; the bot keeps silent for another `pause` seconds.

    Raises:
        UnknownCase: when there is no such case, or it is closed.
        CannotBeReached: when the person blocked the bot, asked for no messages, or WhatsApp's 24 hours are over.
    """
    case = cases.reply(connection, number, text, pause)
    _send(connection, case, text)
    return case


def _send(connection: Connection, case: Case, text: str) -> None:
    if case.channel not in ("telegram", "whatsapp"):
        return
    contact = connection.execute(select(contacts).where(contacts.c.sender == case.sender)).first()
    if contact is None:
        raise CannotBeReached("the person is not known any more: their data was erased")
    if contact.blocked_at or contact.opted_out_at:
        raise CannotBeReached("the person blocked the bot or asked for no messages")
    if case.channel == "whatsapp" and time.time() - contact.last_inbound > _WHATSAPP_WINDOW:
        raise CannotBeReached("WhatsApp takes no message: the person's last one is older than 24 hours")
    outbox.answer(connection, case.sender, case.channel, [], [Reply(text)])
