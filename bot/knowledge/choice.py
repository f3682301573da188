"""Learning to choose among rivals: conditional logistic regression (McFadden, "Conditional logit analysis", 1973)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from bot.knowledge.similarity import Array

#: How strongly the coefficients are kept small.
SHRINK = 0.5


def fit_choices(choices: Array, nones: Array, wanted: Array) -> tuple[Array, Array]:
    """Conditional logistic regression.

    Args:
        choices: features of the candidates, message by candidate by feature.
        nones: features of "none of them", message by feature.
        wanted: which candidate (or, in the last column, none) is right, message by candidate.

    Returns:
        The coefficients of both kinds of features.
    """
    width = choices.shape[2]
    scale, none_scale = choices.std(axis=(0, 1)) + 1e-6, nones.std(axis=0) + (nones.std(axis=0) == 0)
    choices, nones = choices / scale, nones / none_scale

    def loss(weights: Array) -> tuple[float, Array]:
        logits = np.column_stack([choices @ weights[:width], nones @ weights[width:]])
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        right = (chances * wanted).sum(axis=1, keepdims=True)
        pull = chances - chances * wanted / right
        gradient = np.concatenate([np.einsum("mc,mcf->f", pull[:, :-1], choices), pull[:, -1] @ nones])
        return float(-np.log(right).sum() + SHRINK * weights @ weights), gradient + 2 * SHRINK * weights

    found = minimize(loss, np.zeros(width + nones.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return found[:width] / scale, found[width:] / none_scale
