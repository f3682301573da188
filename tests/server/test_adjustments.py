"""Our changes to Rasa give upstream's results."""

import copy
import warnings
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from jsonschema import ValidationError, validate
from rasa.engine.exceptions import GraphRunError

from bot import rasa_adjustments
from bot.paths import ROOT

pytestmark = pytest.mark.model

GOOD: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "topic", "value": "x", "timestamp": None}], "responses": [{"text": "a"}]},
    {"events": [{"event": "followup", "name": "action_listen"}]},
    {},
]
BAD: list[Any] = [
    {"events": [{"event": "no such event"}]},
    {"events": [{"event": "slot", "name": 5}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": "now"}]},
    [],
    "x",
    None,
    {"events": {}},
    {"events": [{"event": 5}]},
    {"responses": "x"},
    {"responses": [5]},
    {"events": [5]},
]


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


#: A conversation with a fact, a follow-up, a journey with an interruption, something outside the scope.
TALK = [
    "salam",
    "ch7al khass dyal nass f ta3awniya",
    "w chhal f jam3iya",
    "بغيت نعرف شنو يناسبني",
    "5",
    "c'est quoi une coopérative ?",
    "quel temps fera-t-il demain",
    "merci",
]


async def test_rules_that_fit_are_those_that_upstream_finds(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.policies.rule_policy import RulePolicy

    from bot.rasa_adjustments import rules

    compared = []

    def both(self: Any, lookup: Any, states: Any) -> set[str]:
        found = rules.get_possible_keys(self, lookup, states)
        assert found == rules.upstream(self, lookup, states)
        compared.append(len(found))
        return found

    monkeypatch.setattr(RulePolicy, "_get_possible_keys", both)
    for message in TALK * 2:
        await assistant.say("rules", message)
    assert len(compared) > 40
    assert max(compared) >= 1


async def test_the_graph_gives_what_upstreams_runner_gives(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.engine.runner.dask import DaskGraphRunner

    from bot.rasa_adjustments import graph

    def plain(results: dict[str, Any]) -> dict[str, Any]:
        return {name: [message.as_dict() for message in found] if isinstance(found, list) else found for name, found in results.items()}

    def both(self: Any, inputs: Any = None, targets: Any = None) -> dict[str, Any]:
        theirs = graph.upstream(self, copy.deepcopy(inputs), targets)
        found = graph.run(self, inputs, targets)
        for name, ours in plain(found).items():
            other = plain(theirs)[name]
            assert (ours.__dict__ if hasattr(ours, "__dict__") else str(ours)) == (other.__dict__ if hasattr(other, "__dict__") else str(other))
        assert found.keys() == theirs.keys()
        compared.extend(found)
        return found

    compared: list[str] = []
    monkeypatch.setattr(DaskGraphRunner, "run", both)
    for message in TALK:
        await assistant.say("graph", message)
    assert len(set(compared)) >= 2
    with pytest.raises(GraphRunError, match="clashes"):
        graph.run(assistant._agent.processor.graph_runner, {"__message__": compared[0]}, [compared[0]])


def test_the_domain_of_the_model_is_the_one_that_upstream_reads(model: Path, tmp_path: Path) -> None:
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.graph_components.providers.domain_provider import DomainProvider

    from bot.rasa_adjustments import domains

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        storage, _ = LocalModelStorage.from_model_archive(tmp_path, model)
        about: tuple[Any, ...] = ({}, storage, Resource("domain_provider"), None)
        ours, theirs = domains.load(DomainProvider, *about).provide_inference(), domains.upstream(*about).provide_inference()
        assert ours.as_dict() == theirs.as_dict()
        assert ours.fingerprint() == theirs.fingerprint()
        for name in ("intents", "entities", "action_names_or_texts", "responses", "forms", "session_config", "input_states"):
            assert getattr(ours, name) == getattr(theirs, name), name
        assert [(type(slot), vars(slot)) for slot in ours.slots] == [(type(slot), vars(slot)) for slot in theirs.slots]


def test_a_packed_model_holds_what_upstreams_holds_and_is_read_by_upstream(tmp_path: Path) -> None:
    from tarsafe import TarSafe

    from bot.rasa_adjustments.packing import PlainTar

    def packed(kind: type[TarSafe]) -> tuple[bytes, dict[str, bytes]]:
        path = tmp_path / f"{kind.__name__}.tar.gz"
        with kind.open(path, "w:gz") as archive:
            archive.add(ROOT / "domain", arcname="")
        unpacked = tmp_path / kind.__name__
        with TarSafe.open(path, "r:gz") as archive:
            archive.extractall(unpacked)
        return path.read_bytes(), {str(file.relative_to(unpacked)): file.read_bytes() for file in unpacked.rglob("*") if file.is_file()}

    (plain, ours), (slow, theirs) = packed(PlainTar), packed(TarSafe)
    assert ours == theirs
    assert len(ours) > 2
    assert len(plain) > sum(map(len, ours.values())) > len(slow)


async def test_what_is_stored_and_read_back_is_what_upstream_stores_and_reads(database_url: str, tmp_path: Path) -> None:
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.storage.tracker_store import DalilTrackerStore

    class Upstream(DalilTrackerStore):
        save = SQLTrackerStore.save
        _retrieve = SQLTrackerStore._retrieve

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        domain = Domain.load(str(ROOT / "domain"))
    ours, theirs = DalilTrackerStore(domain, database_url), Upstream(domain, f"sqlite:///{tmp_path / 'upstream.db'}")
    said = {"intent": {"name": "greet", "confidence": 0.9}, "entities": []}
    for turn in range(1, 9):
        read = [await store.retrieve("somebody") for store in (ours, theirs)]
        assert (read[0] is None) == (read[1] is None) == (turn == 1)
        trackers = [known or DialogueStateTracker.from_events("somebody", [], domain.slots) for known in read]
        assert trackers[0] == trackers[1]
        begins = [SessionStarted(timestamp=turn)] if turn in (3, 7) else []
        new = [*begins, ActionExecuted("action_listen", timestamp=turn), UserUttered("سلام", parse_data=said, timestamp=turn + 0.1)]
        new += [SlotSet("topic", f"subject {turn}", timestamp=turn + 0.2), BotUttered("bonjour", timestamp=turn + 0.3)]
        for store, tracker in zip((ours, theirs), trackers):
            for event in new:
                tracker.update(event)
            await store.save(tracker)
            await store.save(tracker)  # saving again adds nothing
    columns = "id, sender_id, type_name, timestamp, intent_name, action_name, data"
    rows = []
    for store in (ours, theirs):
        with store.engine.connect() as connection:
            rows.append([tuple(row) for row in connection.execute(sa.text(f"SELECT {columns} FROM events ORDER BY id"))])
        store.engine.dispose()
    assert len(rows[0]) > 30
    assert rows[0] == rows[1]


async def test_a_conversation_goes_on_after_the_clock_was_put_back(database_url: str) -> None:
    """Upstream looks for events that are later than the session's beginning, and would find none."""
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import SessionStarted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.storage.tracker_store import DalilTrackerStore

    store = DalilTrackerStore(Domain.empty(), database_url)
    tracker = DialogueStateTracker.from_events("somebody", [SessionStarted(timestamp=5_000), UserUttered("salam", timestamp=5_001)])
    await store.save(tracker)
    for text, at in (("w chhal", 1_400.0), ("merci", 1_401.0)):
        tracker = await store.retrieve("somebody")
        assert tracker is not None
        tracker.update(UserUttered(text, timestamp=at))
        await store.save(tracker)
    tracker = await store.retrieve("somebody")
    assert tracker is not None
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["salam", "w chhal", "merci"]
    store.engine.dispose()


async def test_a_conversation_that_cannot_be_read_or_stored_is_an_error_of_the_turn(tmp_path: Path) -> None:
    """Upstream keeps it in memory and answers a stranger."""
    from rasa.core.tracker_store import FailSafeTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker
    from sqlalchemy.exc import SQLAlchemyError

    from bot.storage.tracker_store import DalilTrackerStore

    rasa_adjustments.apply()
    store = DalilTrackerStore(Domain.empty(), f"sqlite:///{tmp_path / 'dalil.db'}")
    safe = FailSafeTrackerStore(store)
    tracker = DialogueStateTracker.from_events("somebody", [UserUttered("salam")])
    await safe.save(tracker)
    assert (await safe.retrieve("somebody")) == tracker
    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE events RENAME TO away"))
    for work in (safe.save(tracker), safe.retrieve("somebody")):
        with pytest.raises(SQLAlchemyError):
            await work
    store.engine.dispose()


async def test_an_action_that_refuses_to_run_here_is_told_as_the_action_server_tells_it() -> None:
    from rasa.utils.endpoints import ClientResponseError
    from rasa_sdk.interfaces import ActionExecutionRejection

    from bot.local_actions import LocalActionEndpoint

    def refuses(*_: Any) -> None:
        raise ActionExecutionRejection("action_refuses", "not now")

    def spoils(_dispatcher: Any, tracker: Any, _domain: Any) -> list[Any]:
        tracker.slots["answers"]["people"] = "spoilt"
        return [{"event": "slot", "name": "answers", "value": tracker.slots["answers"], "timestamp": None}]

    endpoint = LocalActionEndpoint()
    endpoint._executor.actions |= {"action_refuses": refuses, "action_spoils": spoils}
    slots = {"answers": {"people": "5"}}
    call = {"sender_id": "somebody", "tracker": {"sender_id": "somebody", "slots": slots, "events": [], "latest_message": {}}, "domain": {}}
    with pytest.raises(ClientResponseError) as raised:
        await endpoint.request(json={**call, "next_action": "action_refuses"})
    assert raised.value.status == 400
    assert "not now" in raised.value.text
    done = await endpoint.request(json={**call, "next_action": "action_spoils"})
    assert done["events"][0]["value"] == {"people": "spoilt"}
    assert slots == {"answers": {"people": "5"}}  # the conversation itself is as it was
