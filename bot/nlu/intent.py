"""Graph component: the intent of a message, by logistic regression on the sparse features alone."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, vstack


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SparseIntentClassifier(LogisticRegressionClassifier):
    """Rasa's classifier; messages are stacked at once instead of one by one with empty dense features (seconds of training)."""

    def _create_X(self, messages: list[Message]) -> csr_matrix:
        rows = []
        for message in messages:
            features = message.get_sparse_features(attribute=TEXT)[1]
            if features is None:  # leaving it out would give the next message this one's intent
                raise ValueError("a message reached the intent classifier without features")
            rows.append(features.features)
        return vstack(rows, format="csr")

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify; see the parent class."""
        if not self.clf.coef_.flags.f_contiguous:  # else each product with a sparse message copies all coefficients first
            self.clf.coef_ = np.asfortranarray(self.clf.coef_)
        return super().process(messages)
