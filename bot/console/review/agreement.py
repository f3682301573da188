"""How far two readers agree, beyond what chance alone would give. Pure.

Cohen's kappa: J. Cohen, A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement 20 (1960), 37-46. Its standard
error: J. L. Fleiss, J. Cohen, B. S. Everitt, Large Sample Standard Errors of Kappa and Weighted Kappa, Psychological Bulletin 72 (1969), 323-327.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import isclose, sqrt

from bot.console.review.shares import Z

#: With fewer pairs nothing is said.
ENOUGH = 10

#: How often the first reader said one thing (row) and the second another (column).
Table = Sequence[Sequence[int]]


class Strength(str, Enum):
    """What a kappa means, in the steps of J. R. Landis and G. G. Koch, Biometrics 33 (1977), 159-174; slight and poor are one."""

    CHANCE = "chance"
    FAIR = "fair"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    ALMOST_PERFECT = "almost perfect"


@dataclass(frozen=True)
class Agreement:
    """How far two readers agree.

    Attributes:
        pairs: how many turns both read.
        observed: in what share of them they said the same.
        expected: in what share they would by chance, each keeping to how often they say what.
        kappa: the agreement beyond chance, 1 at most; None where chance alone gives full agreement, because everything was judged the same.
        interval: its 95 % interval; None where the formula gives none: the readers never differed, or one of them always said the same.
    """

    pairs: int
    observed: float
    expected: float
    kappa: float | None
    interval: tuple[float, float] | None

    @property
    def strength(self) -> Strength | None:
        """What the kappa means; None without one."""
        if self.kappa is None:
            return None
        steps = ((0.2, Strength.CHANCE), (0.4, Strength.FAIR), (0.6, Strength.MODERATE), (0.8, Strength.SUBSTANTIAL))
        return next((strength for limit, strength in steps if self.kappa <= limit), Strength.ALMOST_PERFECT)


def agreement(table: Table) -> Agreement:
    """The agreement of two readers.

    Args:
        table: a square of counts with at least one pair.

    Raises:
        ValueError: when there is no pair.
    """
    pairs = sum(map(sum, table))
    if not pairs:
        raise ValueError("no pair was read")
    shares = [[count / pairs for count in row] for row in table]
    kinds = range(len(table))
    rows = [sum(shares[i]) for i in kinds]
    columns = [sum(shares[i][j] for i in kinds) for j in kinds]
    observed = sum(shares[i][i] for i in kinds)
    expected = sum(rows[i] * columns[i] for i in kinds)
    if isclose(expected, 1.0):
        return Agreement(pairs, observed, expected, None, None)
    kappa = (observed - expected) / (1 - expected)
    same = sum(shares[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in kinds)
    different = (1 - kappa) ** 2 * sum(shares[i][j] * (columns[i] + rows[j]) ** 2 for i in kinds for j in kinds if i != j)
    variance = (same + different - (kappa - expected * (1 - kappa)) ** 2) / (pairs * (1 - expected) ** 2)
    if variance < 1e-12:
        return Agreement(pairs, observed, expected, kappa, None)
    width = Z * sqrt(variance)
    return Agreement(pairs, observed, expected, kappa, (max(-1.0, kappa - width), min(1.0, kappa + width)))
