"""From Rasa's events to turns: what somebody said, what was understood, what was answered. Pure: plain data in, plain data out.

A turn begins with an event `user` and ends before the next one. Its number is that event's number in Rasa's table, so that reading the
events again gives the same turns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from bot.delivery import events
from bot.knowledge.ranking import probabilities, ranking_from_json
from bot.knowledge.store import Knowledge
from bot.language.conversation import conversation_language
from bot.places.regions import places

#: The types of events that turns are made of.
EVENT_TYPES = ("user", "bot", "action", "slot", "active_loop")


class Kind(str, Enum):
    """How something was said."""

    TEXT = "text"  # typed
    BUTTON = "button"  # pressed, or a command
    EVENT = "event"  # said by the channel in the person's stead: a voice message, too long a text


class Outcome(str, Enum):
    """What became of it."""

    ANSWERED = "answered"
    OFFERED = "offered"
    REFUSED = "refused"
    SHOWN = "shown"  # a record, by its button
    OFFICE = "office"
    JOURNEY = "journey"
    HANDOFF = "handoff"  # a case was opened
    STAFF = "staff"  # kept for staff while the bot is silent
    RATED = "rated"
    TALK = "talk"  # small talk, menus, languages
    FAILED = "failed"
    SILENT = "silent"


@dataclass(frozen=True)
class Event:
    """One of Rasa's events.

    Attributes:
        id: its number.
        data: its data as Rasa stores them.
        readable: whether they could be read; where not, only its kind and its time are known.
    """

    id: int
    data: Mapping[str, Any]
    readable: bool = True


@dataclass(frozen=True)
class Said:
    """One message of the bot's: its text, the titles of its buttons with their payloads, the name of a document."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    document: str = ""


@dataclass(frozen=True)
class State:
    """What a turn needs to know of those before it: the slots that matter, the buttons that were shown."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    buttons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """A turn.

    Attributes:
        id: the number of its first event.
        at: seconds since 1970.
        channel: telegram, whatsapp, web or rest.
        kind: how it was said.
        text: what was typed, masked; the title of a button; what the channel said.
        typed: what was typed, also while Dalil was switched off; empty for everything else.
        variety: what it is written in; empty for what was not typed.
        language: of the reply.
        intent, confidence: what was wanted, how sure that is.
        entities: name and value of what was recognised.
        outcome: what became of it.
        record: the record answered with, or the first offered.
        second: the record announced as the answer to a second question.
        probability: that the likeliest record is meant; None where none was looked for.
        candidates: records with their probability by the text alone, best first.
        area: the area of the subject; empty where there is none.
        place: the place of the conversation so far; empty where none is known.
        said: the bot's messages.
        latency: seconds from arrival to the last message; None without one.
        inbox_id: the number of the message in the inbox, where the answer went over the outbox.
        campaign: the code of the link by which the person had come last; empty where there is none.
        rating: (record, up or down, reason) where the turn rates an answer.
        slots: the slots that later turns need.
        fault: why the turn could not be read; empty where it could.
    """

    id: int
    at: float
    channel: str
    kind: Kind
    text: str
    typed: str = ""
    variety: str = ""
    language: str = ""
    intent: str = ""
    confidence: float = 0.0
    entities: tuple[tuple[str, str], ...] = ()
    outcome: Outcome = Outcome.SILENT
    record: str = ""
    second: str = ""
    probability: float | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    area: str = ""
    place: str = ""
    said: tuple[Said, ...] = ()
    latency: float | None = None
    inbox_id: int | None = None
    campaign: str = ""
    rating: tuple[str, str, str] | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""

    @property
    def certainty(self) -> float:
        """How sure the bot was: that a record is meant, where one was looked for, else of the intent."""
        return self.confidence if self.probability is None else self.probability


#: Slots that matter beyond their turn.
_KEPT = ("language", "language_guess", "chosen_language", "place", "journey", "last_record")
_LANGUAGE_ENTITIES = ("language", "language_guess")
_CHANNEL_SAYS = frozenset(
    name.removeprefix("/")
    for name in (events.VOICE, events.PICTURE, events.NOT_TEXT, events.SHARED_CONTACT, events.GROUP_CHAT, events.OPT_IN, events.OPT_OUT)
    + (events.FAILED, events.FIRST_CONTACT, events.CASE_NOTED, events.SLOW_DOWN, events.TOO_LONG, events.EXPIRED_BUTTON)
    + (events.SWITCHED_OFF, events.NOTICE)
)
#: What the bot says of itself after an answer belongs to that turn: nobody asked for it.
_SAID_BESIDES = (events.FIRST_CONTACT, events.NOTICE)
#: Buttons shown so many turns ago are still told by their titles.
BUTTONS_FROM = 6
_AREA_OF_JOURNEY = {"form": "creation", "checklist": "creation", "financing": "financing", "training": "training"}
_DECIDED = {"answer": Outcome.ANSWERED, "offer": Outcome.OFFERED, "menu": Outcome.OFFERED, "refuse": Outcome.REFUSED}
_PAYLOAD = re.compile(r"^/(\w+)")
#: What data that nobody foresaw raise.
_UNFORESEEN = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


def fold(stored: Iterable[Event], state: State, knowledge: Knowledge) -> list[Turn]:
    """The turns that a sender's events make. One that cannot be read is told as failed: its neighbours are none the worse.

    Args:
        stored: the events in order; those before the first event `user` only change the state.
        state: what is known from the turns before.
        knowledge: where records have their subjects.
    """
    turns: list[Turn] = []
    slots, buttons = dict(state.slots), dict(state.buttons)
    group: list[Event] = []

    def read() -> None:
        if not all(event.readable for event in group):
            raise ValueError
        if turns and str(group[0].data.get("text") or "").startswith(_SAID_BESIDES):
            turns[-1] = replace(turns[-1], said=turns[-1].said + _all_said(group))
        elif turn := _turn(group, slots, buttons, knowledge):
            turns.append(turn)
            buttons.update({payload: title for said in turn.said for title, payload in said.buttons})

    def close() -> None:
        if group:
            try:
                read()
            except _UNFORESEEN as error:
                turns.append(_unreadable(group[0], slots, error))
        group.clear()

    for event in stored:
        if event.data.get("event") == "user":
            close()
        if group or event.data.get("event") == "user":
            group.append(event)
        if event.data.get("event") == "slot" and event.data.get("name") in _KEPT:
            slots[event.data["name"]] = event.data.get("value")
    close()
    return turns


def _turn(group: Sequence[Event], slots: Mapping[str, Any], buttons: Mapping[str, str], knowledge: Knowledge) -> Turn | None:
    first = group[0].data
    text = str(first.get("text") or "")
    if text.startswith(events.SESSION_START):
        return None
    parsed = first.get("parse_data") or {}
    intent = parsed.get("intent") or {}
    metadata = first.get("metadata") or {}
    named = [(str(entity["entity"]), _plain(entity.get("value"))) for entity in parsed.get("entities", [])]
    kind = _kind(text)
    typed = _typed(text, kind, metadata)
    said = _all_said(group)
    turn = Turn(
        id=group[0].id,
        at=float(first.get("timestamp") or 0.0),
        channel=str(first.get("input_channel") or ""),
        kind=kind,
        text=typed or buttons.get(text, text.split("{")[0]),
        typed=typed,
        variety=str((parsed.get("variety") or {}).get("label", "")) if kind is Kind.TEXT else "",
        language=conversation_language(slots),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        entities=tuple((name, value) for name, value in named if name not in _LANGUAGE_ENTITIES),
        place=str(slots.get("place") or ""),
        said=said,
        latency=_latency(group, metadata),
        inbox_id=None if metadata.get("inbox") is None else int(metadata["inbox"]),
        campaign=str(metadata.get("campaign") or ""),
        rating=_rating(str(intent.get("name") or ""), dict(named), slots),
        slots=_kept(slots),
    )
    ranking = parsed.get("knowledge")
    if ranking and kind is Kind.TEXT:
        ranked = probabilities(ranking_from_json(ranking))
        turn = replace(turn, candidates=tuple((record, round(chance, 3)) for record, chance in ranked[:5]))
    return _decided(turn, group, dict(named), knowledge)


def _unreadable(first: Event, slots: Mapping[str, Any], error: Exception) -> Turn:
    """What is left of a turn that cannot be read. It counts as said by the channel: nobody can judge it."""
    text, channel = first.data.get("text"), first.data.get("input_channel")
    return Turn(
        id=first.id,
        at=float(first.data["timestamp"]),
        channel=channel if isinstance(channel, str) else "",
        kind=Kind.EVENT,
        text=text if isinstance(text, str) else "",
        language=conversation_language(slots),
        outcome=Outcome.FAILED,
        place=str(slots.get("place") or ""),
        slots=_kept(slots),
        fault=error.__class__.__name__,
    )


def _kept(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: slots[name] for name in _KEPT if slots.get(name) is not None}


def _kind(text: str) -> Kind:
    payload = _PAYLOAD.match(text)
    if not payload:
        return Kind.TEXT
    return Kind.EVENT if payload.group(1) in _CHANNEL_SAYS else Kind.BUTTON


def _typed(text: str, kind: Kind, metadata: Mapping[str, Any]) -> str:
    """What was typed, also where the bot was given something else to answer; empty where nothing was."""
    typed = text if kind is Kind.TEXT else metadata.get("typed")
    return typed if isinstance(typed, str) else ""


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _all_said(group: Sequence[Event]) -> tuple[Said, ...]:
    return tuple(_said(event.data) for event in group if event.data.get("event") == "bot")


def _said(data: Mapping[str, Any]) -> Said:
    extra = data.get("data") or {}
    custom = extra.get("custom") or {}
    pressed = tuple((str(button.get("title", "")), str(button.get("payload", ""))) for button in extra.get("buttons") or [])
    document = custom.get("document") if isinstance(custom, dict) else None
    text = data.get("text") or (custom.get("text", "") if isinstance(custom, dict) else "")
    return Said(str(text or ""), pressed, str(document.get("name", "")) if isinstance(document, dict) else "")


def _latency(group: Sequence[Event], metadata: Mapping[str, Any]) -> float | None:
    last = max((float(event.data.get("timestamp") or 0.0) for event in group if event.data.get("event") == "bot"), default=None)
    began = float(metadata.get("received_at") or group[0].data.get("timestamp") or 0.0)
    return None if last is None else max(0.0, last - began)


def _rating(intent: str, named: Mapping[str, str], slots: Mapping[str, Any]) -> tuple[str, str, str] | None:
    record = named.get("record") or slots.get("last_record")
    rating = named.get("rating") or {"useful": "up", "not_useful": "down"}.get(intent)
    return (str(record), rating, named.get("reason", "")) if record and rating in ("up", "down") else None


def _decided(turn: Turn, group: Sequence[Event], named: Mapping[str, str], knowledge: Knowledge) -> Turn:
    """The turn with what became of it, told by the actions that ran."""
    actions = [str(event.data.get("name") or "") for event in group if event.data.get("event") == "action"]
    decisions = [event.data.get("value") or {} for event in group if event.data.get("event") == "slot" and event.data.get("name") == "decision"]
    decision = next((value for value in reversed(decisions) if isinstance(value, dict) and value.get("outcome")), {})
    if "utter_failed" in actions:
        return replace(turn, outcome=Outcome.FAILED)
    if "action_open_case" in actions:
        return replace(turn, outcome=Outcome.HANDOFF)
    if turn.intent == events.CASE_NOTED.removeprefix("/"):
        return replace(turn, outcome=Outcome.STAFF)
    if "action_answer" in actions and decision.get("outcome") in _DECIDED:
        return _answered(turn, decision, named, knowledge)
    if "action_office" in actions:
        return replace(turn, outcome=Outcome.OFFICE, area="offices")
    if "action_show" in actions and named.get("record"):
        return replace(turn, outcome=Outcome.SHOWN, record=named["record"], area=area_of(named["record"], knowledge))
    if any(name.endswith("_form") and name != "case_form" or name in _JOURNEYS for name in actions):
        return replace(turn, outcome=Outcome.JOURNEY, area=_AREA_OF_JOURNEY.get(str(turn.slots.get("journey") or ""), ""))
    if "action_rate" in actions:
        return replace(turn, outcome=Outcome.RATED, record=str(named.get("record") or turn.slots.get("last_record") or ""))
    return replace(turn, rating=None, outcome=Outcome.TALK if turn.said else Outcome.SILENT)


_JOURNEYS = ("action_advice", "action_checklist", "action_offers", "action_change", "action_ask")


def _answered(turn: Turn, decision: Mapping[str, Any], named: Mapping[str, str], knowledge: Knowledge) -> Turn:
    records = [str(record) for record in decision.get("records", ())]
    subject = named.get("subject", "")
    area = area_of(records[0], knowledge) if records else (knowledge.subjects[subject].area if subject in knowledge.subjects else "")
    return replace(
        turn,
        outcome=_DECIDED[decision["outcome"]],
        record=records[0] if records else "",
        second=str(decision.get("second") or ""),
        probability=float(decision.get("probability") or 0.0),
        area=area,
    )


def area_of(record: str, knowledge: Knowledge) -> str:
    """The area of a record's subject; empty for a record that there is no more."""
    known = knowledge.records.get(record)
    return knowledge.subjects[known.subject].area if known else ""


def region_of(place: str) -> str:
    """The code of a place's region; empty where it is unknown."""
    known = places().get(place)
    return known.region if known else ""
