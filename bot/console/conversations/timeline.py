"""A conversation as it is read: turns, and between them what was written in cases, in the order of time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.utils.timezone import localdate

from bot.console.conversations.models import CaseMessage, Sent, Turn
from bot.console.review.models import Review, TurnTag
from bot.handoff.cases import PERSON

Item: TypeAlias = "Turn | CaseMessage"

#: Of so many turns at the end of a page it is looked whether their messages have arrived meanwhile.
WATCHED = 10
#: From worst to best: what is said of several messages is what holds for the worst of them.
_FATES = ("dead", "failed", "undelivered", "waiting", "sending", "queued", "sent", "delivered", "read")


def written(sender: str, begin: Turn | None, end: Turn | None) -> list[CaseMessage]:
    """What was written in somebody's cases, in order.

    Args:
        sender: who.
        begin: from this turn on; None for what stands before the first one, too.
        end: before this turn; None for what stands after the last one, too.
    """
    lines = CaseMessage.objects.filter(case__sender=sender)
    if begin is not None:
        lines = lines.filter(at__gte=begin.at.timestamp())
    if end is not None:
        lines = lines.filter(at__lt=end.at.timestamp())
    return list(lines.order_by("id"))


def merged(turns: Iterable[Turn], lines: Iterable[CaseMessage], before: Turn | None = None) -> tuple[list[Item], list[CaseMessage]]:
    """Turns and lines in the order of time.

    Args:
        turns: in order.
        lines: in order.
        before: the turn before all of them.

    Returns:
        Both together, and the lines that are left out: the wish that opens a case is the turn before it already.
    """
    items: list[Item] = []
    repeated: list[CaseMessage] = []
    left, last = list(turns), before
    for line in lines:
        while left and left[0].at.timestamp() <= line.at:
            last = left.pop(0)
            items.append(last)
        if last is not None and line.author == PERSON and line.text == last.text:
            repeated.append(line)
        else:
            items.append(line)
        last = None  # only the line next to a turn can repeat it
    return [*items, *left], repeated


def entries(sender: str, items: Sequence[Item], last_day: dt.date | None = None) -> list[dict[str, Any]]:
    """Turns and lines with what belongs to them elsewhere: what became of the messages, reviews, tags; and where a day begins.

    Args:
        sender: whose.
        items: in order.
        last_day: of what stands before them; None where nothing does.
    """
    turns = [item for item in items if isinstance(item, Turn)]
    ids = [turn.id for turn in turns]
    fates = deliveries(sender, turns)
    reviews: dict[int, list[Review]] = {}
    for review in Review.objects.filter(turn_id__in=ids).select_related("reviewer"):
        reviews.setdefault(review.turn_id, []).append(review)
    tags: dict[int, list[TurnTag]] = {}
    for tag in TurnTag.objects.filter(turn_id__in=ids).select_related("tag"):
        tags.setdefault(tag.turn_id, []).append(tag)
    made: list[dict[str, Any]] = []
    for item in items:
        day = day_of(item)
        entry: dict[str, Any] = {"new_day": day if day != last_day else None}
        if isinstance(item, Turn):
            entry |= {"turn": item, "delivery": fates.get(item.id), "reviews": reviews.get(item.id, []), "tags": tags.get(item.id, [])}
        else:
            entry["line"] = item
        made.append(entry)
        last_day = day
    return made


def day_of(item: Item) -> dt.date:
    """The day of a turn or a line, in Morocco."""
    if isinstance(item, Turn):
        return item.day
    return localdate(dt.datetime.fromtimestamp(item.at, dt.timezone.utc))


def deliveries(sender: str, turns: Iterable[Turn]) -> dict[int, str | None]:
    """What became of the messages of turns whose answers went over the outbox; None where there was none."""
    numbers = {turn.id: turn.inbox_id for turn in turns if turn.inbox_id}
    sent: dict[int | None, list[Sent]] = {}
    for row in Sent.objects.filter(sender=sender, inbox_id__in=numbers.values()).order_by("id"):
        sent.setdefault(row.inbox_id, []).append(row)
    return {turn: _worst(sent.get(number, [])) for turn, number in numbers.items()}


def watched(sender: str, last: int) -> dict[int, str | None]:
    """The deliveries of the last turns up to one, which may still change while a page is open."""
    return deliveries(sender, Turn.objects.filter(conversation_id=sender, id__lte=last).order_by("-id")[:WATCHED])


def mark(fates: Mapping[int, str | None]) -> str:
    """A short mark by which a page knows whether any of them has changed."""
    return hashlib.sha256(repr(sorted(fates.items())).encode()).hexdigest()[:12]


def _worst(rows: Sequence[Sent]) -> str | None:
    fates = [row.state if row.state != "sent" or not row.receipt else row.receipt for row in rows]
    return min(fates, key=lambda fate: _FATES.index(fate) if fate in _FATES else len(_FATES), default=None)
