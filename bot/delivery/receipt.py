"""Taking a message in: once, masked, before the vendor is told that it arrived.

One transaction: the vendor's id (a keyed hash of it) is unique, so a repetition does nothing; the sender becomes a pseudonym and the
address is encrypted; what was typed is made harmless and masked; a flood is stopped with one friendly message.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.chambers import store
from bot.delivery import events, guard, outbox
from bot.delivery.messages import Inbound, Received
from bot.delivery.transport import STOPPED
from bot.privacy.addresses import AddressBook
from bot.privacy.pseudonym import pseudonym
from bot.privacy.redact import redact
from bot.storage.database import insert_missing
from bot.storage.tables import contacts, inbox

#: The code of a campaign at the end of a message; between Arabic words there may be marks of direction.
_TAG = re.compile(r"[\s\u200e\u200f]*#([A-Za-z0-9_-]{2,40})[\s\u200e\u200f]*$")
#: Messages of one sender are counted over so many seconds.
_FLOOD_SECONDS = 60.0


class Receipt(str, Enum):
    """What became of a message."""

    TAKEN = "taken"
    REPEATED = "repeated"
    FLOOD = "flood"
    SILENT = "silent"  # nothing to answer: noted only


@dataclass(frozen=True)
class Reception:
    """How messages are taken in.

    Attributes:
        key: the installation's secret.
        longest: how many characters of a message are read.
        per_minute: how many messages of one sender.
    """

    key: bytes
    longest: int
    per_minute: int

    def sender(self, inbound: Inbound) -> str:
        """The pseudonym of who wrote."""
        return pseudonym(inbound.channel, inbound.address, self.key)

    def take(self, connection: Connection, inbound: Inbound) -> Receipt:
        """Write a message into the inbox.

        Returns:
            What became of it; everything but a failure of the database may be acknowledged to the vendor.
        """
        sender, now = self.sender(inbound), time.time()
        if inbound.blocked is not None and outbox.contact(connection, sender) is None:
            return Receipt.SILENT  # somebody who was forgotten, or never wrote
        external_id = hmac.new(self.key, f"message\0{inbound.channel}\0{inbound.external_id}".encode(), hashlib.sha256).hexdigest()[:40]
        row = insert_missing(
            connection, inbox, channel=inbound.channel, external_id=external_id, sender=sender, state="done", received_at=now, due_at=now, attempts=0
        )
        if row is None:
            return Receipt.REPEATED
        inbound = _with_campaign(connection, inbound)
        known = outbox.contact(connection, sender)
        self._note_contact(connection, inbound, sender, now)
        opted_out = bool(known and known.opted_out_at)
        silent = opted_out and inbound.event != events.OPT_IN
        code = inbound.start_code or (known.start_code if known else None)
        received = None if silent else self._read(connection, inbound, sender, opted_out, code)
        if received is None:
            return Receipt.SILENT
        if inbound.event not in (events.OPT_IN, events.OPT_OUT):
            received, receipt = self._stop_flood(connection, sender, received, now)
            if receipt is Receipt.FLOOD:
                return receipt
        due_at = max(now, outbox.inbox_due(connection, sender) or now)
        connection.execute(inbox.update().where(inbox.c.id == row).values(content=received.to_json(), state="waiting", due_at=due_at))
        return Receipt.TAKEN

    def _note_contact(self, connection: Connection, inbound: Inbound, sender: str, now: float) -> None:
        """Remember how to reach the sender, and through whose link they came last."""
        changes: dict[str, Any] = {"blocked_at": now if inbound.blocked else None}
        if inbound.blocked is None:
            changes |= {"last_inbound": now, "erase_at": None}
        if inbound.start_code:
            changes["start_code"] = inbound.start_code
        if inbound.event in (events.OPT_IN, events.OPT_OUT):
            changes["opted_out_at"] = now if inbound.event == events.OPT_OUT else None
        if inbound.event == events.OPT_OUT:
            outbox.bury_all(connection, sender, STOPPED)
        if not connection.execute(contacts.update().where(contacts.c.sender == sender).values(**changes)).rowcount:
            address = AddressBook(self.key).encrypt(inbound.address)
            first = {"first_seen": now, "last_inbound": now, "greeted": False, **changes}
            insert_missing(connection, contacts, sender=sender, channel=inbound.channel, address=address, **first)

    def _read(self, connection: Connection, inbound: Inbound, sender: str, opted_out: bool, code: str | None) -> Received | None:
        """What the assistant shall see; None where there is nothing to answer."""
        metadata = {"channel": inbound.channel, "language": inbound.language, **({"campaign": code} if code else {})}
        if inbound.event == events.OPT_IN and not opted_out:
            return Received("/greet", True, metadata)
        if inbound.event:
            return Received(inbound.event, True, metadata)
        if inbound.button is not None:
            payload = outbox.payload_of(connection, sender, inbound.button)
            return Received(payload or events.EXPIRED_BUTTON, True, metadata)
        if inbound.blocked is not None:
            return None
        if chosen := outbox.chosen(connection, sender, inbound.text):
            return Received(chosen, True, metadata)
        try:
            accepted = guard.accept(inbound.text, sender, self.key, self.longest)
        except guard.TooLong:
            return Received(events.TOO_LONG, True, metadata)
        if accepted is None:
            return Received(events.NOT_TEXT, True, metadata)
        if accepted.text == "/greet" and (inbound.language or "").startswith("fr"):
            return Received('/greet{"language_guess": "fr"}', True, metadata)
        return Received(accepted.text if accepted.is_payload else redact(accepted.text), accepted.is_payload, metadata)

    def _stop_flood(self, connection: Connection, sender: str, received: Received, now: float) -> tuple[Received, Receipt]:
        """Answer who sends too fast with one message a minute; the rest is put aside."""
        recent = (inbox.c.sender == sender) & (inbox.c.received_at > now - _FLOOD_SECONDS)
        if int(connection.execute(select(func.count()).select_from(inbox).where(recent)).scalar_one()) <= self.per_minute:
            return received, Receipt.TAKEN
        slow_down = Received(events.SLOW_DOWN, True)
        told = connection.execute(select(inbox.c.id).where(recent, inbox.c.content == slow_down.to_json())).first()
        return slow_down, Receipt.FLOOD if told else Receipt.TAKEN


def _with_campaign(connection: Connection, inbound: Inbound) -> Inbound:
    """The message with the code of a campaign that there is, or with none.

    It came with a Telegram link, or stands at the end of the first message that a WhatsApp link proposes: "Bonjour Dalil #souk".
    """
    tag = _TAG.search(inbound.text)
    found = store.campaign(connection, inbound.start_code or (tag.group(1) if tag else None))
    if found is None:
        return replace(inbound, start_code=None)
    text = inbound.text[: tag.start()] if tag and not inbound.start_code else inbound.text
    return replace(inbound, text=text or "/start", start_code=found.code)
