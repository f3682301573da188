"""The tables of a month, made of questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TypeVar

from bot.observatory.asked import WITH_SUBJECT, Asked, with_varieties
from bot.observatory.groups import Group, fits, rounded
from bot.observatory.hiding import REST, shown_cells, shown_parts, size

#: In the place of a code: whatever it is.
ALL = "all"
DIMENSIONS = ("region", "variety", "outcome", "area", "subject")
#: What a question is told apart by, from the whole to the detail: what became of it, the area, the subject.
_LEVELS = ("outcome", "area", "subject")

Key = TypeVar("Key")


@dataclass(frozen=True)
class Part:
    """A part of all questions: a code of each dimension, or `ALL`."""

    region: str = ALL
    variety: str = ALL
    outcome: str = ALL
    area: str = ALL
    subject: str = ALL

    @property
    def table(self) -> str:
        """The table it stands in, by what is told apart there: `region_outcome`; `total` for all questions."""
        told = [name for name in DIMENSIONS if getattr(self, name) != ALL]
        return "_".join(told) or "total"


@dataclass(frozen=True)
class Figure:
    """One line of the tables: how many questions of how many people, both rounded down (groups.py)."""

    part: Part
    people: int
    questions: int


def figures(asked: Iterable[Asked]) -> list[Figure]:
    """All that may be shown of a month; nothing where it is about too few people."""
    rows = with_varieties(asked)
    withheld: set[Part] = set()
    while True:
        month = _Month(rows, withheld)
        if not month.betraying:
            return [Figure(part, rounded(size(group)[0]), rounded(size(group)[1])) for part, group in month.shown.items()]
        withheld |= month.betraying


class _Month:
    """The tables of a month.

    Args:
        rows: what was asked.
        withheld: parts that are not shown in any case.

    Attributes:
        shown: who is in each part that is shown.
        betraying: parts that must be withheld too, because with the others they tell of few people.
    """

    def __init__(self, rows: Sequence[Asked], withheld: Collection[Part]) -> None:
        self.shown: dict[Part, Group] = {}
        self.betraying: set[Part] = set()
        self._withheld = withheld
        everybody = _grouped(rows, lambda _row: REST).get(REST, {})
        if not fits(everybody):
            return
        self.shown[Part()] = everybody
        regions = self._parts(rows, Part(), "region")
        varieties = self._parts(rows, Part(), "variety")
        outcomes = self._topics(rows, Part(), _LEVELS, regions)
        self._crossed(rows, "variety", varieties, "outcome", outcomes)

    def _topics(self, rows: Sequence[Asked], whole: Part, levels: Sequence[str], by_region: Mapping[str, Part]) -> dict[str, Part]:
        """Show the parts of a whole at the next level, by region too where the whole is shown by region; then the parts of these parts."""
        level, deeper = levels[0], levels[1:]
        parts = self._parts(rows, whole, level)
        crossed = self._crossed(rows, "region", by_region, level, parts)
        for name, part in parts.items():
            if deeper and part.outcome in WITH_SUBJECT:
                its_regions = {region: cell for (region, each), cell in crossed.items() if each == name}
                self._topics([row for row in rows if getattr(row, level) == name], part, deeper, its_regions)
        return parts

    def _parts(self, rows: Iterable[Asked], whole: Part, field: str) -> dict[str, Part]:
        """Show the parts of a whole: code -> part."""
        groups = _grouped(rows, attrgetter(field))
        parts = {name: replace(whole, **{field: name}) for name in groups}
        shown = shown_parts(groups, [name for name, part in parts.items() if part in self._withheld])
        self.shown |= {parts[name]: groups[name] for name in sorted(shown)}
        return {name: parts[name] for name in sorted(shown)}

    def _crossed(self, rows: Iterable[Asked], first: str, firsts: Mapping[str, Part], second: str, seconds: Mapping[str, Part]) -> dict[tuple[str, str], Part]:
        """Show the cells of a table of two fields whose sums are shown: codes -> part."""

        def cell_of(row: Asked) -> tuple[str, str]:
            one, other = getattr(row, first), getattr(row, second)
            return (one if one in firsts else REST, other if other in seconds else REST)

        groups = _grouped(rows, cell_of)
        parts = {cell: replace(seconds[cell[1]], **{first: cell[0]}) for cell in groups if REST not in cell}
        shown, betrayed = shown_cells(groups, [cell for cell, part in parts.items() if part in self._withheld])
        for one, other in betrayed:
            self.betraying.add(min(firsts[one], seconds[other], key=lambda part: size(self.shown[part])))
        self.shown |= {parts[cell]: groups[cell] for cell in sorted(shown)}
        return {cell: parts[cell] for cell in sorted(shown)}


def _grouped(rows: Iterable[Asked], by: Callable[[Asked], Key]) -> dict[Key, Group]:
    """Who asked what: key -> the people, each with the number of their questions."""
    groups: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for row in rows:
        groups[by(row)][row.person] += row.questions
    return dict(groups)
