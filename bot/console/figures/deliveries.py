"""Messages of the bot's that did not arrive."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Count as CountOf

from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, Count, Figure
from bot.privacy.redact import redact

#: The state of a message that is given up; the vendor's word that it failed makes it so too (bot/delivery/outbox.py).
_DEAD = "dead"
_VENDOR_SAID = ("failed", "undelivered")
#: What names one message in an error: kinds of errors are counted, not messages.
_NUMBER = re.compile(r"\+?\d{7,}")
_LONGEST = 120


@dataclass(frozen=True)
class Failure:
    """Messages that failed in the same way: `dead` where the bot gave up, else the vendor's word."""

    fate: str
    error: str
    messages: int


@dataclass(frozen=True)
class Deliveries:
    """What was sent.

    Attributes:
        written: how many messages there were to send.
        failed: how many of them did not arrive.
        people: to how many people.
        failures: by kind, the most frequent first; empty where they are kept back.
    """

    written: Figure
    failed: Figure
    people: Figure
    failures: list[Failure]


def deliveries(scope: Scope) -> Deliveries:
    """What became of the messages of a scope."""
    dead = scope.sent().filter(state=_DEAD)
    found: dict[tuple[str, str], int] = {}
    for receipt, error, messages in dead.values_list("receipt", "error").annotate(messages=CountOf("*")):
        kind = (receipt if receipt in _VENDOR_SAID else _DEAD, said(error or ""))
        found[kind] = found.get(kind, 0) + messages
    failures = [Failure(*kind, found[kind]) for kind in sorted(found, key=lambda kind: (-found[kind], kind))]
    failed, people = sum(found.values()), dead.values("sender").distinct().count()
    if not scope.walled:
        return Deliveries(scope.sent().count(), failed, people, failures)
    written = Count(scope.sent().count(), scope.sent().values("sender").distinct().count())
    few = Count(failed, people).few
    return Deliveries(FEW if written.few else written.turns, FEW if few else failed, FEW if few else people, [])


def said(error: str) -> str:
    """What an error says, without what names somebody or a single message."""
    return _NUMBER.sub("…", redact(" ".join(error.split())))[:_LONGEST]
