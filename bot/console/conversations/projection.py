"""Keeps the projection in step with Rasa's events.

Events are read from a cursor on, in their order; what is read twice gives the same rows, so that a crash costs nothing but the time to read
again. On PostgreSQL a number may appear after a higher one, when its transaction ends later: the cursor stays a minute behind, and the
events after it are looked through each time for those not yet seen. SQLite has one writer, and numbers appear in order.

The cursor is also what several processes agree by: each transaction begins by locking it. Where the projection is to be made again it says
so, and whoever comes next, the command or a running console, deletes a slice; when nothing is left it says 0.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from bot import transcript
from bot.console.conversations.models import CaseMessage, Conversation, Cursor, RasaEvent, Turn
from bot.hours import TIME_ZONE
from bot.knowledge.store import Knowledge, load
from bot.language.normal import tokens
from bot.language.skeleton import skeleton
from bot.transcript import Event, Outcome, State

logger = logging.getLogger(__name__)

#: How many events are read in one step; a step is one transaction, short enough for the bot not to wait.
STEP = 1000
#: How many rows are deleted in one step of making the projection again.
SLICE = 2000
#: Whoever waits for SQLite's only writer looks ten times a second whether it is their turn.
_PAUSE = 0.12
#: A transaction of the bot's is over after so many seconds.
_SETTLED_AFTER = 60.0
_NAME = "events"
#: What the cursor says while the projection is emptied, to be made again.
_EMPTYING = -1


class Projection:
    """Reads new events and writes turns.

    Args:
        knowledge: where records have their subjects.
    """

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self._knowledge = knowledge or load()
        self._seen: set[int] = set()
        self._at = 0
        self._has_events = False

    def catch_up(self, pause: float = 0.0) -> None:
        """Project all that there is now.

        Args:
            pause: between two steps, in seconds.
        """
        while self.step():
            time.sleep(pause)

    def step(self) -> bool:
        """Project the next events, at most `STEP`, in one transaction; where the projection is to be made again, delete a slice of it first.

        Returns:
            Whether there is more to do at once.
        """
        self._has_events = self._has_events or _has_events()
        if not self._has_events:
            return False
        more = self._step()
        if not more:
            self._read_cases()
        return more

    def _step(self) -> bool:
        seen = _cursor()
        if seen.event != _EMPTYING and not self._new_numbers(seen):
            return False
        # The events are locked: what is erased meanwhile is erased here too, by whoever waits for this transaction.
        with transaction.atomic():
            cursor = _locked_cursor()
            if cursor.event == _EMPTYING:
                self._seen.clear()
                if not _delete_slice():
                    cursor.event = 0
                    cursor.save()
                return True
            numbers = self._new_numbers(cursor)
            new = list(RasaEvent.objects.select_for_update().filter(id__in=numbers).order_by("id").values_list("id", "sender_id"))
            bounds: dict[str, tuple[int, int | None]] = {}
            for number, sender in new:
                bounds[sender] = (bounds.get(sender, (number, number))[0], number)
            self._project(bounds)
            summarise(bounds)
            self._seen.update(number for number, _ in new)
            self._advance(cursor, [number for number, _ in new])
        return len(numbers) == STEP

    def is_behind(self, moment: float) -> bool:
        """Whether events from before a moment (seconds since 1970) may not be projected yet: the console was down, or it is rebuilding."""
        return _has_events() and RasaEvent.objects.filter(id__gt=_cursor().event, timestamp__lt=moment).exists()

    def _new_numbers(self, cursor: Cursor) -> list[int]:
        """The numbers of the next events that are not projected yet."""
        if cursor.event < self._at:  # the projection is made again
            self._seen.clear()
        self._at = cursor.event
        after = RasaEvent.objects.filter(id__gt=cursor.event).order_by("id").values_list("id", flat=True)
        return [number for number in after[: STEP + len(self._seen)] if number not in self._seen][:STEP]

    def _advance(self, cursor: Cursor, new: Sequence[int]) -> None:
        """Move the cursor: on SQLite past all that was read, else past what is settled."""
        settled = cursor.event
        if connection.vendor == "sqlite":
            settled = new[-1] if new else settled
        else:
            # The first event that may still be overtaken, or is not projected yet, holds the cursor.
            after = RasaEvent.objects.filter(id__gt=settled, timestamp__lt=time.time() - _SETTLED_AFTER).order_by("id").values_list("id", flat=True)
            for number in after[: 10 * STEP]:
                if number not in self._seen:
                    break
                settled = number
        if settled != cursor.event:
            cursor.event = settled
            cursor.save()
            self._seen = {number for number in self._seen if number > settled}

    def _read_cases(self) -> None:
        """Have search find what was written in cases since the last time: it stands among the words of the turn before it."""
        if not _unread(_cursor()).exists():
            return
        with transaction.atomic():
            cursor = _locked_cursor()
            if cursor.event == _EMPTYING:
                return
            new = list(_unread(cursor).values_list("id", "at", "case__sender")[:STEP])
            first: dict[str, float] = {}
            for _, at, sender in new:
                first[sender] = min(at, first.get(sender, at))
            bounds: dict[str, tuple[int, int | None]] = {}
            for sender, at in first.items():
                before = Turn.objects.filter(conversation_id=sender, at__lte=_moment(at)).order_by("-id").values_list("id", flat=True).first()
                if before is not None:
                    bounds[sender] = before + 1, None
            self._project(bounds)
            # A line may appear late, too; reading one again changes nothing.
            settled = [number for number, at, _ in new if connection.vendor == "sqlite" or at < time.time() - _SETTLED_AFTER]
            if settled:
                cursor.line = settled[-1]
                cursor.save()

    def _project(self, bounds: Mapping[str, tuple[int, int | None]]) -> None:
        """Write the turns of each sender that the events from a first to a last one belong to, and the turn that was under way then."""
        found = {sender: turns for sender, (first, last) in bounds.items() if (turns := self._turns(sender, first, last))}
        lines = _lines(found)
        rows = [_row(sender, turn, lines[turn.id]) for sender, turns in found.items() for turn in turns]
        fields = [field.name for field in Turn._meta.fields if field.name not in ("id", "rating", "reason")]
        Turn.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)
        for sender, turns in found.items():
            for turn in turns:
                if turn.fault:
                    logger.error("turn %d could not be read: %s", turn.id, turn.fault)
                if turn.rating:
                    _rate(sender, turn.id, *turn.rating)

    def _turns(self, sender: str, first: int, last: int | None) -> list[transcript.Turn]:
        """One sender's turns, made of the events from the last turn before `first` on."""
        before = list(Turn.objects.filter(conversation_id=sender, id__lt=first).order_by("-id")[: transcript.BUTTONS_FROM])
        stored = RasaEvent.objects.select_for_update().filter(sender_id=sender).order_by("id")
        if len(before) > 1:  # else from the beginning: slots may be set before the first turn
            stored = stored.filter(id__gte=before[0].id)
        if last is not None:
            stored = stored.filter(id__lte=last)
        return transcript.fold([_read(event) for event in stored if event.type_name in transcript.EVENT_TYPES], _state(before[1:]), self._knowledge)


def _has_events() -> bool:
    """Whether Rasa has made its table: it does when it starts for the first time."""
    return RasaEvent._meta.db_table in connection.introspection.table_names()


def _cursor() -> Cursor:
    return Cursor.objects.filter(name=_NAME).first() or Cursor(name=_NAME)


def _locked_cursor() -> Cursor:
    """The cursor, which nobody else moves until the transaction ends."""
    Cursor.objects.get_or_create(name=_NAME)
    locked: Cursor = Cursor.objects.select_for_update().get(name=_NAME)
    return locked


def _unread(cursor: Cursor) -> QuerySet[CaseMessage]:
    return CaseMessage.objects.filter(id__gt=cursor.line).order_by("id")


def _delete_slice() -> bool:
    """Delete some of the projection.

    Returns:
        Whether there was any of it left.
    """
    for rows in (Turn, Conversation):
        keys = list(rows.objects.order_by("pk").values_list("pk", flat=True)[:SLICE])
        if keys:
            rows.objects.filter(pk__lte=keys[-1]).delete()
            return True
    return False


def _read(event: RasaEvent) -> Event:
    """An event with its data, without the one character that PostgreSQL cannot hold; its kind and its time are those of the row."""
    known = {"event": event.type_name, "timestamp": event.timestamp}
    try:
        data = json.loads(event.data.replace("\\u0000", "\\ufffd"))
    except ValueError:
        data = None
    return Event(event.id, {**data, **known}) if isinstance(data, dict) else Event(event.id, known, readable=False)


def _lines(found: Mapping[str, Sequence[transcript.Turn]]) -> dict[int, list[str]]:
    """What was written in cases after each turn and before the sender's next one, by the turn's number."""
    texts: dict[int, list[str]] = {turn.id: [] for turns in found.values() for turn in turns}
    if not found:
        return texts
    earliest = min(turns[0].at for turns in found.values())
    written = CaseMessage.objects.filter(case__sender__in=found, at__gte=earliest).order_by("id")
    for sender, at, text in written.values_list("case__sender", "at", "text"):
        begins = [turn.at for turn in found[sender]]
        if at >= begins[0]:
            texts[found[sender][bisect_right(begins, at) - 1].id].append(text)
    return texts


def _moment(at: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, dt.timezone.utc)


def _state(before: Sequence[Turn]) -> State:
    """What the turns before, latest first, leave behind."""
    buttons = {payload: title for turn in reversed(before) for said in turn.said for title, payload in said["buttons"]}
    return State(before[0].slots if before else {}, buttons)


def _row(sender: str, turn: transcript.Turn, lines: Sequence[str]) -> Turn:
    at = _moment(turn.at)
    searched = [turn.typed, *lines]
    return Turn(
        id=turn.id,
        conversation_id=sender,
        at=at,
        day=at.astimezone(TIME_ZONE).date(),
        channel=turn.channel,
        kind=turn.kind.value,
        text=turn.text,
        variety=turn.variety,
        language=turn.language,
        intent=turn.intent,
        confidence=turn.confidence,
        certainty=turn.certainty,
        entities=[list(entity) for entity in turn.entities],
        outcome=turn.outcome.value,
        record=turn.record,
        second=turn.second,
        probability=turn.probability,
        candidates=[list(candidate) for candidate in turn.candidates],
        area=turn.area,
        place=turn.place,
        region=transcript.region_of(turn.place),
        campaign=turn.campaign,
        said=[{"text": said.text, "buttons": [list(button) for button in said.buttons], "document": said.document} for said in turn.said],
        latency=turn.latency,
        inbox_id=turn.inbox_id,
        slots=dict(turn.slots),
        words=" ".join(word for text in searched for word in tokens(text)),
        skeletons=" ".join(filter(None, map(skeleton, searched))),
    )


def _rate(sender: str, before: int, record: str, rating: str, reason: str) -> None:
    """Write a rating to the turn that it is about: the last one that gave this record."""
    rated = Turn.objects.filter(conversation_id=sender, id__lt=before, record=record).exclude(outcome=Outcome.RATED.value).order_by("-id").first()
    if rated is not None:
        Turn.objects.filter(id=rated.id).update(rating=rating, reason=reason or rated.reason)


def summarise(senders: Iterable[str]) -> None:
    """Bring the rows of conversations up to date with their turns."""
    wanted = list(senders)
    down, refused, handed = Q(rating="down"), Q(outcome=Outcome.REFUSED.value), Q(outcome=Outcome.HANDOFF.value)
    counted = Turn.objects.filter(conversation_id__in=wanted).order_by().values("conversation_id")
    sums = counted.annotate(
        first=Min("at"), last=Max("at"), latest=Max("id"), count=Count("id"), down=Count("id", down), refused=Count("id", refused), handed=Count("id", handed)
    )
    rows = list(sums)
    last = Turn.objects.in_bulk([row["latest"] for row in rows])
    varieties = _latest_values(wanted, "variety")
    conversations = [_conversation(row, last[row["latest"]], varieties.get(row["conversation_id"], "")) for row in rows]
    fields = [field.name for field in Conversation._meta.fields if field.name != "sender"]
    Conversation.objects.bulk_create(conversations, update_conflicts=True, unique_fields=["sender"], update_fields=fields)


def _latest_values(senders: Sequence[str], field: str) -> dict[str, str]:
    """The last value of a field that is not empty, by sender."""
    latest = Turn.objects.filter(conversation_id__in=senders).exclude(**{field: ""}).order_by().values("conversation_id").annotate(latest=Max("id"))
    return {turn.conversation_id: getattr(turn, field) for turn in Turn.objects.filter(id__in=[row["latest"] for row in latest])}


def _conversation(row: dict[str, Any], last: Turn, variety: str) -> Conversation:
    return Conversation(
        sender=row["conversation_id"],
        channel=last.channel,
        first_at=row["first"],
        last_at=row["last"],
        turns=row["count"],
        refused=row["refused"],
        thumbs_down=row["down"],
        handed_over=row["handed"],
        last_text=last.text,
        variety=variety,
        language=last.language,
        region=last.region,
        campaign=last.campaign,
    )


def pause() -> float:
    """How long to wait between two steps, in seconds, so that the bot can write."""
    return _PAUSE if connection.vendor == "sqlite" else 0.0


def rebuild() -> int:
    """Drop the projection and make it again from the events; a console that runs meanwhile takes its share of the work.

    Returns:
        How many events there are.
    """
    with transaction.atomic():
        cursor = _locked_cursor()
        cursor.event = _EMPTYING
        cursor.save()
    Projection().catch_up(pause())
    return RasaEvent.objects.count() if _has_events() else 0
