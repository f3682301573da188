"""How long people wait for an answer of the bot's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, FEWEST, Count, Figure, kept_back

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
    found = scope.turns().filter(latency__isnull=False).values_list("latency", "conversation_id")
    taken = [(seconds, sender) for seconds, sender in found if seconds is not None]
    ordered = sorted(seconds for seconds, _sender in taken)
    median, high = percentile(ordered, 0.5), percentile(ordered, HIGH)
    bars: list[list[str]] = [[] for _ in range(len(EDGES) + 1)]
    for seconds, sender in taken:
        bars[bin_of(seconds)].append(sender)
    if not scope.walled:
        return Durations(len(taken), median, high, [len(senders) for senders in bars])
    counts = {position: Count(len(senders), len(set(senders))) for position, senders in enumerate(bars)}
    kept = kept_back(counts)
    histogram: list[Figure] = [FEW if position in kept else count.turns for position, count in counts.items()]
    if len({sender for _seconds, sender in taken}) < FEWEST:
        return Durations(FEW, FEW, FEW, histogram)
    return Durations(len(taken), median, high, histogram)
