"""What the console's tables (bot/console) hold of people: it goes when somebody is erased, and when the conversation is too old.

The tables are found by looking at the database, not listed: a table of the console that names a person is covered from the day it is made,
and where there is no console there is nothing to do. Only what stays is listed (`_STAYS`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, column, delete, exists, func, inspect, not_, or_, select, table, text, true, update
from sqlalchemy.engine import Connection

from bot.storage.tables import cases

#: Rasa's table of conversations.
events = table("events", column("id"), column("sender_id"), column("timestamp"), column("type_name"), column("data"))

#: How the names of the console's tables begin: one for each of its apps.
_APPS = ("conversations_", "review_", "learning_", "desk_", "figures_", "observatory_", "steering_")
#: Columns that name a person by the pseudonym, and a turn by the number of its first event.
_PERSON = ("sender", "conversation_id")
_TURN = ("turn_id", "turn")
_TURNS, _CONVERSATIONS = "conversations_turn", "conversations_conversation"
#: What stays under no name: lines that staff checked and approved for training, and questions for the evaluation. Their texts are masked.
_STAYS: Mapping[str, Any] = {
    "learning_correction": column("state").in_(("approved", "learnt")),
    "review_evaluationquestion": true(),
}
#: The name under which rows are counted that stay so.
NAMELESS = "nameless"


@dataclass(frozen=True)
class Copy:
    """A table of the console that names people.

    Attributes:
        rows: the table, for queries.
        person: its column that names one.
        turn: its column that names a turn; None where there is none.
        references: its columns that point at rows of other tables, and the names of those.
    """

    rows: Any
    person: Any
    turn: Any | None
    references: Mapping[str, str]

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.rows.name)

    def gone(self) -> Any:
        """The rows whose turn, or else whose person, there is no more."""
        if self.name == _CONVERSATIONS:
            turns = table(_TURNS, column("conversation_id"))
            return ~exists().where(turns.c.conversation_id == self.person)
        if self.turn is not None:
            return and_(self.person != "", self.turn.is_not(None), ~exists().where(events.c.id == self.turn))
        known = or_(exists().where(events.c.sender_id == self.person), exists().where(cases.c.sender == self.person))
        return and_(self.person != "", not_(known))


def has_conversations(connection: Connection) -> bool:
    """Whether Rasa has made its table: it does when it starts for the first time."""
    return bool(inspect(connection).has_table(events.name))


def copies(connection: Connection) -> list[Copy]:
    """The console's tables that name people, in the order in which their rows can be deleted."""
    database = inspect(connection)
    found = []
    for name in (name for name in database.get_table_names() if name.startswith(_APPS)):
        columns = [known["name"] for known in database.get_columns(name)]
        person = next((known for known in columns if known in _PERSON), None)
        if person:
            turn = "id" if name == _TURNS else next((known for known in columns if known in _TURN), None)
            keys = {key["constrained_columns"][0]: key["referred_table"] for key in database.get_foreign_keys(name)}
            rows = table(name, *(column(known) for known in columns))
            found.append(Copy(rows, rows.c[person], rows.c[turn] if turn else None, keys))
    return _referring_first(found)


def _referring_first(found: Sequence[Copy]) -> list[Copy]:
    """Tables before those that they point at; the conversations, which turns name without a foreign key, at the end."""
    left = sorted(found, key=lambda copy: copy.name == _CONVERSATIONS)
    ordered: list[Copy] = []
    while left:
        free = next((copy for copy in left if all(copy.name not in other.references.values() for other in left if other is not copy)), left[0])
        left.remove(free)
        ordered.append(free)
    return ordered


def hold(connection: Connection) -> None:
    """Let no projection run until this transaction ends (bot/console/conversations/projection.py).

    On PostgreSQL it reads events and writes turns while another transaction could delete the events: each would wait for rows that the other
    has locked. A projection begins with its cursor, so that is where it waits. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql" and inspect(connection).has_table("conversations_cursor"):
        connection.execute(text("LOCK TABLE conversations_cursor IN ACCESS EXCLUSIVE MODE"))


def erase(connection: Connection, sender: str) -> Counter[str]:
    """Delete what the console holds of somebody, once their events are deleted.

    Returns:
        How many rows, by table.
    """
    gone: Counter[str] = Counter()
    found = copies(connection)
    for copy in found:
        gone += _drop(connection, copy, copy.person == sender, found)
    if gone[_TURNS]:
        _forget_words(connection)
    return gone


def purge(connection: Connection) -> Counter[str]:
    """Delete what the console holds of turns whose events are deleted.

    Returns:
        How many rows, by table.
    """
    gone: Counter[str] = Counter()
    found = copies(connection) if has_conversations(connection) else []
    for copy in found:
        gone += _drop(connection, copy, copy.gone(), found)
    if gone[_TURNS]:
        _forget_words(connection)
        _count_again(connection)
    return gone


def _drop(connection: Connection, copy: Copy, which: Any, found: Sequence[Copy]) -> Counter[str]:
    """Delete rows of a table; those that stay lose the name, and let go of rows of other tables that are deleted."""
    dropped: Counter[str] = Counter()
    stays = _STAYS.get(copy.name)
    if stays is not None:
        names = {other.name for other in found}
        nameless: dict[str, Any] = {copy.person.name: "", **{key: None for key, other in copy.references.items() if other in names}}
        dropped[NAMELESS] = connection.execute(update(copy.rows).where(which, stays).values(nameless)).rowcount
        which = and_(which, not_(stays))
    dropped[copy.name] = connection.execute(delete(copy.rows).where(which)).rowcount
    return dropped


def _forget_words(connection: Connection) -> None:
    """Have SQLite's search index forget the words of turns that are deleted: by itself it keeps them for a while, marked as deleted."""
    if connection.dialect.name == "sqlite" and inspect(connection).has_table("turn_search"):
        connection.execute(text("INSERT INTO turn_search(turn_search) VALUES ('optimize')"))


def _count_again(connection: Connection) -> None:
    """Bring what a conversation says of its turns up to date with those that are left; its last ones are."""
    turns = table(_TURNS, column("conversation_id"), column("at"), column("outcome"), column("rating"))
    counted = {"turns": func.count(), "first_at": func.min(turns.c.at)}
    counted["refused"] = func.count().filter(turns.c.outcome == "refused")
    counted["handed_over"] = func.count().filter(turns.c.outcome == "handoff")
    counted["thumbs_down"] = func.count().filter(turns.c.rating == "down")
    conversations = table(_CONVERSATIONS, column("sender"), *(column(name) for name in counted))
    theirs = {name: select(value).where(turns.c.conversation_id == conversations.c.sender).scalar_subquery() for name, value in counted.items()}
    connection.execute(update(conversations).where(conversations.c.turns != theirs["turns"]).values(theirs))
