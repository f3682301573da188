"""Finding a person by their address, and erasing them while nobody works for them: for the command line and for the console."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.delivery import leases
from bot.privacy import copies, erasure
from bot.privacy.erasure import Erased
from bot.privacy.pseudonym import pseudonym
from bot.storage.tables import cases, contacts, inbox, outbox

#: Runs work(connection, *arguments) in one transaction.
Run = Callable[..., Any]

_OWNER = "erasure"
_LOOK_EVERY = 0.5
#: Between the digits of a number that somebody wrote down.
_BETWEEN = re.compile(r"[\s.()/-]")
_TELEPHONE = re.compile(r"\+[1-9][0-9]{5,14}")
_CHAT = re.compile(r"-?[0-9]{1,20}")


class NoAddress(ValueError):
    """This is no address of that channel."""


def find(channel: str, address: str, key: bytes) -> str:
    """The pseudonym of whoever has an address.

    Args:
        channel: telegram or whatsapp.
        address: a chat id, or a telephone number as people write it: `+212 6 61 23 45 67`, `0661234567`, `00212...`.
        key: the installation's secret.

    Raises:
        NoAddress: when it is none.
    """
    written = "".join(str(unicodedata.digit(character, character)) for character in address.strip())
    known = written if channel == "telegram" else _international(written)
    if not (_CHAT if channel == "telegram" else _TELEPHONE).fullmatch(known):
        raise NoAddress
    return pseudonym(channel, known, key)


def _international(number: str) -> str:
    """A telephone number as WhatsApp writes it; Moroccan ones may lack their country."""
    digits = re.sub(r"^00", "+", _BETWEEN.sub("", number.removeprefix("whatsapp:")))
    return re.sub(r"^(?:0(?=[5-8][0-9]{8}$)|212(?=[0-9]{9}$))", "+212", digits)


def is_known(connection: Connection, sender: str) -> bool:
    """Whether anything is stored of somebody."""
    own = [contacts.c.sender, inbox.c.sender, outbox.c.sender, cases.c.sender]
    rasa = [copies.events.c.sender_id] if copies.has_conversations(connection) else []
    columns = [*own, *rasa, *(copy.person for copy in copies.copies(connection))]
    return any(connection.execute(select(column).where(column == sender).limit(1)).first() for column in columns)


def erase(run: Run, sender: str, patience: float = 15.0) -> Erased | None:
    """Erase somebody as soon as nobody works for them.

    Args:
        run: runs work in one transaction.
        sender: whom.
        patience: how many seconds to wait.

    Returns:
        What went; None when somebody worked for them all the time.
    """
    deadline = time.monotonic() + patience
    while True:
        erased: Erased | None = run(_erase_alone, sender)
        if erased is not None or time.monotonic() >= deadline:
            return erased
        time.sleep(_LOOK_EVERY)


def _erase_alone(connection: Connection, sender: str) -> Erased | None:
    if not leases.take(connection, sender, _OWNER):
        return None
    erased = erasure.erase(connection, sender)
    leases.release(connection, sender, _OWNER)
    return erased
