"""Which parts of a whole, and which cells of a table, are shown: so that what is not shown cannot be found by subtracting.

Two things hold for what is not shown. What is left of a whole without the parts that are shown is itself about nobody or fit to be shown,
because it can be had by subtracting. And counts can be exchanged: without any shown figure changing, a cell of few people could be of nobody,
and it could be of enough people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from bot.observatory.exchange import Cell, Exchange, Line
from bot.observatory.groups import FEWEST, Group, fits

#: All rows, or columns, that are not shown by themselves, taken together.
REST = ""


def shown_parts(parts: Mapping[str, Group], withheld: Collection[str] = ()) -> set[str]:
    """The parts of a whole that are shown: those that fit, without the smallest ones that it takes to hide the others.

    Args:
        parts: who is in each part.
        withheld: parts that are not shown in any case.
    """
    shown = {name for name, group in parts.items() if name not in withheld and fits(group)}
    rest: Counter[str] = Counter()
    for name in parts.keys() - shown:
        rest.update(parts[name])
    for name in sorted(shown, key=lambda name: (*size(parts[name]), name)):
        if not rest or (fits(rest) and len(shown) < len(parts) - 1):
            break
        shown.discard(name)
        rest.update(parts[name])
    return shown


def shown_cells(cells: Mapping[Cell, Group], withheld: Collection[Cell] = ()) -> tuple[set[Cell], set[Cell]]:
    """The cells (row, column) of a table that are shown.

    Args:
        cells: who is in each cell. The sums of all rows and columns are shown, but for those named `REST`, whose sums fit.
        withheld: cells that are not shown in any case.

    Returns:
        The cells that are shown; and those that the sums of their row and column betray whatever else is hidden (of 12 people 9 are in the
        row and 8 in the column: 5 at least are in both).
    """
    table = _Table(cells, withheld)
    return table.shown, table.betrayed


def size(group: Group) -> tuple[int, int]:
    """How many people, and how many questions."""
    return len(group), sum(group.values())


class _Table:
    """A table while it is made safe. Cells are only ever taken back, and what was made safe stays safe."""

    def __init__(self, cells: Mapping[Cell, Group], withheld: Collection[Cell]) -> None:
        self._cells = cells
        self.shown = {cell for cell, group in cells.items() if REST not in cell and cell not in withheld and fits(group)}
        self.betrayed: set[Cell] = set()
        rows, columns = ({cell[axis] for cell in cells} for axis in (0, 1))
        hidden = [(row, column) for row in sorted(rows) for column in sorted(columns) if (row, column) not in self.shown]
        #: What can be exchanged among the cells that are not shown: people, each once in every cell, and questions.
        self._people, self._questions = (Exchange({cell: size(cells.get(cell, {}))[which] for cell in hidden}) for which in (0, 1))
        #: Who is left in a row or column without the cells that are shown.
        self._left: dict[Line, Counter[str]] = {line: Counter() for cell in cells for line in enumerate(cell)}
        to_protect = [cell for cell in hidden if cell in cells and (cell in withheld or not fits(cells[cell]))]
        for cell in hidden:
            self._leave(cell)
        for line in sorted(self._left):
            self._fill(line)
        for cell in to_protect:
            self._protect(cell)

    def _leave(self, cell: Cell) -> None:
        for line in enumerate(cell):
            self._left[line].update(self._cells.get(cell, {}))

    def _take_back(self, cells: Collection[Cell]) -> None:
        """Take back the smallest of these cells."""
        cell = min(cells, key=lambda cell: (*size(self._cells[cell]), cell))
        self.shown.discard(cell)
        for exchange, count in zip((self._people, self._questions), size(self._cells[cell])):
            exchange.open(cell, count)
        self._leave(cell)

    def _fill(self, line: Line) -> None:
        """Take back cells until what is left of a line is about nobody, or fits."""
        axis, name = line
        while self._left[line] and not fits(self._left[line]):
            self._take_back([cell for cell in self.shown if cell[axis] == name])

    def _protect(self, cell: Cell) -> None:
        """Take back cells until this one could be of nobody, and of enough people, or taking back more would not help."""
        for exchange in (self._people, self._questions):
            self._make_possible(exchange, cell, max(FEWEST, exchange.counts[cell]))
            # In the rest one row, or column, could be of nobody in any case: it is several, and another one could have them all.
            if REST not in cell and not self._make_possible(exchange, cell, 0):
                self.betrayed.add(cell)

    def _make_possible(self, exchange: Exchange, cell: Cell, wanted: int) -> bool:
        """Take back cells until a cell's count could be the wanted one; whether it could be in the end."""
        while True:
            side = exchange.obstacle(cell, wanted)
            across = [each for each in self.shown if ((0, each[0]) in side) != ((1, each[1]) in side)] if side else []
            if not across:
                return side is None
            self._take_back(across)
