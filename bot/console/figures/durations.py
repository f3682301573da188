"""How long the bot takes to answer: from the arrival of a message until all of its answer is written.

Until that has reached the vendor takes longer; that is counted where it is sent (deliveries.py).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from bot.console.figures.scope import Scope
from bot.console.figures.wall import NOBODY, Figure, Part, gathered, kept_back, shown, together

#: Where one bar of the histogram ends and the next begins, in seconds.
EDGES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: The share of answers that came at least so fast as the second figure says.
HIGH = 0.95


@dataclass(frozen=True)
class Durations:
    """How long a number of answers took.

    Attributes:
        answers: how many.
        median, high: in seconds: half of them, and 95 of 100, took no longer.
        histogram: how many took less than each of `EDGES`, and how many longer than all.
    """

    answers: Figure
    median: Figure
    high: Figure
    histogram: list[Figure]


def percentile(ordered: Sequence[float], part: float) -> float | None:
    """The value that a part of all values stays below, between two of them in proportion (as PostgreSQL's percentile_cont).

    Args:
        ordered: the values, the smallest first.
        part: between 0 and 1.
    """
    if not ordered:
        return None
    position = part * (len(ordered) - 1)
    below, above = math.floor(position), math.ceil(position)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def bin_of(seconds: float) -> int:
    """The bar of the histogram that a duration belongs to."""
    return sum(seconds >= edge for edge in EDGES)


def edge_labels() -> list[str]:
    """What each bar of the histogram stands for, in seconds."""
    written = [number_format(edge, 1 if edge < 1 else 0) for edge in EDGES]
    return [f"< {written[0]}", *(f"{low}–{high}" for low, high in zip(written, written[1:])), f"≥ {written[-1]}"]


def durations(scope: Scope) -> Durations:
    """How long the answers of a scope took."""
    if scope.walled:
        return _behind_the_wall(scope)
    found = scope.turns().filter(latency__isnull=False).values_list("latency", flat=True)
    ordered = sorted(seconds for seconds in found if seconds is not None)
    bars: list[Figure] = [0] * (len(EDGES) + 1)
    for position, answers in Counter(map(bin_of, ordered)).items():
        bars[position] = answers
    return Durations(len(ordered), percentile(ordered, 0.5), percentile(ordered, HIGH), bars)


def _behind_the_wall(scope: Scope) -> Durations:
    """What was not measured is shown nowhere, but is what all messages are more than the answers."""
    found = list(scope.turns().values_list("latency", "conversation_id"))
    ordered = sorted(seconds for seconds, _sender in found if seconds is not None)
    parts = gathered((None if seconds is None else bin_of(seconds), sender, 1) for seconds, sender in found)
    rest = parts.pop(None, NOBODY)
    bars: dict[int, Part] = {position: parts.get(position, NOBODY) for position in range(len(EDGES) + 1)}
    kept = kept_back(bars)
    kept |= kept_back(bars, rest, kept)
    whole = together(bars.values())
    return Durations(
        shown(whole, len(ordered), rest.telling),
        shown(whole, percentile(ordered, 0.5)),
        shown(whole, percentile(ordered, HIGH)),
        [shown(part, part.rows, position in kept) for position, part in bars.items()],
    )
