"""Nobody can be singled out: attackers who know all tables of a month, in one drawn month after the other."""

from __future__ import annotations

import itertools
import os
import random
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.observatory.asked import Asked
from bot.observatory.groups import FEWEST, rounded
from bot.observatory.tables import ALL, Figure, Part, figures
from tests.observatory.attack import (
    ATOMS,
    PARTS,
    divisions,
    hidden,
    inside,
    knowing_exactly,
    knowing_what_is_published,
    month_of,
    month_with,
    part_of,
    people,
    questions,
)

#: Few combinations of codes, and few people or many: so that much must be hidden, and much hangs together.
SINGLE = st.dictionaries(st.integers(0, len(ATOMS) - 1), st.integers(1, 4) | st.integers(1, 12), min_size=1, max_size=20).map(month_of)
SEVERAL = st.integers(0, 2**32).map(month_with)
#: The same months in each run; with DALIL_ATTACKS so many, and others each time.
ATTACKS = int(os.environ.get("DALIL_ATTACKS", "0"))
MONTHS = settings(max_examples=ATTACKS or 30, derandomize=not ATTACKS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
#: So many hidden lines of a month are attacked.
MOST = 6


def few(count: int) -> bool:
    return 0 < count < FEWEST


def test_a_line_below_one_that_was_taken_back_for_another_one_s_sake_could_be_of_nobody_too() -> None:
    """In this month the exact numbers would tell that there was somebody; the published ones do not."""
    draw = random.Random(553)
    _attack(month_of({draw.randrange(len(ATOMS)): draw.choice([draw.randint(1, 4), draw.randint(1, 12)]) for _ in range(draw.randint(1, 20))}), 100)


@MONTHS
@given(rows=SINGLE | SEVERAL)
def test_a_hidden_line_of_few_people_could_be_of_nobody_and_of_five(rows: list[Asked]) -> None:
    """The range of each is 0 to 5 at least, for questions and for people. There is room for five even for who knows the numbers before rounding."""
    _attack(rows, MOST)


def _attack(rows: list[Asked], most_lines: int) -> None:
    found = figures(rows)
    reader, insider = knowing_what_is_published(found), knowing_exactly(rows, found)
    for part in hidden(rows, found, few)[:most_lines] if found else ():
        assert reader.questions_in([part])[0] == 0, part
        assert reader.people_in(part)[0] == 0, part
        assert insider.questions_in([part])[1] >= FEWEST, part
        assert insider.people_in(part)[1] >= FEWEST, part


@MONTHS
@given(rows=SINGLE | SEVERAL, data=st.data())
def test_of_no_group_whatever_can_be_told_that_it_is_of_one_to_four(rows: list[Asked], data: st.DataObject) -> None:
    """Groups in no table too: any combinations of region, variety and topic together. There is always room for five."""
    found = figures(rows)
    attacker = knowing_exactly(rows, found)
    asked = sorted({part_of(row) for row in rows}, key=str)
    for _ in range(3):
        group = data.draw(st.lists(st.sampled_from(asked), min_size=1, max_size=3, unique=True))
        assert attacker.questions_in(group)[1] >= FEWEST, group


def test_the_attacker_finds_what_small_cells_alone_do_not_hide() -> None:
    """Without the cells taken back beside them two people would be found at once."""
    crossed = [(region, outcome, 9) for region in ("01", "02") for outcome in ("refused", "handed_over")]
    rows = [Asked(f"{region}{outcome}{n}", region, "fr", outcome, "none", "none", 1) for region, outcome, count in crossed for n in range(count)]
    rows = [row for row in rows if row.person not in {f"01refused{n}" for n in range(2, 9)}]
    naive = [Figure(part, rounded(len(people(rows, part))), rounded(questions(rows, part))) for part in PARTS if len(people(rows, part)) >= FEWEST]
    target = Part(region="01", outcome="refused")
    assert knowing_exactly(rows, naive).questions_in([target]) == (2, 2)
    assert knowing_exactly(rows, naive).people_in(target)[1] == 2
    least, most = knowing_exactly(rows, figures(rows)).questions_in([target])
    assert (least, most >= FEWEST) == (0, True)


# Subtraction


@MONTHS
@given(rows=SINGLE | SEVERAL)
def test_what_is_left_of_a_figure_without_others_is_of_nobody_or_of_five(rows: list[Asked]) -> None:
    """Where one or two figures, or all of a line of a table, are of parts of another one that do not overlap, the difference is the figure of the rest."""
    shown = {figure.part for figure in figures(rows)}
    for whole in shown:
        parts = [part for part in shown if part != whole and inside(part, whole)]
        pairs = ([one, other] for one, other in itertools.combinations(parts, 2) if _apart(one, other))
        lines = ([part for part in way if part in shown] for way in divisions(whole))
        for taken in itertools.chain(([part] for part in parts), pairs, lines):
            left = {row.person for row in rows if inside(part_of(row), whole) and not any(inside(part_of(row), part) for part in taken)}
            assert not few(len(left)), (whole, taken)


def _apart(one: Part, other: Part) -> bool:
    return any(getattr(one, name) != getattr(other, name) != ALL != getattr(one, name) for name in ("region", "variety", "outcome", "area", "subject"))


@MONTHS
@given(rows=SINGLE | SEVERAL)
def test_no_sum_or_difference_of_published_figures_is_one_to_four(rows: list[Asked]) -> None:
    """All of them are multiples of five."""
    for figure in figures(rows):
        assert (figure.people % FEWEST, figure.questions % FEWEST) == (0, 0)
        assert FEWEST <= figure.people <= len(people(rows, figure.part)) < figure.people + FEWEST
        assert FEWEST <= figure.questions <= questions(rows, figure.part) < figure.questions + FEWEST


# Who knows how the tables are made


def _sizes(cells: int, total: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread up to so many people over so many cells."""
    if not cells:
        yield ()
        return
    for size in range(total + 1):
        for others in _sizes(cells - 1, total - size):
            yield (size, *others)


@pytest.mark.parametrize("total", [19])
def test_who_makes_the_tables_of_every_possible_month_still_cannot_tell_one_to_four_apart(total: int) -> None:
    """Two regions, two outcomes: every month there can be, and what is published of it. A count of 1 to 4 that is not shown could be each of 1 to 4."""
    cells = [(region, outcome) for region in ("01", "02") for outcome in ("handed_over", "refused")]
    groups = [[cell] for cell in cells] + [[cell for cell in cells if code in cell] for code in ("01", "02", "handed_over", "refused")]
    possible: defaultdict[tuple[Figure, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in groups])
    for sizes in _sizes(len(cells), total):
        rows = [Asked(f"{cell}{n}", cell[0], "fr", cell[1], "none", "none", 1) for cell, size in zip(cells, sizes) for n in range(size)]
        counts = possible[tuple(figures(rows))]
        for group, found in zip(groups, counts):
            found.add(sum(size for cell, size in zip(cells, sizes) if cell in group))
    assert len(possible) > 50
    for published, counts in possible.items():
        for group, found in zip(groups, counts):
            if found & {1, 2, 3, 4}:
                assert found >= {1, 2, 3, 4}, (group, published)
