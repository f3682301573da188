"""Cases: somebody asked for a person. While a case waits or is worked on, the bot keeps silent in that conversation.

The silence ends when staff hand back or close the case, when the person wants the bot again, or after a time: a conversation without staff
must not stay mute. The case itself stays open until staff close it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from bot.storage.tables import case_messages, cases

#: Who writes in a case.
PERSON, STAFF = "person", "staff"
#: The states of a case that is not done with.
OPEN = ("waiting", "taken", "handed_back")


class UnknownCase(Exception):
    """There is no such case."""


class Outdated(Exception):
    """Something was written in the case that who answers has not seen."""


@dataclass(frozen=True)
class Case:
    """A request for a person.

    Attributes:
        id: its number.
        sender: the pseudonym of who asked.
        channel: where.
        opened_at: seconds since 1970.
        state: waiting, taken, handed_back, closed.
        language: the reply language.
        wish: what was asked for; empty where nothing was said.
        summary: what was known of the conversation when it was opened.
        paused_until: until when the bot keeps silent; None when it speaks.
        unread: messages of the person that staff have not answered.
    """

    id: int
    sender: str
    channel: str
    opened_at: float
    state: str
    language: str
    wish: str
    summary: dict[str, Any]
    paused_until: float | None
    unread: int


@dataclass(frozen=True)
class Line:
    """A message in a case.

    Attributes:
        id: its number.
        at: seconds since 1970.
        author: person or staff.
        text: what was written.
        fetched: whether the web page has fetched it; False on the other channels.
    """

    id: int
    at: float
    author: str
    text: str
    fetched: bool


def open_case(connection: Connection, sender: str, channel: str, language: str, wish: str, summary: Mapping[str, Any], pause: float) -> tuple[int, bool]:
    """Open a case, or add to the one that is open, and have the bot keep silent for `pause` seconds.

    Returns:
        The case's number, and whether it is new.
    """
    now = time.time()
    known = connection.execute(select(cases.c.id).where(cases.c.sender == sender, cases.c.state.in_(OPEN))).scalar()
    values = {"told": False, "language": language, "summary": json.dumps(dict(summary), ensure_ascii=False), "paused_until": now + pause}
    if known is None:
        done = connection.execute(cases.insert().values(sender=sender, channel=channel, opened_at=now, wish=wish, state="waiting", **values))
        number = int(done.inserted_primary_key[0])
    else:
        number = int(known)
        # What staff have taken stays theirs; what was handed back waits again.
        connection.execute(cases.update().where(cases.c.id == number).values(**values, **({"wish": wish} if wish else {})))
        connection.execute(cases.update().where(cases.c.id == number, cases.c.state == "handed_back").values(state="waiting"))
    if wish:
        _write(connection, number, PERSON, wish, now)
    return number, known is None


def paused(connection: Connection, sender: str) -> int | None:
    """The number of the case for which the bot keeps silent in this conversation; None when it speaks."""
    query = select(cases.c.id).where(cases.c.sender == sender, cases.c.state.in_(("waiting", "taken")), cases.c.paused_until > time.time())
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def add(connection: Connection, number: int, text: str) -> bool:
    """Keep what a person writes while the bot is silent; a button that was pressed has no text.

    Returns:
        Whether it is the first since the silence began, and no staff has written: then the person is told that it is kept.
    """
    told = connection.execute(select(cases.c.told).where(cases.c.id == number)).scalar()
    query = select(case_messages).where(case_messages.c.case_id == number).order_by(case_messages.c.id.desc()).limit(1)
    last = connection.execute(query).first()
    tried_again = last is not None and (last.author, last.text) == (PERSON, text) and not told
    if text and not tried_again:
        _write(connection, number, PERSON, text, time.time())
    return not told


def mark_told(connection: Connection, sender: str) -> None:
    """Note that the person was told that what they write is kept."""
    connection.execute(cases.update().where(cases.c.sender == sender).values(told=True))


def unpause(connection: Connection, sender: str) -> None:
    """Have the bot speak again, at the person's wish; staff still see the case."""
    connection.execute(cases.update().where(cases.c.sender == sender).values(paused_until=None))


def take(connection: Connection, number: int) -> Case:
    """Note that somebody of the staff looks after a case; whether the bot is silent does not change.

    Raises:
        UnknownCase: when there is no such case, or it is closed.
    """
    case = _still_open(connection, number)
    connection.execute(cases.update().where(cases.c.id == number).values(state="taken"))
    return case


def reply(connection: Connection, number: int, text: str, pause: float, seen: int | None = None) -> Case:
    """Write to the person; the bot keeps silent for another `pause` seconds.

    Args:
        connection: the database.
        number: of the case.
        text: what to write.
        pause: for how many seconds the bot keeps silent.
        seen: the number of the last message that who answers has read, 0 where there was none; None where that does not matter.

    Raises:
        UnknownCase: when there is no such case, or it is closed.
        Outdated: when something was written since `seen`.
    """
    case = _still_open(connection, number)
    if seen is not None and _last_line(connection, number) > seen:
        raise Outdated
    _write(connection, number, STAFF, text, time.time())
    connection.execute(cases.update().where(cases.c.id == number).values(state="taken", paused_until=time.time() + pause, told=True))
    return case


def settle(connection: Connection, number: int, state: str) -> Case:
    """Hand a conversation back to the bot (`handed_back`), or close the case (`closed`).

    Raises:
        UnknownCase: when there is no such case, or it is closed.
    """
    case = _still_open(connection, number)
    connection.execute(cases.update().where(cases.c.id == number).values(state=state, paused_until=None))
    return case


def get(connection: Connection, number: int) -> Case:
    """A case.

    Raises:
        UnknownCase: when there is none of this number.
    """
    row = connection.execute(select(cases).where(cases.c.id == number)).first()
    if row is None:
        raise UnknownCase
    return _case(connection, row)


def waiting(connection: Connection, everything: bool = False) -> list[Case]:
    """The cases that are open (or all), the longest waiting first."""
    query = select(cases).order_by(cases.c.opened_at)
    rows = connection.execute(query if everything else query.where(cases.c.state.in_(OPEN))).all()
    return [_case(connection, row) for row in rows]


def lines(connection: Connection, number: int) -> list[Line]:
    """What was written in a case, in order."""
    rows = connection.execute(select(case_messages).where(case_messages.c.case_id == number).order_by(case_messages.c.id)).all()
    return [Line(row.id, row.at, row.author, row.text, row.fetched) for row in rows]


def collect(connection: Connection, sender: str) -> list[str]:
    """What staff wrote to somebody on the web page and is not fetched yet; it counts as fetched now."""
    mine = select(cases.c.id).where(cases.c.sender == sender).scalar_subquery()
    query = select(case_messages).where(case_messages.c.case_id.in_(mine), case_messages.c.author == STAFF, case_messages.c.fetched.is_(False))
    rows = connection.execute(query.order_by(case_messages.c.id)).all()
    if rows:
        connection.execute(case_messages.update().where(case_messages.c.id.in_([row.id for row in rows])).values(fetched=True))
    return [row.text for row in rows]


def unanswered(authors: Sequence[str]) -> int:
    """How many messages stand after the last one of the staff, by who wrote each, in order."""
    return next((position for position, author in enumerate(reversed(authors)) if author == STAFF), len(authors))


def _still_open(connection: Connection, number: int) -> Case:
    """A case that is about to be changed, by one transaction at a time: of two who answer at once, the second sees what the first wrote."""
    connection.execute(select(cases.c.id).where(cases.c.id == number).with_for_update())
    case = get(connection, number)
    if case.state == "closed":
        raise UnknownCase
    return case


def _last_line(connection: Connection, number: int) -> int:
    return int(connection.execute(select(func.max(case_messages.c.id)).where(case_messages.c.case_id == number)).scalar() or 0)


def _write(connection: Connection, number: int, author: str, text: str, at: float) -> None:
    connection.execute(case_messages.insert().values(case_id=number, at=at, author=author, text=text, fetched=False))


def _case(connection: Connection, row: Row[Any]) -> Case:
    authors = connection.execute(select(case_messages.c.author).where(case_messages.c.case_id == row.id).order_by(case_messages.c.id)).scalars().all()
    summary: dict[str, Any] = json.loads(row.summary)
    return Case(row.id, row.sender, row.channel, row.opened_at, row.state, row.language, row.wish, summary, row.paused_until, unanswered(authors))
