"""Changes to Rasa's behaviour: as few as possible, each with its reason, each tested against upstream's results.

Rasa 3.6.21 checks the result of every custom action with `jsonschema.validate`, which first checks Rasa's own schema anew: about 14 ms a
turn (measured), for a schema that never changes. Here the schema is compiled once; results are checked as before.

For every stored event that is read again it looks through all event classes for the one of that name. Here the class found is remembered.

A new session repeats every slot event of the earlier one, so sessions grow without end. Here it sets each slot once, to the value it has.

A new session forgets the form that is under way. Here it goes on, unless the person was silent for longer than a day.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionSessionStart, RemoteAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Check the result of an action; upstream's contract.

    Raises:
        jsonschema.ValidationError: when it does not have the form that Rasa expects.
    """
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += ". Failed to validate Action server response from API, make sure your response from the Action endpoint is valid."
        raise error
    return True


def _slot_set_events_from_tracker(tracker: DialogueStateTracker) -> list[SlotSet]:
    """The slots that a new session begins with: the values they have."""
    return [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.has_been_set]


_start_session = ActionSessionStart.run
#: After so many seconds of silence a path of questions is not gone on with by itself; "where was I?" takes it up.
_FORM_HOLDS = 24 * 3600.0


async def _run_session_start(self: ActionSessionStart, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Any) -> list[Event]:
    """The events a session begins with, the form that is under way among them."""
    events: list[Event] = await _start_session(self, output_channel, nlg, tracker, domain)
    latest = next((event.timestamp for event in reversed(tracker.events) if isinstance(event, BotUttered)), 0.0)
    if tracker.active_loop_name and time.time() - latest < _FORM_HOLDS:
        events.insert(-1, ActiveLoop(tracker.active_loop_name))
    elif tracker.get_slot(REQUESTED_SLOT) is not None:
        events.insert(-1, SlotSet(REQUESTED_SLOT, None))
    return events


def apply() -> None:
    """Put the changes in place; doing it twice does no harm."""
    RemoteAction._validate_action_result = _validate_action_result
    ActionSessionStart.run = _run_session_start
    ActionSessionStart._slot_set_events_from_tracker = staticmethod(_slot_set_events_from_tracker)
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=128)(Event.resolve_by_type))
