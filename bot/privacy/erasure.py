"""Forgetting: what a person asked to be erased, and what is older than it may be kept. Law 09-08, articles 3 and 8; docs/privacy.md."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import column, delete, exists, inspect, select, table
from sqlalchemy.engine import Connection

from bot.storage.tables import case_messages, cases, contacts, inbox, leases, outbox

#: Rasa's table of conversations.
_events = table("events", column("sender_id"), column("timestamp"))
_DAY = 86_400.0


@dataclass(frozen=True)
class Erased:
    """How many rows went: of conversations, of the inbox, of the outbox, of contacts, of cases."""

    events: int
    inbox: int
    outbox: int
    contacts: int
    cases: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.events + self.inbox + self.outbox + self.contacts + self.cases


def erase_conversation(connection: Connection, sender: str, last_message: int | None = None) -> Erased:
    """Delete what somebody wrote and was told.

    Of the inbox the hashes of vendor ids stay, under no name: a replay must stay without effect. Messages after `last_message` are kept: they
    came after the request and wait for their answer.
    """
    events = 0
    if inspect(connection).has_table(_events.name):
        events = connection.execute(delete(_events).where(_events.c.sender_id == sender)).rowcount
    theirs = inbox.c.sender == sender if last_message is None else (inbox.c.sender == sender) & (inbox.c.id <= last_message)
    received = connection.execute(inbox.update().where(theirs).values(sender="", content=None, state="done")).rowcount
    said = connection.execute(delete(outbox).where(outbox.c.sender == sender)).rowcount
    return Erased(events, received, said, 0, _delete_cases(connection, cases.c.sender == sender))


def _delete_cases(connection: Connection, which: Any) -> int:
    connection.execute(delete(case_messages).where(case_messages.c.case_id.in_(select(cases.c.id).where(which).scalar_subquery())))
    return int(connection.execute(delete(cases).where(which)).rowcount)


def erase(connection: Connection, sender: str) -> Erased:
    """Delete all there is of somebody, the way to reach them too."""
    conversation = erase_conversation(connection, sender)
    known = connection.execute(delete(contacts).where(contacts.c.sender == sender)).rowcount
    return Erased(conversation.events, conversation.inbox, conversation.outbox, known, conversation.cases)


def finish(connection: Connection, sender: str) -> None:
    """Forget somebody who asked for it once the last word to them is said, unless they wrote again (bot/delivery/receipt.py)."""
    unsaid = exists().where(outbox.c.sender == sender, outbox.c.state.in_(("waiting", "sending")))
    unanswered = exists().where(inbox.c.sender == sender, inbox.c.state == "waiting")
    asked = contacts.delete().where(contacts.c.sender == sender, contacts.c.erase_at.is_not(None), ~unsaid, ~unanswered)
    if connection.execute(asked).rowcount:
        erase_conversation(connection, sender)


def purge(connection: Connection, keep_messages_days: int, keep_contacts_days: int) -> Erased:
    """Delete what is older than the settings allow.

    Args:
        connection: the database.
        keep_messages_days: how long conversations, received and sent messages are kept.
        keep_contacts_days: how long somebody who is silent stays known; not shorter than their messages.
    """
    now = time.time()
    oldest = now - keep_messages_days * _DAY
    silent = now - max(keep_contacts_days, keep_messages_days) * _DAY
    events = 0
    if inspect(connection).has_table(_events.name):
        events = connection.execute(delete(_events).where(_events.c.timestamp < oldest)).rowcount
    received = connection.execute(delete(inbox).where(inbox.c.received_at < oldest, inbox.c.state == "done")).rowcount
    said = connection.execute(delete(outbox).where(outbox.c.created_at < oldest, outbox.c.state.in_(("sent", "dead")))).rowcount
    known = connection.execute(delete(contacts).where(contacts.c.last_inbound < silent)).rowcount
    connection.execute(delete(leases).where(leases.c.until < now - _DAY))
    done = _delete_cases(connection, (cases.c.opened_at < oldest) & (cases.c.state == "closed"))
    return Erased(events, received, said, known, done)
