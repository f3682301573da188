"""What became of messages, and which areas and records were the answer, behind the wall: what is kept back of each, so that none tells another.

The three lie within one another: the messages that were answered are the sum of their areas, an area is the sum of its records. A table of its
own could be safe and still be found out by the next one; so they are guarded together, from the whole inwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from bot.console.figures.wall import NOBODY, Guarded, Part, kept_back, together

Key = TypeVar("Key", bound=Hashable)

#: The group of messages that were answered with a record.
ASKED = "answered"


class Cell(NamedTuple):
    """Messages of one group; those that were answered, of one area and one record."""

    group: str
    area: str = ""
    record: str = ""


@dataclass(frozen=True)
class Subjects:
    """All messages by what became of them, and those that were answered by area and by record.

    Attributes:
        groups, areas, records: the three tables.
        beside: the other groups that are kept back, where the answers are: their sum with the answers is known.
    """

    groups: Guarded
    areas: Guarded
    records: Guarded
    beside: Part


def guarded(cells: Mapping[Cell, Part]) -> Subjects:
    """The three tables, each with what is kept back of it."""
    groups = _by(cells, lambda cell: cell.group)
    kept_groups = kept_back(groups)
    beside = together(groups[group] for group in kept_groups - {ASKED}) if ASKED in kept_groups else NOBODY
    answered = {cell: part for cell, part in cells.items() if cell.group == ASKED}
    areas = _by(answered, lambda cell: cell.area)
    kept_areas = kept_back(areas, beside)
    kept_records: set[str] = set()
    for known in [kept_areas, *({area} for area in areas if area not in kept_areas)]:
        inside = _by({cell: part for cell, part in answered.items() if cell.area in known}, lambda cell: cell.record)
        # Answers without a record are told nowhere.
        kept_records |= kept_back(inside, beside if known is kept_areas else NOBODY, {""})
    records = _by(answered, lambda cell: cell.record)
    return Subjects(Guarded(groups, kept_groups), Guarded(areas, kept_areas), Guarded(records, kept_records), beside)


def _by(cells: Mapping[Cell, Part], key: Callable[[Cell], Key]) -> dict[Key, Part]:
    found: defaultdict[Key, list[Part]] = defaultdict(list)
    for cell, part in cells.items():
        found[key(cell)].append(part)
    return {each: together(parts) for each, parts in found.items()}
