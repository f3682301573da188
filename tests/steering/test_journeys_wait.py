"""A word to everybody leaves a journey where it is: nothing is asked again, and the next answer is read. Rasa's own forms, without a model."""

import json
import warnings
from typing import Any

import pytest
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

from bot.assistant import LocalActionEndpoint
from bot.channels.reply import Collector
from bot.paths import DATA, ROOT

ENDPOINT = LocalActionEndpoint()


@pytest.fixture(scope="module")
def domain() -> Domain:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Domain.load(str(ROOT / "domain"))


def _under_way(domain: Domain, form: str, question: str) -> DialogueStateTracker:
    """Somebody is being asked a question."""
    tracker = DialogueStateTracker("web:somebody", domain.slots)
    asked = [ActionExecuted("action_listen"), UserUttered("/start"), ActionExecuted(form), ActiveLoop(form), SlotSet("requested_slot", question)]
    for event in [*asked, BotUttered("?"), ActionExecuted("action_listen")]:
        tracker.update(event, domain)
    return tracker


def _hears(tracker: DialogueStateTracker, domain: Domain, text: str, intent: str, *entities: tuple[str, str]) -> None:
    parsed = {"intent": {"name": intent, "confidence": 1.0}, "entities": [{"entity": name, "value": value} for name, value in entities], "text": text}
    tracker.update(UserUttered(text, parsed["intent"], parsed["entities"], parsed), domain)


async def _runs(tracker: DialogueStateTracker, domain: Domain, action: Action) -> list[Event]:
    """Run an action as Rasa's processor does; what it did is in the tracker."""
    events = await action.run(Collector(), TemplatedNaturalLanguageGenerator(domain.responses), tracker, domain)
    rejected = any(isinstance(event, ActionExecutionRejected) for event in events)
    for event in events if rejected else [ActionExecuted(action.name()), *events]:
        tracker.update(event, domain)
    return events


@pytest.mark.parametrize(
    ("form", "question", "answer", "value"),
    [
        ("choose_form_form", "people", "/answer", 7),
        ("checklist_form", "sector", "/answer", "crafts"),
        ("financing_form", "years", "/answer", 2),
        ("training_form", "teaching", "/answer", "fr"),
        ("case_form", "wish", "je veux un conseil", "je veux un conseil"),
    ],
)
@pytest.mark.parametrize("word", ["switched_off", "notice"])
async def test_a_journey_goes_on_where_it_was(domain: Domain, form: str, question: str, answer: str, value: Any, word: str) -> None:
    tracker = _under_way(domain, form, question)
    for _ in range(2):  # more than one message during a pause
        _hears(tracker, domain, f"/{word}", word)
        assert RulePolicy._find_action_from_loop_happy_path(tracker)[0] == form
        await _runs(tracker, domain, FormAction(form, ENDPOINT))
        assert tracker.is_active_loop_rejected, "the rules answer"
        said = await _runs(tracker, domain, RemoteAction("action_stay" if word == "switched_off" else "action_notice", ENDPOINT))
        assert not any(isinstance(event, BotUttered) for event in said)
        assert tracker.followup_action == "action_listen", "nothing is asked again"
        tracker.update(ActionExecuted("action_listen"), domain)
    button = {"field": question, "value": value}
    _hears(tracker, domain, answer if answer != "/answer" else f"/answer{json.dumps(button)}", answer.strip("/").split()[0], *(button.items()))
    assert RulePolicy._find_action_from_loop_happy_path(tracker)[0] == form, "the journey reads the next message"
    await _runs(tracker, domain, FormAction(form, ENDPOINT))
    assert tracker.get_slot(question) == value


def test_without_a_journey_there_is_nothing_to_take_up(domain: Domain) -> None:
    from rasa_sdk import Tracker

    from actions.action_notice import stay

    tracker = Tracker("web:somebody", {}, None, [], False, None, {}, "action_listen")
    assert [event["event"] for event in stay(tracker)] == ["followup"]


def test_domain_and_rules_know_both_words(domain: Domain) -> None:
    rules = YAMLStoryReader(domain).read_from_file(DATA / "stories" / "rules.yml")
    steps = {step.block_name: [getattr(event, "action_name", None) or event.intent_name for event in step.events] for step in rules}
    assert steps["switched off"] == ["...", "switched_off", "utter_switched_off", "action_stay"]
    assert steps["a notice to everybody"] == ["...", "notice", "action_notice"]
    assert {"switched_off", "notice"} <= set(domain.intents)
    assert {"action_stay", "action_notice"} <= set(domain.user_actions)
    assert "notice" in domain.entities
