"""Figures about few people are not shown to chambers: from such a figure one could tell who it was.

Where a whole is shown beside its parts, a single part that is kept back could be found by subtracting; so at least two are kept back.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

#: A figure is about so many people at least.
FEWEST = 5

Key = TypeVar("Key", bound=Hashable)


class Kept(Enum):
    """Stands in the place of a figure."""

    FEW = "few"


FEW: Final = Kept.FEW
#: What a page shows: a number, `FEW`, or None where there is nothing to count.
Figure = int | float | Kept | None


@dataclass(frozen=True)
class Count:
    """How many turns, and of how many people; None where these were not counted."""

    turns: int = 0
    people: int | None = None

    @property
    def few(self) -> bool:
        """Whether it is about too few people to be shown; so it is where they were not counted."""
        return self.people is None or self.people < FEWEST


def kept_back(parts: Mapping[Key, Count]) -> set[Key]:
    """The parts of a whole that are not shown: those of few people, and as many more as it takes to hide them."""
    kept = {key for key, count in parts.items() if count.few}
    others = sorted((key for key in parts if key not in kept), key=lambda key: (parts[key].people or 0, str(key)))
    while kept and others and (len(kept) == 1 or sum(parts[key].people or 0 for key in kept) < FEWEST):
        kept.add(others.pop(0))
    return kept
