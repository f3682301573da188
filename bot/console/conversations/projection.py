"""Keeps the projection in step with Rasa's events.

Events are read from a cursor on, in their order; what is read twice gives the same rows, so that a crash costs nothing but the time to read
again. On PostgreSQL a number may appear after a higher one, when its transaction ends later: the cursor stays a minute behind, and the
events after it are looked through each time for those not yet seen. SQLite has one writer, and numbers appear in order.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q

from bot.console.conversations import turns
from bot.console.conversations.models import Contact, Conversation, Cursor, RasaEvent, Turn
from bot.console.conversations.turns import Event, Kind, Outcome, State
from bot.hours import TIME_ZONE
from bot.knowledge.store import Knowledge, load
from bot.language.normal import tokens
from bot.language.skeleton import skeleton

logger = logging.getLogger(__name__)

#: How many events are read in one step; a step is one transaction, short enough for the bot not to wait.
STEP = 1000
#: A transaction of the bot's is over after so many seconds.
_SETTLED_AFTER = 60.0
_NAME = "events"


class Projection:
    """Reads new events and writes turns.

    Args:
        knowledge: where records have their subjects.
    """

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self._knowledge = knowledge or load()
        self._seen: set[int] = set()

    def catch_up(self) -> int:
        """Project every event that is new.

        Returns:
            How many there were.
        """
        done = 0
        while count := self.step():
            done += count
        return done

    def step(self) -> int:
        """Project the next events, at most `STEP`, in one transaction.

        Returns:
            How many there were; 0 when there is nothing new.
        """
        if RasaEvent._meta.db_table not in connection.introspection.table_names():
            return 0
        if not self._new_numbers(self._cursor()):
            return 0
        # The events are locked: what is erased meanwhile is erased here too, by whoever waits for this transaction.
        with transaction.atomic():
            cursor = self._cursor()
            new = list(RasaEvent.objects.select_for_update().filter(id__in=self._new_numbers(cursor)).order_by("id"))
            by_sender: dict[str, list[RasaEvent]] = defaultdict(list)
            for event in new:
                by_sender[event.sender_id].append(event)
            for sender, events in by_sender.items():
                self._project(sender, events)
            summarise(by_sender)
            self._seen.update(event.id for event in new)
            self._advance(cursor, new)
        return len(new)

    def _cursor(self) -> int:
        found = Cursor.objects.filter(name=_NAME).values_list("event", flat=True).first()
        return found or 0

    def _new_numbers(self, cursor: int) -> list[int]:
        """The numbers of the next events that are not projected yet."""
        after = RasaEvent.objects.filter(id__gt=cursor).order_by("id").values_list("id", flat=True)
        return [number for number in after[: STEP + len(self._seen)] if number not in self._seen][:STEP]

    def _advance(self, cursor: int, new: Sequence[RasaEvent]) -> None:
        """Move the cursor: on SQLite past all that was read, else past what is settled."""
        if connection.vendor == "sqlite":
            settled = new[-1].id if new else cursor
        else:
            # The first event that may still be overtaken, or is not projected yet, holds the cursor.
            after = RasaEvent.objects.filter(id__gt=cursor, timestamp__lt=time.time() - _SETTLED_AFTER).order_by("id").values_list("id", flat=True)
            settled = cursor
            for number in after[: 10 * STEP]:
                if number not in self._seen:
                    break
                settled = number
        if settled != cursor:
            Cursor.objects.update_or_create(name=_NAME, defaults={"event": settled})
            self._seen = {number for number in self._seen if number > settled}

    def _project(self, sender: str, new: list[RasaEvent]) -> None:
        """Write the turns of one sender that the new events belong to."""
        before = list(Turn.objects.filter(conversation_id=sender, id__lt=new[0].id).order_by("-id")[: turns.BUTTONS_FROM])
        stored = list(RasaEvent.objects.select_for_update().filter(sender_id=sender, id__gte=before[0].id, id__lt=new[0].id).order_by("id")) if before else []
        stored += new
        wanted = [event for event in stored if event.type_name in turns.EVENT_TYPES]
        try:
            found = turns.fold([Event(event.id, _data(event)) for event in wanted], _state(before[1:]), self._knowledge)
        except (ValueError, TypeError, KeyError, AttributeError) as error:  # one event that nobody foresaw must not hold up all others
            logger.error("events %d to %d could not be read: %s", new[0].id, new[-1].id, error.__class__.__name__)
            return
        if not found:
            return
        contact = Contact.objects.filter(sender=sender).first()
        rows = [_row(sender, turn, (contact.start_code if contact else None) or "") for turn in found]
        fields = [field.name for field in Turn._meta.fields if field.name not in ("id", "rating", "reason")]
        Turn.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)
        for turn in found:
            if turn.rating:
                _rate(sender, turn.id, *turn.rating)


def _data(event: RasaEvent) -> Any:
    """An event's data, without the one character that PostgreSQL cannot hold."""
    return json.loads(event.data.replace("\\u0000", "\\ufffd"))


def _state(before: Sequence[Turn]) -> State:
    """What the turns before, latest first, leave behind."""
    buttons = {payload: title for turn in reversed(before) for said in turn.said for title, payload in said["buttons"]}
    return State(before[0].slots if before else {}, buttons)


def _row(sender: str, turn: turns.Turn, campaign: str) -> Turn:
    at = dt.datetime.fromtimestamp(turn.at, dt.timezone.utc)
    typed = turn.kind is Kind.TEXT
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
        region=turns.region_of(turn.place),
        campaign=campaign,
        said=[{"text": said.text, "buttons": [list(button) for button in said.buttons], "document": said.document} for said in turn.said],
        latency=turn.latency,
        inbox_id=turn.inbox_id,
        slots=dict(turn.slots),
        words=" ".join(tokens(turn.text)) if typed else "",
        skeletons=skeleton(turn.text) if typed else "",
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


def rebuild() -> int:
    """Drop the projection and make it again from the events.

    Returns:
        How many events there are.
    """
    with transaction.atomic():
        Turn.objects.all().delete()
        Conversation.objects.all().delete()
        Cursor.objects.filter(name=_NAME).delete()
    return Projection().catch_up()
