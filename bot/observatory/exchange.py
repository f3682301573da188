"""Whether a count that is not shown could be another one: by how much it can change while nothing that is shown does.

In a table the sums of whose rows and columns are known, and some of whose cells are open (not shown), counts can be exchanged: one more here,
one less beside it in the row, one more there in that column, and so on back to the first. All such ways together are a flow in a network of
rows and columns; the largest flow says how far a count can go (Ford and Fulkerson, by shortest ways).
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping

Cell = tuple[str, str]
#: A row (0, name) or a column (1, name).
Line = tuple[int, str]


class Exchange:
    """The open cells of a table.

    Args:
        counts: what is in each.
    """

    def __init__(self, counts: Mapping[Cell, int]) -> None:
        self.counts: dict[Cell, int] = {}
        self._in_line: defaultdict[Line, list[Cell]] = defaultdict(list)
        for cell, count in counts.items():
            self.open(cell, count)

    def open(self, cell: Cell, count: int) -> None:
        """Have one more open cell."""
        self.counts[cell] = count
        for line in enumerate(cell):
            self._in_line[line].append(cell)

    def obstacle(self, cell: Cell, wanted: int) -> set[Line] | None:
        """What keeps an open cell's count from becoming another one.

        Args:
            cell: which.
            wanted: the count that it might become.

        Returns:
            None where it can. Else the rows and columns on this side of the obstacle: only opening a cell whose row is on one side and whose
            column is on the other can help.
        """
        more = wanted - self.counts[cell]
        start, end = (0, cell[0]), (1, cell[1])
        changed: Counter[Cell] = Counter()
        left = abs(more)
        while left:
            came_from = self._reach(start, end, cell, more > 0, changed)
            if end not in came_from:
                return set(came_from)
            way = list(_way(came_from, start, end))
            shrinking = [each for each, grows in way if not grows]
            amount = min([left, *(self.counts[each] + changed[each] for each in shrinking)])
            for each, grows in way:
                changed[each] += amount if grows else -amount
            left -= amount
        return None

    def _reach(self, start: Line, end: Line, without: Cell, raising: bool, changed: Mapping[Cell, int]) -> dict[Line, tuple[Line, Cell, bool]]:
        """The lines that can be reached: each with the line before, the cell between them, and whether its count grows.

        To lower the cell, counts grow on the way from a row to a column and shrink on the way back; to raise it, the other way round.
        """
        came_from = {start: (start, without, True)}
        waiting = deque([start])
        while waiting and end not in came_from:
            line = waiting.popleft()
            axis = line[0]
            grows = (axis == 0) != raising
            for cell in self._in_line[line]:
                other = (1 - axis, cell[1 - axis])
                if other not in came_from and cell != without and (grows or self.counts[cell] + changed[cell] > 0):
                    came_from[other] = (line, cell, grows)
                    waiting.append(other)
        return came_from


def _way(came_from: Mapping[Line, tuple[Line, Cell, bool]], start: Line, end: Line) -> Iterator[tuple[Cell, bool]]:
    """The cells on the way, from its end, and whether their counts grow."""
    line = end
    while line != start:
        line, cell, grows = came_from[line]
        yield cell, grows
