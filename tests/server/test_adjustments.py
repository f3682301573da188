"""Our changes to Rasa give upstream's results."""

import warnings
from typing import Any

import pytest
from jsonschema import ValidationError, validate

from bot import rasa_adjustments
from bot.paths import ROOT

pytestmark = pytest.mark.model

GOOD: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "topic", "value": "x", "timestamp": None}], "responses": [{"text": "a"}]},
    {"events": [{"event": "followup", "name": "action_listen"}]},
    {},
]
BAD: list[Any] = [[], "x", None, {"events": {}}, {"events": [{"event": 5}]}, {"responses": "x"}, {"responses": [5]}, {"events": [5]}]


@pytest.mark.parametrize("result", [*GOOD, *BAD])
def test_action_results_are_judged_as_upstream_judges_them(result: Any) -> None:
    from rasa.core.actions.action import RemoteAction

    rasa_adjustments.apply()
    action = RemoteAction("action_x", None)
    try:
        validate(result, RemoteAction.action_response_format_spec())
    except ValidationError:
        with pytest.raises(ValidationError):
            action._validate_action_result(result)
    else:
        assert action._validate_action_result(result)


def test_event_classes_are_found_as_upstream_finds_them() -> None:
    from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

    rasa_adjustments.apply()
    rasa_adjustments.apply()
    for kind in (ActionExecuted, SlotSet, UserUttered):
        assert Event.resolve_by_type(kind.type_name) is kind
    assert Event.resolve_by_type("topic") is None
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("no such event")


async def test_a_new_session_begins_with_the_slots_that_upstream_gives_it_each_set_once() -> None:
    from rasa.core.actions.action import ActionSessionStart
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import SessionStarted, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    upstream = [("language_guess", "fr"), ("topic", "x"), ("language_guess", "ary"), ("topic", "cooperative"), ("place", "a"), ("place", None)] * 20
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # upstream's own, about domains of its earlier releases
        domain = Domain.load(str(ROOT / "domain"))
    events = [SessionStarted(), *(SlotSet(name, value) for name, value in upstream), UserUttered("x")]
    tracker = DialogueStateTracker.from_events("somebody", events, domain.slots)
    rasa_adjustments.apply()
    begun = await ActionSessionStart().run(None, None, tracker, domain)
    slots = [event for event in begun if isinstance(event, SlotSet)]
    assert len(slots) == len({event.key for event in slots})
    repeated = DialogueStateTracker.from_events("somebody", [SessionStarted(), *(SlotSet(name, value) for name, value in upstream)], domain.slots)
    carried = DialogueStateTracker.from_events("somebody", begun, domain.slots)
    assert carried.current_slot_values() == repeated.current_slot_values() == tracker.current_slot_values()
