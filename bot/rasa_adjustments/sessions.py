"""New sessions: they do not grow without end, and they do not forget a form that is under way.

Upstream repeats every slot event of the earlier session; here each slot is set once, to the value it has. Upstream forgets the form; here
it goes on, unless the person was silent for longer than a day.
"""

from __future__ import annotations

import time
from typing import Any

from rasa.core.actions.action import ActionSessionStart
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


def slot_set_events_from_tracker(tracker: DialogueStateTracker) -> list[SlotSet]:
    """The slots that a new session begins with: the values they have."""
    return [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.has_been_set]


_start_session = ActionSessionStart.run
#: After so many seconds of silence a path of questions is not gone on with by itself; "where was I?" takes it up.
_FORM_HOLDS = 24 * 3600.0


async def run_session_start(self: ActionSessionStart, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Any) -> list[Event]:
    """The events a session begins with, the form that is under way among them."""
    events: list[Event] = await _start_session(self, output_channel, nlg, tracker, domain)
    latest = next((event.timestamp for event in reversed(tracker.events) if isinstance(event, BotUttered)), 0.0)
    if tracker.active_loop_name and time.time() - latest < _FORM_HOLDS:
        events.insert(-1, ActiveLoop(tracker.active_loop_name))
    elif tracker.get_slot(REQUESTED_SLOT) is not None:
        events.insert(-1, SlotSet(REQUESTED_SLOT, None))
    return events
