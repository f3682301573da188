"""Forgetting: what a person asked to be erased, and what is older than it may be kept. Law 09-08, articles 3 and 8; docs/privacy.md."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.engine import Connection

from bot.privacy import copies, logins
from bot.privacy.copies import events
from bot.storage.tables import case_messages, cases, contacts, inbox, leases, notices_seen, outbox, purges

_DAY = 86_400.0
#: What was deleted how often is remembered for so long.
_REMEMBER_PURGES = 400 * _DAY


@dataclass(frozen=True)
class Erased:
    """How many rows went: of conversations, of the inbox, of the outbox, of contacts, of cases, and of other tables by their names."""

    events: int
    inbox: int
    outbox: int
    contacts: int
    cases: int = 0
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def kinds(self) -> dict[str, int]:
        """All that went, by kind; what did not is left out."""
        own = {"events": self.events, "inbox": self.inbox, "outbox": self.outbox, "contacts": self.contacts, "cases": self.cases}
        return {kind: count for kind, count in {**own, **self.others}.items() if count}

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.kinds.values())


def erase_conversation(connection: Connection, sender: str, last_message: int | None = None) -> Erased:
    """Delete what somebody wrote and was told, and what the console holds of it.

    Of the inbox the hashes of vendor ids stay, under no name: a replay must stay without effect. Messages after `last_message` are kept: they
    came after the request and wait for their answer.
    """
    copies.hold(connection)
    conversation = _delete_events(connection, events.c.sender_id == sender)
    theirs = inbox.c.sender == sender if last_message is None else (inbox.c.sender == sender) & (inbox.c.id <= last_message)
    received = connection.execute(inbox.update().where(theirs).values(sender="", content=None, state="done")).rowcount
    said = connection.execute(delete(outbox).where(outbox.c.sender == sender)).rowcount
    others = Counter({notices_seen.name: connection.execute(delete(notices_seen).where(notices_seen.c.sender == sender)).rowcount})
    others += copies.erase(connection, sender)
    return Erased(conversation, received, said, 0, _delete_cases(connection, cases.c.sender == sender), others)


def _delete_events(connection: Connection, which: Any) -> int:
    return connection.execute(delete(events).where(which)).rowcount if copies.has_conversations(connection) else 0


def _delete_cases(connection: Connection, which: Any) -> int:
    connection.execute(delete(case_messages).where(case_messages.c.case_id.in_(select(cases.c.id).where(which).scalar_subquery())))
    return int(connection.execute(delete(cases).where(which)).rowcount)


def erase(connection: Connection, sender: str) -> Erased:
    """Delete all there is of somebody, the way to reach them too."""
    conversation = erase_conversation(connection, sender)
    known = connection.execute(delete(contacts).where(contacts.c.sender == sender)).rowcount
    return replace(conversation, contacts=known)


def finish(connection: Connection, sender: str) -> None:
    """Forget somebody who asked for it once the last word to them is said, unless they wrote again (bot/delivery/receipt.py)."""
    unsaid = exists().where(outbox.c.sender == sender, outbox.c.state.in_(("waiting", "sending")))
    unanswered = exists().where(inbox.c.sender == sender, inbox.c.state == "waiting")
    asked = contacts.delete().where(contacts.c.sender == sender, contacts.c.erase_at.is_not(None), ~unsaid, ~unanswered)
    if connection.execute(asked).rowcount:
        erase_conversation(connection, sender)


def purge(connection: Connection, keep_messages_days: int, keep_contacts_days: int) -> Erased:
    """Delete what is older than the settings allow, and what the console holds of it; remember how much that was.

    Args:
        connection: the database.
        keep_messages_days: how long conversations, received and sent messages are kept.
        keep_contacts_days: how long somebody who is silent stays known; not shorter than their messages.
    """
    now = time.time()
    oldest = now - keep_messages_days * _DAY
    silent = now - max(keep_contacts_days, keep_messages_days) * _DAY
    copies.hold(connection)
    conversations = _delete_events(connection, events.c.timestamp < oldest)
    received = connection.execute(delete(inbox).where(inbox.c.received_at < oldest, inbox.c.state == "done")).rowcount
    said = connection.execute(delete(outbox).where(outbox.c.created_at < oldest, outbox.c.state.in_(("sent", "dead")))).rowcount
    known = connection.execute(delete(contacts).where(contacts.c.last_inbound < silent)).rowcount
    connection.execute(delete(leases).where(leases.c.until < now - _DAY))
    done = _delete_cases(connection, (cases.c.opened_at < oldest) & (cases.c.state == "closed"))
    others = Counter({notices_seen.name: connection.execute(delete(notices_seen).where(notices_seen.c.at < oldest)).rowcount})
    others += copies.purge(connection) + logins.purge(connection)
    purged = Erased(conversations, received, said, known, done, others)
    connection.execute(delete(purges).where(purges.c.at < now - _REMEMBER_PURGES))
    connection.execute(purges.insert().values(at=now, rows=json.dumps(purged.kinds)))
    return purged


@dataclass(frozen=True)
class Purge:
    """A deletion of old data: when, and how many rows of which kind."""

    at: float
    kinds: dict[str, int]


def last_purges(connection: Connection, most: int) -> list[Purge]:
    """The last deletions of old data, the latest first."""
    rows = connection.execute(select(purges).order_by(purges.c.id.desc()).limit(most))
    return [Purge(row.at, json.loads(row.rows)) for row in rows]
