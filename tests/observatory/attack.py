"""Somebody who knows all published tables and wants what is not in them: linear programming over every possible month.

The attacker knows which codes there are and how the tables are made, and takes for every combination of codes an unknown number of questions.
What is published are sums of these numbers. The smallest and the largest value that any other sum can have is all that can be known of it.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from bot.observatory.asked import Asked
from bot.observatory.tables import ALL, DIMENSIONS, Figure, Part

REGIONS = ("01", "02", "03", "unknown")
VARIETIES = ("ar", "ary-Latn", "fr")
#: Outcome, area, subject.
TOPICS = (
    ("answered", "creation", "cooperative"),
    ("answered", "creation", "association"),
    ("answered", "financing", "indh"),
    ("offered", "creation", "cooperative"),
    ("offered", "financing", "indh"),
    ("refused", "none", "none"),
    ("handed_over", "none", "none"),
)
#: Every combination: a part of all questions that cannot be divided.
ATOMS = tuple(Part(region, variety, *topic) for region, variety, topic in itertools.product(REGIONS, VARIETIES, TOPICS))


def inside(smaller: Part, larger: Part) -> bool:
    """Whether all of one part belongs to another one."""
    return all(getattr(larger, name) in (ALL, getattr(smaller, name)) for name in DIMENSIONS)


def part_of(row: Asked) -> Part:
    """Where a row belongs."""
    return Part(row.region, row.variety, row.outcome, row.area, row.subject)


def people(rows: Iterable[Asked], part: Part) -> set[str]:
    """Who asked."""
    return {row.person for row in rows if inside(part_of(row), part)}


def questions(rows: Iterable[Asked], part: Part) -> int:
    """How much was asked."""
    return sum(row.questions for row in rows if inside(part_of(row), part))


def _parts() -> tuple[Part, ...]:
    """Every line that a table can have."""
    below = [ALL, ALL, ALL]
    topics = {tuple(below)} | {(outcome, ALL, ALL) for outcome, _area, _subject in TOPICS}
    topics |= {(outcome, area, ALL) for outcome, area, _subject in TOPICS if area != "none"}
    topics |= {topic for topic in TOPICS if topic[1] != "none"}
    found = [Part(region, ALL, *topic) for region in (ALL, *REGIONS) for topic in sorted(topics)]
    found += [Part(ALL, variety, outcome) for variety in VARIETIES for outcome in (ALL, *sorted({topic[0] for topic in TOPICS}))]
    return tuple(found)


PARTS = _parts()


def divisions(part: Part) -> list[list[Part]]:
    """The ways in which a table divides a part into others."""
    lines = [other for other in PARTS if other != part and inside(other, part)]
    ways = []
    for name, above in (("region", ()), ("variety", ()), ("outcome", ()), ("area", ("outcome",)), ("subject", ("outcome", "area"))):
        if getattr(part, name) == ALL and all(getattr(part, each) != ALL for each in above):
            others = [each for each in DIMENSIONS if each != name]
            ways.append([other for other in lines if getattr(other, name) != ALL and all(getattr(other, each) == getattr(part, each) for each in others)])
    return [way for way in ways if way]


class Attacker:
    """Knows for some parts between which numbers their questions are, and for some between which numbers their people are."""

    def __init__(self) -> None:
        self._rows = [_people_and_questions()]
        self._most = [np.zeros(self._rows[0].shape[0])]

    def learns(self, part: Part, least: int, most: int) -> None:
        """So many questions."""
        self._add(_questions_in([part]), least, most)

    def learns_people(self, part: Part, least: int, most: int) -> None:
        """So many people."""
        self._add(_people_in(part), least, most)

    def _add(self, sums: np.ndarray, least: int, most: int) -> None:
        self._rows.append(csr_matrix(np.array([sums, -sums])))
        self._most.append(np.array([most, -least]))

    def questions_in(self, parts: Collection[Part]) -> tuple[int, int]:
        """Between which numbers the questions of some atoms, taken together, are."""
        return self._between(_questions_in(parts))

    def people_in(self, part: Part) -> tuple[int, int]:
        """Between which numbers the people of a part are."""
        return self._between(_people_in(part))

    def _between(self, sums: np.ndarray) -> tuple[int, int]:
        limits = {"A_ub": vstack(self._rows), "b_ub": np.concatenate(self._most), "bounds": (0, None), "method": "highs"}
        least, most = linprog(sums, **limits), linprog(-sums, **limits)
        assert least.status == 0, least.message
        assert most.status in (0, 3), most.message  # 3: without end
        return int(np.ceil(least.fun - 1e-6)), int(np.floor(-most.fun + 1e-6)) if most.status == 0 else 10**9


_UNKNOWN = len(ATOMS) + len(PARTS)


def _questions_in(parts: Collection[Part]) -> np.ndarray:
    sums = np.zeros(_UNKNOWN)
    sums[[number for number, atom in enumerate(ATOMS) if any(inside(atom, part) for part in parts)]] = 1
    return sums


def _people_in(part: Part) -> np.ndarray:
    sums = np.zeros(_UNKNOWN)
    sums[len(ATOMS) + PARTS.index(part)] = 1
    return sums


def _people_and_questions() -> csr_matrix:
    """What holds in every month: nobody is without a question; a whole has no more people than its parts together, and no fewer than each."""
    found = []
    for part in PARTS:
        found.append(_people_in(part) - _questions_in([part]))
        for way in divisions(part):
            found.append(_people_in(part) - sum(_people_in(other) for other in way))
            found += [_people_in(other) - _people_in(part) for other in way]
    return csr_matrix(np.array(found))


def knowing_what_is_published(figures: Iterable[Figure]) -> Attacker:
    """An attacker who knows the tables, and that their numbers were rounded down to multiples of five."""
    attacker = Attacker()
    for figure in figures:
        attacker.learns(figure.part, figure.questions, figure.questions + 4)
        attacker.learns_people(figure.part, figure.people, figure.people + 4)
    return attacker


def knowing_exactly(rows: Sequence[Asked], figures: Iterable[Figure]) -> Attacker:
    """An attacker who knows more than is published: how many questions it is before rounding."""
    attacker = Attacker()
    for figure in figures:
        count = questions(rows, figure.part)
        attacker.learns(figure.part, count, count)
        attacker.learns_people(figure.part, figure.people, figure.people + 4)
    return attacker


def month_of(counts: Mapping[int, int]) -> list[Asked]:
    """A month of people with one question each: atom -> how many people."""
    return [_asked(f"{atom}-{number}", atom, 1) for atom, count in sorted(counts.items()) for number in range(count)]


def month_with(seed: int) -> list[Asked]:
    """A month of people who ask more than once, here and there, some much more than others."""
    draw = random.Random(seed)
    atoms = draw.sample(range(len(ATOMS)), draw.randint(2, 25))
    weights = [draw.random() ** draw.choice([1, 4]) for _ in atoms]
    found: dict[tuple[int, int], int] = {}
    for person in range(draw.choice([5, 8, 12, 16, 20, 30, 50, 90, 150])):
        for _ in range(draw.choice([1, 1, 2, 4, 9])):
            key = (person, draw.choices(atoms, weights)[0])
            found[key] = found.get(key, 0) + 1
    return [_asked(str(person), atom, count) for (person, atom), count in found.items()]


def _asked(person: str, atom: int, count: int) -> Asked:
    part = ATOMS[atom]
    return Asked(person, part.region, part.variety, part.outcome, part.area, part.subject, count)


def hidden(rows: Sequence[Asked], figures: Iterable[Figure], which: Callable[[int], bool]) -> list[Part]:
    """The lines that are not shown and have such a number of people."""
    shown = {figure.part for figure in figures}
    return [part for part in PARTS if part not in shown and which(len(people(rows, part)))]
