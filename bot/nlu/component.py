"""What Dalil's own graph components have in common."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.language.courtesy import without_courtesy
from bot.nlu.fingerprint import training_hash


class Component(GraphComponent):
    """A graph component with its storage at hand, trained again whenever a file it may read has changed."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = config
        self.model_storage = model_storage
        self.resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Component:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Everything on disk that the component may learn from."""
        return training_hash()


def typed_text(message: Message) -> str | None:
    """What a person typed; None for a button's payload (`/intent{...}`), which is not to be understood as language."""
    text = message.get(TEXT)
    return text if text and not text.startswith("/") else None


def asked(message: Message) -> str:
    """What the message asks, without the greeting before it and the thanks after it; empty without text."""
    return without_courtesy(message.get(TEXT) or "")


def add_entity(message: Message, name: str, value: Any, extractor: str, confidence: float = 1.0) -> None:
    """Append an entity that spans the whole message: its value counts, not its place."""
    text = message.get(TEXT) or ""
    entity = {
        "entity": name,
        "value": value,
        "start": 0,
        "end": len(text),
        "confidence_entity": confidence,
        "extractor": extractor,
    }
    message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
