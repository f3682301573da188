"""Notices: what is said once to everybody, before the answer to their next message."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.engine import Connection, Row

from bot.language.conversation import DEFAULT_LANGUAGE, LANGUAGE_SLOTS, conversation_language
from bot.language.variety import REPLY_LANGUAGES
from bot.storage.database import insert_missing
from bot.storage.tables import notices, notices_seen

#: A notice is one message on every channel, beside others.
LONGEST = 600
#: A notice that ended less than this ago and is published again is the same one, seconds.
_SAME_FOR = 86_400.0


@dataclass(frozen=True)
class Notice:
    """A notice.

    Attributes:
        id: its number; another text is another notice.
        texts: by reply language.
        starts_at, ends_at: when it is said, in seconds since 1970.
        by: who wrote it: a staff account's name.
    """

    id: int
    texts: Mapping[str, str]
    starts_at: float
    ends_at: float
    by: str


def publish(connection: Connection, texts: Mapping[str, str], ends_at: float, by: str) -> Notice:
    """Say these texts to everybody from now on, and no others.

    The same texts within a day are the same notice: who has seen them does not see them again. Later they are news.

    Args:
        connection: the database.
        texts: by reply language, one for each.
        ends_at: until when.
        by: who does so.
    """
    withdraw(connection)
    values = {"starts_at": time.time(), "ends_at": ends_at, "active": True, "by": by}
    same = [notices.c[language] == texts[language] for language in REPLY_LANGUAGES]
    same.append(notices.c.ends_at > time.time() - _SAME_FOR)
    known = connection.execute(select(notices.c.id).where(*same).order_by(notices.c.id.desc()).limit(1)).scalar()
    if known is None:
        done = connection.execute(notices.insert().values(**{language: texts[language] for language in REPLY_LANGUAGES}, **values))
        known = done.inserted_primary_key[0]
    else:
        connection.execute(notices.update().where(notices.c.id == known).values(**values))
    row = connection.execute(select(notices).where(notices.c.id == known)).one()
    return _notice(row)


def withdraw(connection: Connection) -> int | None:
    """Say the notice no more.

    Returns:
        Its number; None where there was none.
    """
    known = current(connection)
    now = time.time()
    ends_at = case((notices.c.ends_at < now, notices.c.ends_at), else_=now)
    connection.execute(notices.update().where(notices.c.active.is_(True)).values(active=False, ends_at=ends_at))
    return known.id if known else None


def current(connection: Connection) -> Notice | None:
    """The notice that is said now."""
    now = time.time()
    said = select(notices).where(notices.c.active.is_(True), notices.c.starts_at <= now, notices.c.ends_at > now)
    row = connection.execute(said.order_by(notices.c.id.desc()).limit(1)).first()
    return _notice(row) if row else None


def get(connection: Connection, number: int) -> Notice | None:
    """The notice with a number, said now or not."""
    row = connection.execute(select(notices).where(notices.c.id == number)).first()
    return _notice(row) if row else None


def is_due(connection: Connection, number: int, sender: str, inbox_id: int | None) -> bool:
    """Whether a notice is still to be said to somebody.

    It is said again with a message that is answered again: the first answer was lost with the process that made it.

    Args:
        connection: the database.
        number: of the notice.
        sender: to whom.
        inbox_id: of the message that is being answered; None on a channel without an inbox.
    """
    found = current(connection)
    if found is None or found.id != number:
        return False
    seen = select(notices_seen.c.inbox_id).where(notices_seen.c.sender == sender, notices_seen.c.notice_id == number)
    row = connection.execute(seen).first()
    return row is None or (inbox_id is not None and row.inbox_id == inbox_id)


def mark_seen(connection: Connection, number: int, sender: str, inbox_id: int | None) -> None:
    """Note that a notice was said to somebody."""
    insert_missing(connection, notices_seen, sender=sender, notice_id=number, at=time.time(), inbox_id=inbox_id)


def mark_unseen(connection: Connection, sender: str, inbox_id: int | None) -> None:
    """Note that what was said in answer to a message never arrived, a notice with it."""
    if inbox_id is not None:
        connection.execute(delete(notices_seen).where(notices_seen.c.sender == sender, notices_seen.c.inbox_id == inbox_id))


def told(texts: Mapping[str, str], slots: Mapping[str, Any]) -> str:
    """A notice as it is said in a conversation with these slots; where its language is not known, in the likeliest one and in French."""
    if any(slots.get(name) in REPLY_LANGUAGES for name in LANGUAGE_SLOTS):
        return texts[conversation_language(slots)]
    return f"{texts[DEFAULT_LANGUAGE]}\n\n{texts['fr']}"


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.id, {language: getattr(row, language) for language in REPLY_LANGUAGES}, row.starts_at, row.ends_at, row.by)
