"""Our changes to Rasa give upstream's results."""

from typing import Any

import pytest
from jsonschema import ValidationError, validate

from bot import rasa_adjustments

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
