"""What is stored of a person, for that person: law 09-08, article 7."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.privacy import copies
from bot.privacy.copies import events
from bot.storage.tables import case_messages, cases, contacts, inbox, notices_seen, outbox

_SPEAKERS = ("user", "bot")


@dataclass(frozen=True)
class Known:
    """How somebody is known on a channel that Dalil sends to; times in seconds since 1970."""

    first_seen: float
    last_inbound: float
    start_code: str
    blocked: bool
    opted_out: bool


@dataclass(frozen=True)
class Said:
    """One message of the conversation."""

    at: float
    by_person: bool
    text: str


@dataclass(frozen=True)
class Written:
    """One message in a case."""

    at: float
    case: int
    author: str
    text: str


@dataclass(frozen=True)
class Asked:
    """One case: somebody asked for a person."""

    at: float
    id: int
    state: str
    wish: str
    summary: str


@dataclass(frozen=True)
class Stored:
    """All that is stored of somebody.

    Attributes:
        known: how they are known; None on a channel that Dalil does not send to.
        said: the conversation, masked.
        remembered: what the conversation remembers: the last value of each slot.
        asked, written: their cases, and what was written in them.
        received, sent: how many messages are kept for delivery: the same texts.
        notices: when which notice was said to them, by its number.
        noted: what the console holds besides its copy of the conversation: the table, and its columns with their values.
    """

    known: Known | None
    said: tuple[Said, ...]
    remembered: Mapping[str, Any]
    asked: tuple[Asked, ...]
    written: tuple[Written, ...]
    received: int
    sent: int
    notices: Mapping[int, float]
    noted: tuple[tuple[str, Mapping[str, str]], ...]


def everything(connection: Connection, sender: str) -> Stored:
    """What is stored of a sender."""
    known = connection.execute(select(contacts).where(contacts.c.sender == sender)).first()
    written = select(case_messages).join(cases, cases.c.id == case_messages.c.case_id).where(cases.c.sender == sender).order_by(case_messages.c.id)
    asked = connection.execute(select(cases).where(cases.c.sender == sender).order_by(cases.c.id))
    seen = connection.execute(select(notices_seen).where(notices_seen.c.sender == sender).order_by(notices_seen.c.notice_id))
    said, remembered = _conversation(connection, sender) if copies.has_conversations(connection) else ((), {})
    return Stored(
        known=Known(known.first_seen, known.last_inbound, known.start_code or "", bool(known.blocked_at), bool(known.opted_out_at)) if known else None,
        said=said,
        remembered=remembered,
        asked=tuple(Asked(row.opened_at, row.id, row.state, row.wish, row.summary) for row in asked),
        written=tuple(Written(row.at, row.case_id, row.author, row.text) for row in connection.execute(written)),
        received=connection.execute(select(func.count()).where(inbox.c.sender == sender)).scalar_one(),
        sent=connection.execute(select(func.count()).where(outbox.c.sender == sender)).scalar_one(),
        notices={row.notice_id: row.at for row in seen},
        noted=tuple(_noted(connection, sender)),
    )


def _conversation(connection: Connection, sender: str) -> tuple[tuple[Said, ...], dict[str, Any]]:
    wanted = select(events).where(events.c.sender_id == sender, events.c.type_name.in_([*_SPEAKERS, "slot"])).order_by(events.c.id)
    said, slots = [], {}
    for row in connection.execute(wanted):
        data = json.loads(row.data)
        if row.type_name == "slot":
            slots[str(data.get("name"))] = data.get("value")
        else:
            said.append(Said(row.timestamp, row.type_name == "user", _text(data)))
    return tuple(said), {name: value for name, value in sorted(slots.items()) if value is not None and name not in _INTERNAL}


def _text(data: Mapping[str, Any]) -> str:
    """What was said; what was typed during a pause stands beside the payload of the pause (bot/steering/pause.py)."""
    typed = (data.get("metadata") or {}).get("typed")
    return str(typed if isinstance(typed, str) else data.get("text") or "")


def _noted(connection: Connection, sender: str) -> list[tuple[str, Mapping[str, str]]]:
    """What the console holds, but for its copy of the conversation, and for what names only staff or other rows."""
    found: list[tuple[str, Mapping[str, str]]] = []
    for copy in copies.copies(connection):
        if not copy.name.startswith("conversations_"):
            shown = [known for known in copy.rows.c if known.name not in ("id", "turn", copy.person.name) and not known.name.endswith("_id")]
            for row in connection.execute(select(*shown).where(copy.person == sender)):
                found.append((copy.name, {known.name: str(value) for known, value in zip(shown, row) if value not in (None, "")}))
    return found


#: Slots that say nothing of the person.
_INTERNAL = ("requested_slot", "session_started_metadata", "decision", "tries", "asked_useful")


def stored(connection: Connection, sender: str) -> list[str]:
    """Lines that show what is stored of a sender, for the command line; none where nothing is."""
    found = everything(connection, sender)
    lines = []
    if found.known:
        known = found.known
        lines.append(f"known since {_moment(known.first_seen)}, last message {_moment(known.last_inbound)}; came by: {known.start_code or '-'}")
        lines.append(f"blocked the bot: {'yes' if known.blocked else 'no'}; asked for no messages: {'yes' if known.opted_out else 'no'}")
    lines += [f"{_moment(line.at)} {'<' if line.by_person else '>'} {line.text}" for line in found.said]
    lines += [f"remembered: {name} = {value}" for name, value in found.remembered.items()]
    for case in found.asked:
        lines.append(f"{_moment(case.at)} case {case.id} ({case.state}), wish: {case.wish or '-'}; known when it was opened: {case.summary}")
    lines += [f"{_moment(line.at)} case {line.case}, {line.author}: {line.text}" for line in found.written]
    if found.received or found.sent:
        lines.append(f"kept for delivery, the same texts: {found.received} messages received, {found.sent} sent")
    lines += [f"{_moment(at)} was told notice {number}" for number, at in found.notices.items()]
    lines += [f"console, {name}: {', '.join(f'{column} = {value}' for column, value in row.items())}" for name, row in found.noted]
    return lines


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.timezone.utc).isoformat(sep=" ", timespec="minutes")
