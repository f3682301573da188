"""A share of a sample, and what it says about the whole. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

#: The 97.5 % quantile of the normal distribution: 2.5 % are left out on either side.
Z = 1.959964


@dataclass(frozen=True)
class Share:
    """How many of how many, with the 95 % interval for the share in the whole.

    Attributes:
        part: how many have it.
        whole: of how many; at least one.
    """

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share."""
        return self.part / self.whole

    @property
    def interval(self) -> tuple[float, float]:
        """The score interval of E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927), 209-212."""
        n, share = self.whole, self.value
        middle = share + Z**2 / (2 * n)
        width = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        return max(0.0, (middle - width) / (1 + Z**2 / n)), min(1.0, (middle + width) / (1 + Z**2 / n))
