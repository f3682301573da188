"""One case as its page shows it, read in one go from the assistant's tables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.console.desk.standing import Standing, standing
from bot.console.templatetags.console import delivery_label
from bot.delivery.messages import Reply
from bot.handoff import cases
from bot.handoff.cases import STAFF, Case, Line
from bot.handoff.send import SENT_CHANNELS, WHATSAPP_WINDOW, Obstacle, obstacle
from bot.storage.tables import contacts, outbox

#: Messages on the page; earlier ones stand in the whole conversation.
MOST_LINES = 200
#: What becomes of a message on the web page.
_FETCHED = {True: _("reçu par la page"), False: _("pas encore reçu par la page")}
_TONES = {"fetched": "good", "delivered": "good", "read": "good", "dead": "bad", "failed": "bad", "undelivered": "bad"}
#: The little that is left of WhatsApp's 24 hours when it should be said louder.
_SOON_OVER = 3600.0


@dataclass(frozen=True)
class Shown:
    """A message of a case, with what became of it.

    Attributes:
        line: the message.
        fate: the vendor's or the page's word on it; empty where nothing is known.
    """

    line: Line
    fate: str

    @property
    def by_staff(self) -> bool:
        """Whether staff wrote it."""
        return self.line.author == STAFF

    @property
    def label(self) -> str:
        """Its fate in words."""
        return str(_FETCHED[self.fate == "fetched"]) if self.fate in ("fetched", "unfetched") else delivery_label(self.fate)

    @property
    def tone(self) -> str:
        """A CSS class for its fate."""
        return _TONES.get(self.fate, "")


@dataclass(frozen=True)
class Reading:
    """A case, with its messages and with what is known of reaching the person.

    Attributes:
        case: the case.
        all_lines: its messages, in order.
        obstacle: what keeps a message from the person; None where nothing does.
        window: how many seconds of WhatsApp's 24 hours are left; None elsewhere.
        standing: how it stands.
    """

    case: Case
    all_lines: Sequence[Shown]
    obstacle: Obstacle | None
    window: float | None
    standing: Standing

    @property
    def lines(self) -> Sequence[Shown]:
        """The messages to show."""
        return self.all_lines[-MOST_LINES:]

    @property
    def left_out(self) -> bool:
        """Whether there are more than are shown."""
        return len(self.all_lines) > MOST_LINES

    @property
    def last(self) -> int:
        """The number of the last message, 0 where there is none."""
        return self.all_lines[-1].line.id if self.all_lines else 0

    @property
    def open(self) -> bool:
        """Whether the case is not closed."""
        return self.case.state in cases.OPEN

    @property
    def window_hours(self) -> int:
        """Whole hours that are left of WhatsApp's 24."""
        return int((self.window or 0.0) // 3600)

    @property
    def window_minutes(self) -> str:
        """The minutes beside them, in two digits."""
        return f"{int((self.window or 0.0) % 3600 // 60):02d}"

    @property
    def soon_over(self) -> bool:
        """Whether less than an hour is left."""
        return self.window is not None and self.window < _SOON_OVER

    def after(self, line: int) -> list[Shown]:
        """The messages after the one of this number."""
        return [shown for shown in self.all_lines if shown.line.id > line]


def read(connection: Connection, number: int) -> Reading:
    """A case.

    Raises:
        bot.handoff.cases.UnknownCase: when there is none of this number.
    """
    case, lines, now = cases.get(connection, number), cases.lines(connection, number), time.time()
    contact = connection.execute(select(contacts).where(contacts.c.sender == case.sender)).first()
    known = _fates(connection, case, lines)
    shown = [Shown(line, known.get(line.id, "")) for line in lines]
    window = contact.last_inbound + WHATSAPP_WINDOW - now if contact is not None and case.channel == "whatsapp" else None
    return Reading(case, shown, obstacle(case.channel, contact, now), window, standing(case, [(line.at, line.author) for line in lines], now))


def fates(lines: Sequence[Line], sent: Sequence[tuple[float, str, str]]) -> dict[int, str]:
    """What became of the messages of staff, by number.

    Args:
        lines: the messages of a case, in order.
        sent: what was sent to its person, in order: when it was written, its text, its fate. A message of staff is the first of the same text
            that was written with it or later, and stands for no other.
    """
    left, found = list(sent), {}
    for line in lines:
        mine = next((each for each in left if each[0] >= line.at and each[1] == line.text), None) if line.author == STAFF else None
        if mine is not None:
            left.remove(mine)
            found[line.id] = mine[2]
    return found


def _fates(connection: Connection, case: Case, lines: Sequence[Line]) -> dict[int, str]:
    if case.channel == "web":
        return {line.id: "fetched" if line.fetched else "unfetched" for line in lines if line.author == STAFF}
    if case.channel not in SENT_CHANNELS:
        return {}
    # What the bot answers has a message of the inbox; what staff write has none.
    theirs = (outbox.c.sender == case.sender) & outbox.c.inbox_id.is_(None) & (outbox.c.created_at >= case.opened_at)
    rows = connection.execute(select(outbox).where(theirs).order_by(outbox.c.id)).all()
    return fates(lines, [(row.created_at, Reply.from_json(row.content).text, _fate(row.state, row.receipt)) for row in rows])


def _fate(state: str, receipt: str | None) -> str:
    """The vendor's last word where there is one, else how far the outbox is."""
    return receipt if state == "sent" and receipt else state
