"""Figures about few people are not shown to chambers: from such a figure one could tell who it was. Nor may one follow from those that are shown.

Protected, at any one time:

- The parts of a whole (channels, languages, areas, regions, campaigns, days, thumbs and their reasons, durations). What is kept back of them is,
  taken together, about `FEWEST` people at least, each counted once in however many parts they stand: the whole less the parts that are shown
  tells nothing about fewer.
- Figures that lie within one another: outcomes, areas and records (nested.py); the answers that were measured, or judged; the requests for a
  person and what became of them; the messages that were to be sent.
- Numbers of people: neither the people of a part nor those of its whole who stand outside of it are few, nor those who stand in several parts.
- Periods: those that a chamber can choose do not overlap (period.py), so that none can be subtracted from another.

Not protected:

- Pages of different days, kept and compared. Tomorrow's period is today's with one day more and one day less, and without who was erased meanwhile.
- Figures that belong together only by the way, as the messages kept for staff and the requests for a person.
- What somebody knows from elsewhere: who knows all but one of the people of a figure knows that one's part in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeVar

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
class Part:
    """What a figure behind the wall counts: so many rows (messages, requests), and the people they are of."""

    rows: int = 0
    people: frozenset[str] = frozenset()

    @property
    def few(self) -> bool:
        """Whether it is about too few people to be shown; about nobody is too few as well."""
        return len(self.people) < FEWEST

    @property
    def telling(self) -> bool:
        """Whether knowing it would tell something about few people. About nobody there is nothing to tell."""
        return 0 < len(self.people) < FEWEST


NOBODY: Final = Part()


def together(parts: Iterable[Part]) -> Part:
    """Parts as one; each of their people counts once."""
    found = list(parts)
    return Part(sum(part.rows for part in found), frozenset().union(*(part.people for part in found)))


def gathered(rows: Iterable[tuple[Key, str, int]]) -> dict[Key, Part]:
    """Parts from rows of a query: the key of a part, somebody who stands in it, and with how many rows."""
    sums: Counter[Key] = Counter()
    people: defaultdict[Key, set[str]] = defaultdict(set)
    for key, person, count in rows:
        sums[key] += count
        people[key].add(person)
    return {key: Part(sums[key], frozenset(people[key])) for key in sums}


def kept_back(parts: Mapping[Key, Part], rest: Part = NOBODY, kept: Collection[Key] = ()) -> set[Key]:
    """The parts of a whole that are not shown: those of few people, and as many more as it takes to hide them.

    Args:
        parts: they have no row in common.
        rest: what of the whole stands in none of them; it is not shown either.
        kept: parts that are kept back already.
    """
    found = {key for key, part in parts.items() if part.telling or key in kept}
    others = sorted((key for key in parts if key not in found and parts[key].people), key=lambda key: (len(parts[key].people), str(key)))
    while others and together([rest, *(parts[key] for key in found)]).telling:
        found.add(others.pop(0))
    return found


def shown(part: Part, figure: Figure, kept: bool = False) -> Figure:
    """A figure of a part, where it is about enough people and not kept back."""
    return FEW if kept or part.few else figure


@dataclass(frozen=True)
class Guarded:
    """The parts of a table, and those of them that are kept back."""

    parts: Mapping[Any, Part]
    kept: Collection[Any]

    @classmethod
    def whole(cls, parts: Mapping[Any, Part]) -> Guarded:
        """A table whose parts are all there is: their sum may be known."""
        return cls(parts, kept_back(parts))

    def rows(self, key: Any) -> Figure:
        """How many rows a part has."""
        part = self.parts.get(key, NOBODY)
        return shown(part, part.rows, key in self.kept)


def people_told(parts: Mapping[Key, Part], whole: Part, kept: Collection[Key] = ()) -> dict[Key, Figure]:
    """How many people each part is of, where that tells nothing about few: neither about them nor about the others of the whole.

    Args:
        parts: somebody may stand in several.
        whole: of how many people it is, is shown.
        kept: parts that are not shown.
    """
    told = {key: shown(part, len(part.people), key in kept or hides(part, whole)) for key, part in parts.items()}
    times = Counter(person for part in parts.values() for person in part.people)
    several = sum(count > 1 for count in times.values())
    # All parts added up, less the whole, would tell how many stand in several. (That a part is of nobody follows from its messages.)
    some = [key for key, part in parts.items() if part.people]
    if 0 < several < FEWEST and all(told[key] is not FEW for key in some):
        told[min(some, key=lambda key: (len(parts[key].people), str(key)))] = FEW
    return told


def hides(part: Part, whole: Part) -> bool:
    """Whether few people of a whole stand outside of a part: the number of its people would tell how many."""
    return 0 < len(whole.people - part.people) < FEWEST
