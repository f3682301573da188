"""What is stored of a person, for that person: law 09-08, article 7."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import column, inspect, select, table
from sqlalchemy.engine import Connection

from bot.storage.tables import case_messages, cases, contacts

_events = table("events", column("id"), column("sender_id"), column("timestamp"), column("type_name"), column("data"))
_SPEAKERS = {"user": "<", "bot": ">"}


def stored(connection: Connection, sender: str) -> list[str]:
    """Lines that show what is stored of a sender: since when they are known, and the conversation as it stands, masked."""
    lines = []
    known = connection.execute(select(contacts).where(contacts.c.sender == sender)).first()
    if known:
        lines.append(f"known since {_moment(known.first_seen)}, last message {_moment(known.last_inbound)}; came by: {known.start_code or '-'}")
        lines.append(f"blocked the bot: {'yes' if known.blocked_at else 'no'}; asked for no messages: {'yes' if known.opted_out_at else 'no'}")
    if inspect(connection).has_table(_events.name):
        said = _events.c.type_name.in_(list(_SPEAKERS))
        for row in connection.execute(select(_events).where(_events.c.sender_id == sender, said).order_by(_events.c.id)):
            lines.append(f"{_moment(row.timestamp)} {_SPEAKERS[row.type_name]} {json.loads(row.data).get('text') or ''}")
        lines += _remembered(connection, sender)
    for case in connection.execute(select(cases).where(cases.c.sender == sender).order_by(cases.c.id)):
        lines.append(f"{_moment(case.opened_at)} case {case.id} ({case.state}), wish: {case.wish or '-'}; known when it was opened: {case.summary}")
    written = select(case_messages).join(cases, cases.c.id == case_messages.c.case_id).where(cases.c.sender == sender).order_by(case_messages.c.id)
    lines += [f"{_moment(row.at)} case {row.case_id}, {row.author}: {row.text}" for row in connection.execute(written)]
    return lines


def _remembered(connection: Connection, sender: str) -> list[str]:
    """What the conversation remembers: the last value of each slot."""
    slots = select(_events).where(_events.c.sender_id == sender, _events.c.type_name == "slot").order_by(_events.c.id)
    values = {data.get("name"): data.get("value") for data in (json.loads(row.data) for row in connection.execute(slots))}
    return [f"remembered: {name} = {value}" for name, value in sorted(values.items()) if value is not None and name not in _INTERNAL]


#: Slots that say nothing of the person.
_INTERNAL = ("requested_slot", "session_started_metadata", "decision", "tries", "asked_useful")


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.timezone.utc).isoformat(sep=" ", timespec="minutes")
