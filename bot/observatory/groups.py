"""Who stands behind a figure, and when it may be shown."""

from __future__ import annotations

from collections.abc import Mapping

#: A figure is about so many people at least, and is shown as a multiple of it.
FEWEST = 5

#: The people behind a figure, each with the number of their questions.
Group = Mapping[str, int]


def fits(group: Group) -> bool:
    """Whether a figure about these people may be shown: enough of them, and none asked more than half of all questions.

    Of two groups that fit, all people together fit too.
    """
    return len(group) >= FEWEST and 2 * max(group.values()) <= sum(group.values())


def rounded(count: int) -> int:
    """A count as it is shown: rounded down to a multiple of `FEWEST`."""
    return count // FEWEST * FEWEST
