"""What is to be said, and what became of it: every reply is a row before it is sent, and is marked when it was."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from bot.delivery.choosing import LONGEST_CHOICE, meant
from bot.delivery.messages import Choice, Received, Reply, referenced
from bot.steering import notices
from bot.storage.tables import contacts, inbox, outbox

#: The states of a reply that is not done with.
_OPEN = ("waiting", "sending")
#: The vendors' words for a message's fate, in the order in which they may follow one another.
_FATES = ("queued", "sent", "delivered", "read", "undelivered", "failed")


@dataclass(frozen=True)
class Waiting:
    """A message of the inbox that waits for its turn."""

    id: int
    received: Received
    received_at: float
    attempts: int


@dataclass(frozen=True)
class Unsent:
    """The next reply to send to somebody.

    Attributes:
        id: its row.
        reply: what to say.
        attempts: how often it was tried.
        maybe_sent: whether an earlier attempt may have arrived.
        created_at: when it was written.
    """

    id: int
    reply: Reply
    attempts: int
    maybe_sent: bool
    created_at: float


@dataclass(frozen=True)
class DeadLetter:
    """A reply that could not be delivered."""

    id: int
    sender: str
    channel: str
    at: float
    error: str
    text: str


def waiting(connection: Connection, sender: str) -> list[Waiting]:
    """A sender's messages that are due, in order."""
    due = (inbox.c.sender == sender) & (inbox.c.state == "waiting") & (inbox.c.due_at <= time.time())
    rows = connection.execute(select(inbox).where(due).order_by(inbox.c.id).limit(50)).all()
    return [Waiting(row.id, Received.from_json(row.content), row.received_at, row.attempts) for row in rows]


def answer(connection: Connection, sender: str, channel: str, messages: list[int], replies: list[Reply]) -> None:
    """Write the replies of a turn and mark its messages as answered, in one."""
    now = time.time()
    open_ = (outbox.c.sender == sender) & outbox.c.state.in_(_OPEN)
    due_at = max(now, connection.execute(select(func.max(outbox.c.due_at)).where(open_)).scalar() or now)
    for reply in replies:
        row = {"sender": sender, "channel": channel, "inbox_id": messages[0] if messages else None, "content": reply.to_json()}
        connection.execute(outbox.insert().values(**row, created_at=now, due_at=due_at, state="waiting", attempts=0))
    if messages:
        connection.execute(inbox.update().where(inbox.c.id.in_(messages)).values(state="done"))


def inbox_due(connection: Connection, sender: str) -> float | None:
    """When the sender's waiting messages are due: a later one is never due before an earlier one."""
    latest = connection.execute(select(func.max(inbox.c.due_at)).where(inbox.c.sender == sender, inbox.c.state == "waiting")).scalar()
    return None if latest is None else float(latest)


def turn_failed(connection: Connection, sender: str, messages: list[int], again_at: float) -> None:
    """Try a turn again later; what came after it waits as long."""
    connection.execute(inbox.update().where(inbox.c.id.in_(messages)).values(attempts=inbox.c.attempts + 1))
    connection.execute(inbox.update().where(inbox.c.sender == sender, inbox.c.state == "waiting").values(due_at=again_at))


def next_unsent(connection: Connection, sender: str) -> Unsent | None:
    """The sender's first reply that is not delivered, if it is due; marked as being sent."""
    open_ = (outbox.c.sender == sender) & outbox.c.state.in_(_OPEN)
    row = connection.execute(select(outbox).where(open_).order_by(outbox.c.id).limit(1)).first()
    if row is None or row.due_at > time.time():
        return None
    connection.execute(outbox.update().where(outbox.c.id == row.id).values(state="sending", attempts=row.attempts + 1))
    return Unsent(row.id, Reply.from_json(row.content), row.attempts, row.state == "sending", row.created_at)


def sent(connection: Connection, row: int, vendor_id: str | None) -> None:
    """Mark a reply as taken by the vendor. Its word that it failed may have come first: that stays."""
    connection.execute(outbox.update().where(outbox.c.id == row).values(sent_at=time.time(), vendor_id=vendor_id))
    connection.execute(outbox.update().where(outbox.c.id == row, outbox.c.state == "sending").values(state="sent", error=None))


def vendor_ids(connection: Connection, sender: str, since: float) -> set[str]:
    """The vendor's ids of what was sent to somebody since a time."""
    rows = connection.execute(select(outbox.c.vendor_id).where(outbox.c.sender == sender, outbox.c.sent_at >= since, outbox.c.vendor_id.is_not(None)))
    return {row.vendor_id for row in rows}


def again(connection: Connection, row: int, due_at: float, maybe_sent: bool, error: str) -> None:
    """Try a reply again at `due_at`; those behind it wait as long."""
    state = "sending" if maybe_sent else "waiting"
    if not connection.execute(outbox.update().where(outbox.c.id == row, outbox.c.state == "sending").values(state=state, error=error)).rowcount:
        return  # given up in the meantime: the person said stop
    same = select(outbox.c.sender).where(outbox.c.id == row).scalar_subquery()
    behind = (outbox.c.sender == same) & (outbox.c.id >= row) & outbox.c.state.in_(_OPEN)
    connection.execute(outbox.update().where(behind).values(due_at=due_at))


def bury(connection: Connection, row: int, error: str) -> None:
    """Give a reply up: a dead letter, which staff can see."""
    given_up = connection.execute(select(outbox.c.sender, outbox.c.inbox_id).where(outbox.c.id == row)).first()
    if given_up is not None:
        notices.mark_unseen(connection, given_up.sender, given_up.inbox_id)
    connection.execute(outbox.update().where(outbox.c.id == row, outbox.c.state == "sending").values(state="dead", error=error))


def bury_all(connection: Connection, sender: str, error: str) -> None:
    """Give up all that waits for a sender."""
    open_ = (outbox.c.sender == sender) & outbox.c.state.in_(_OPEN)
    connection.execute(outbox.update().where(open_).values(state="dead", error=error))


def receipt(connection: Connection, row_id: int, vendor_id: str, fate: str, error: str | None) -> bool:
    """Note the vendor's word on a message that was sent.

    Words may come late: an earlier one does not replace a later one. Undelivered and failed messages become dead letters.

    Returns:
        Whether the message is known.
    """
    row = connection.execute(select(outbox.c.id, outbox.c.receipt, outbox.c.vendor_id).where(outbox.c.id == row_id)).first()
    if row is None or fate not in _FATES or row.vendor_id not in (None, vendor_id):
        return False
    if row.receipt is None or _FATES.index(fate) > _FATES.index(row.receipt):
        values = {"receipt": fate, **({"state": "dead", "error": error or fate} if fate in ("undelivered", "failed") else {})}
        connection.execute(outbox.update().where(outbox.c.id == row.id).values(**values))
    return True


def dead_letters(connection: Connection) -> list[DeadLetter]:
    """What could not be delivered, the latest first."""
    rows = connection.execute(select(outbox).where(outbox.c.state == "dead").order_by(outbox.c.id.desc())).all()
    return [DeadLetter(row.id, row.sender, row.channel, row.created_at, row.error or "", Reply.from_json(row.content).text) for row in rows]


def revive(connection: Connection, rows: list[int] | None) -> int:
    """Send dead letters once more; all of them for None. Not to whoever does not want to be written to. Returns how many."""
    unwilling = select(contacts.c.sender).where(or_(contacts.c.opted_out_at.is_not(None), contacts.c.blocked_at.is_not(None)))
    wanted = (outbox.c.state == "dead") & outbox.c.sender.not_in(unwilling)
    if rows is not None:
        wanted &= outbox.c.id.in_(rows)
    fresh = {"state": "waiting", "attempts": 0, "due_at": time.time(), "error": None, "receipt": None, "vendor_id": None, "sent_at": None}
    return int(connection.execute(outbox.update().where(wanted).values(**fresh)).rowcount)


def payload_of(connection: Connection, sender: str, button: str) -> str | None:
    """What a button stands for, if it was shown to this very sender."""
    where = referenced(button)
    if where is None:
        return None
    row = connection.execute(select(outbox.c.content).where(outbox.c.id == where[0], outbox.c.sender == sender)).first()
    choices = Reply.from_json(row.content).choices if row else ()
    return choices[where[1]].payload if where[1] < len(choices) else None


def chosen(connection: Connection, sender: str, text: str) -> str | None:
    """The payload of the choice of the last turn that was typed out; None where none was."""
    return meant(text, _last_choices(connection, sender)) if len(text) <= LONGEST_CHOICE else None


def _last_choices(connection: Connection, sender: str) -> tuple[Choice, ...]:
    """The buttons shown in the last turn; none where it had none."""
    shown = (outbox.c.sender == sender) & outbox.c.state.in_(("sent", "sending"))
    rows = connection.execute(select(outbox.c.content, outbox.c.inbox_id).where(shown).order_by(outbox.c.id.desc()).limit(5)).all()
    turn = [Reply.from_json(row.content).choices for row in rows if row.inbox_id == rows[0].inbox_id]
    return next((choices for choices in turn if choices), ())


def asked(connection: Connection, sender: str) -> bool:
    """Whether the last message to somebody ended with a question."""
    last = connection.execute(select(outbox.c.content).where(outbox.c.sender == sender).order_by(outbox.c.id.desc()).limit(1)).scalar()
    return bool(last) and Reply.from_json(last).text.rstrip().endswith(("?", "؟"))


def senders_with_work(connection: Connection, channels: Collection[str], limit: int = 500) -> list[tuple[str, str]]:
    """Senders (and their channels) with something to do that is due, the longest waiting first.

    A message to answer, a reply to send, or all to forget.
    """
    now = time.time()
    tables = [(inbox, inbox.c.state == "waiting", inbox.c.due_at), (outbox, outbox.c.state.in_(_OPEN), outbox.c.due_at)]
    tables.append((contacts, contacts.c.erase_at.is_not(None), contacts.c.erase_at))
    found: dict[tuple[str, str], float] = {}
    for table, open_, due in tables:
        mine = table.c.channel.in_(list(channels))
        query = select(table.c.sender, table.c.channel, func.min(due).label("due")).where(open_, due <= now, mine)
        for row in connection.execute(query.group_by(table.c.sender, table.c.channel).order_by("due").limit(limit)):
            found[row.sender, row.channel] = min(row.due, found.get((row.sender, row.channel), row.due))
    return sorted(found, key=lambda key: found[key])[:limit]


def due_now(connection: Connection, latest: float) -> None:
    """End every pause that would last longer than `latest` seconds: what waits to be answered or sent is due."""
    now = time.time()
    connection.execute(inbox.update().where(inbox.c.state == "waiting", inbox.c.due_at > now + latest).values(due_at=now))
    connection.execute(outbox.update().where(outbox.c.state.in_(_OPEN), outbox.c.due_at > now + latest).values(due_at=now))
    connection.execute(contacts.update().where(contacts.c.erase_at > now + latest).values(erase_at=now))


def backlog(connection: Connection) -> int:
    """How many messages wait to be answered."""
    return int(connection.execute(select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")).scalar_one())


def contact(connection: Connection, sender: str) -> Any:
    """The sender's row in `contacts`, or None."""
    return connection.execute(select(contacts).where(contacts.c.sender == sender)).first()
