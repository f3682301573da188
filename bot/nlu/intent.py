"""Graph component: the intent of a message, by logistic regression on the sparse features alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, vstack

_FILE = "classifier.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SparseIntentClassifier(LogisticRegressionClassifier):
    """Rasa's classifier; it trains and starts in seconds less.

    Messages are stacked at once instead of one by one with empty dense features. What was learnt is kept as arrays; upstream's way to keep it
    (skops) imports all of scikit-learn to read it again.
    """

    def _create_X(self, messages: list[Message]) -> csr_matrix:
        rows = []
        for message in messages:
            features = message.get_sparse_features(attribute=TEXT)[1]
            if features is None:  # leaving it out would give the next message this one's intent
                raise ValueError("a message reached the intent classifier without features")
            rows.append(features.features)
        return vstack(rows, format="csr")

    def persist(self) -> None:
        """Write what was learnt."""
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, coefficients=self.clf.coef_, intercepts=self.clf.intercept_, intents=np.array(self.clf.classes_, dtype=str))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SparseIntentClassifier:
        """Read what was learnt."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as arrays:
            # Column by column: else each product with a sparse message copies all coefficients first.
            component.clf.coef_ = np.asfortranarray(arrays["coefficients"])
            component.clf.intercept_ = arrays["intercepts"]
            component.clf.classes_ = arrays["intents"].astype(object)
        return component
