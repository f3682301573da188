"""Graph component: the views of a message as sparse features for Rasa's classifiers."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.language.features import Vectoriser
from bot.nlu.component import Component, asked


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ViewFeaturizer(Component, SparseFeaturizer):
    """Words, letters, skeletons and meanings of a message, each as TF-IDF."""

    vectoriser: Vectoriser | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The weight of each view; rarer features than `rarest` are left out."""
        return {
            FEATURIZER_CLASS_ALIAS: None,
            "weights": {"words": 2.0, "letters": 3.5, "skeletons": 2.0, "skeleton_letters": 4.0, "concepts": 3.0, "readings": 5.0},
            "rarest": 6,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing beyond the types of the defaults."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary from all training lines; they have their features then (`process_training_data` comes next, with the same lines)."""
        messages = [message for message in training_data.intent_examples if message.get(INTENT)]
        self.vectoriser = Vectoriser(self.config["weights"], self.config["rarest"])
        self._attach(messages, self.vectoriser.fit_transform([asked(message) for message in messages]))
        with self.model_storage.write_to(self.resource) as folder:
            self.vectoriser.save(folder)
        return self.resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ViewFeaturizer:
        """Read the vocabulary."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.vectoriser = Vectoriser.load(folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Attach the features to each message."""
        if self.vectoriser is None:
            return messages
        self._attach(messages, self.vectoriser.transform([asked(message) for message in messages]))
        return messages

    def _attach(self, messages: list[Message], rows: csr_matrix) -> None:
        for index, message in enumerate(messages):
            message.add_features(Features(rows[index], FEATURE_TYPE_SENTENCE, TEXT, self.resource.name))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Attach the features to the training lines that have none of this component's."""
        own = self.resource.name
        self.process([message for message in training_data.training_examples if all(features.origin != own for features in message.features)])
        return training_data
