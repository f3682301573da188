"""The bot's messages on their way: which did not arrive, and how long answers took to be handed to the vendor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Count as CountOf
from django.db.models import F, Max, QuerySet

from bot.console.conversations.models import Sent
from bot.console.figures.durations import HIGH, percentile
from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, Figure, Part, gathered, hides, kept_back, shown, together
from bot.delivery.transport import UNWANTED
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
        failed: how many of them did not arrive, and not because somebody did not want them.
        people: to how many people these were.
        unwanted: how many were not sent any more to who had said stop, or blocked the bot.
        failures: those that failed, by kind, the most frequent first; empty where they are kept back.
    """

    written: Figure
    failed: Figure
    people: Figure
    unwanted: Figure
    failures: list[Failure]


@dataclass(frozen=True)
class Waits:
    """How long people waited until the vendor had taken the last message of an answer.

    Attributes:
        answers: how many there are, those left out of which a message was never taken; not told behind the wall.
        median, high: in seconds: half of them, and 95 of 100, took no longer.
    """

    answers: Figure
    median: Figure
    high: Figure


def deliveries(scope: Scope) -> Deliveries:
    """What became of the messages of a scope."""
    dead = scope.sent().filter(state=_DEAD)
    failed, unwanted = dead.exclude(error__in=UNWANTED), dead.filter(error__in=UNWANTED)
    if scope.walled:
        return _behind_the_wall(scope, _part(scope.sent()), _part(failed), _part(unwanted))
    failures = _failures(failed)
    people = failed.values("sender").distinct().count()
    return Deliveries(scope.sent().count(), sum(each.messages for each in failures), people, unwanted.count(), failures)


def _failures(failed: QuerySet[Sent]) -> list[Failure]:
    found: dict[tuple[str, str], int] = {}
    for receipt, error, messages in failed.values_list("receipt", "error").annotate(messages=CountOf("*")):
        kind = (receipt if receipt in _VENDOR_SAID else _DEAD, said(error or ""))
        found[kind] = found.get(kind, 0) + messages
    return [Failure(*kind, found[kind]) for kind in sorted(found, key=lambda kind: (-found[kind], kind))]


def _behind_the_wall(scope: Scope, written: Part, failed: Part, unwanted: Part) -> Deliveries:
    """What arrived is not shown, but is what was written less the others."""
    arrived = _part(scope.sent().exclude(state=_DEAD))
    kept = kept_back({"failed": failed, "unwanted": unwanted}, arrived)
    everybody = _people(scope)
    people: Figure = FEW if hides(failed, everybody) else len(failed.people)
    return Deliveries(
        written=shown(written, written.rows),
        failed=shown(failed, failed.rows, "failed" in kept),
        people=shown(failed, people, "failed" in kept),
        unwanted=shown(unwanted, unwanted.rows, "unwanted" in kept),
        failures=[],
    )


def _part(sent: QuerySet[Sent]) -> Part:
    return together(gathered((0, sender, messages) for sender, messages in sent.values_list("sender").annotate(messages=CountOf("*"))).values())


def _people(scope: Scope) -> Part:
    return Part(0, frozenset(scope.turns().values_list("conversation_id", flat=True).distinct()))


def waits(scope: Scope) -> Waits:
    """How long the answers to the messages that arrived in a period took on their way, pauses and new attempts included."""
    rows = (
        scope.answers()
        .values("inbox_id", "sender")
        .annotate(seconds=Max("sent_at") - F("inbox__received_at"), messages=CountOf("*"), taken=CountOf("sent_at"))
        .filter(messages=F("taken"))
        .values_list("seconds", "sender")
    )
    return _summed(list(rows), scope.walled)


def _summed(found: list[tuple[float, str]], walled: bool) -> Waits:
    ordered = sorted(seconds for seconds, _sender in found)
    median, high = percentile(ordered, 0.5), percentile(ordered, HIGH)
    if not walled:
        return Waits(len(ordered), median, high)
    whole = Part(len(ordered), frozenset(sender for _seconds, sender in found))
    return Waits(None, shown(whole, median), shown(whole, high))


def said(error: str) -> str:
    """What an error says, without what names somebody or a single message."""
    return _NUMBER.sub("…", redact(" ".join(error.split())))[:_LONGEST]
