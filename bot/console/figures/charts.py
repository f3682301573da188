"""Charts as shapes. Pure: numbers and labels in, shapes out; `figures/_chart.html` writes them as SVG.

Across, places are percentages, so that a chart is as wide as its page and its letters stay as large as they are; down, they are pixels. Where
the page runs from right to left, so does time. Attributes are texts: nothing of them depends on how a language writes numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Height of the bars' part of a chart, of the labels below, of one horizontal bar with its label, in pixels.
_PLOT, _BELOW, _TOP = 180, 28, 14
_ROW, _BAR = 42, 12
#: How much of its place a bar takes.
_FILLED = 0.8
#: Labels on the time axis: not more than these; on a narrow screen every second one.
_LABELS = 8
#: How many steps the other axis has about.
_STEPS = 4
#: Patterns and colours that there are (figures.css, figures/_patterns.html).
PATTERNS = 7

Write = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """Numbers that belong together; None where one is not shown."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Bar:
    """A rectangle; `pattern` is the number of its pattern, `title` says what it stands for."""

    x: str
    y: str
    width: str
    height: str
    pattern: int
    title: str


@dataclass(frozen=True)
class Text:
    """A label; `anchor` in SVG's words, `minor` where it is left out on a narrow screen."""

    x: str
    y: str
    anchor: str
    text: str
    minor: bool = False


@dataclass(frozen=True)
class Chart:
    """Everything that is drawn.

    Attributes:
        name: begins the ids of its elements; different for each chart of a page.
        height: in pixels.
        bars: the bars.
        rules: where lines run across, from the top.
        scale: what these lines stand for.
        labels: the other texts.
        legend: (pattern, label) of each series, where there are several.
    """

    name: str
    height: int
    bars: list[Bar]
    rules: list[str]
    scale: list[Text]
    labels: list[Text]
    legend: list[tuple[int, str]]


def over_time(name: str, labels: Sequence[str], series: Sequence[Series], right_to_left: bool = False, write: Write = str) -> Chart:
    """Bars over time, the series one upon the other, the first at the bottom.

    Args:
        name: see `Chart`.
        labels: of the bars, the earliest first.
        series: a value for each bar.
        right_to_left: whether the earliest stands on the right.
        write: how a number is written.
    """
    drawn = _bars(labels, series, right_to_left, write)
    every = max(1, math.ceil(len(labels) / _LABELS))
    kept = range(0, len(labels), every)
    texts = [_below(position, len(labels), labels[position], right_to_left, minor=number % 2 == 1) for number, position in enumerate(kept)]
    legend = [(number, each.label) for number, each in enumerate(series)] if len(series) > 1 else []
    return Chart(name, _TOP + _PLOT + _BELOW, drawn, *_scale(_highest(series), right_to_left, write), texts, legend)


def histogram(name: str, labels: Sequence[str], values: Sequence[float | None], right_to_left: bool = False, write: Write = str) -> Chart:
    """Bars side by side, each with its number above it and its label below."""
    series = Series("", values)
    top, count = _top([series]), len(labels)
    numbers = [
        Text(_percent(_middle(position, count, right_to_left)), _pixels(_y(value, top) - 4), "middle", write(value))
        for position, value in enumerate(values)
        if value
    ]
    below = [_below(position, count, label, right_to_left) for position, label in enumerate(labels)]
    return Chart(name, _TOP + _PLOT + _BELOW, _bars(labels, [series], right_to_left, write), [_pixels(_TOP + _PLOT)], [], [*numbers, *below], [])


def horizontal(name: str, rows: Sequence[tuple[str, float | None, str]], right_to_left: bool = False) -> Chart:
    """Bars one below the other, each under its label.

    Args:
        name: see `Chart`.
        rows: label, value, and the value as it is written.
        right_to_left: whether bars begin on the right.
    """
    longest = max((value for _label, value, _written in rows if value), default=1.0)
    near, far = ("100%", "0%") if right_to_left else ("0%", "100%")
    bars, labels = [], []
    for number, (label, value, written) in enumerate(rows):
        above = number * _ROW
        labels += [Text(near, _pixels(above + 16), "start", label), Text(far, _pixels(above + 16), "end", written)]
        width = 100 * (value or 0.0) / longest
        x = 100 - width if right_to_left else 0.0
        bars.append(Bar(_percent(x), _pixels(above + 22), _percent(width), _pixels(_BAR), 0, f"{label} · {written}"))
    return Chart(name, len(rows) * _ROW, bars, [], [], labels, [])


def _bars(labels: Sequence[str], series: Sequence[Series], right_to_left: bool, write: Write) -> list[Bar]:
    top, count = _top(series), len(labels)
    width = 100 / max(1, count) * _FILLED
    drawn = []
    for position, label in enumerate(labels):
        x = _percent(_middle(position, count, right_to_left) - width / 2)
        below = 0.0
        for pattern, each in enumerate(series):
            value = each.values[position] or 0.0
            if value:
                title = " · ".join(part for part in (label, each.label, write(value)) if part)
                height = _y(below, top) - _y(below + value, top)
                drawn.append(Bar(x, _pixels(_y(below + value, top)), _percent(width), _pixels(height), pattern % PATTERNS, title))
            below += value
    return drawn


def _below(position: int, count: int, label: str, right_to_left: bool, minor: bool = False) -> Text:
    return Text(_percent(_middle(position, count, right_to_left)), _pixels(_TOP + _PLOT + 18), "middle", label, minor)


def _middle(position: int, count: int, right_to_left: bool) -> float:
    """The middle of a bar's place, in percent from the left."""
    middle = 100 * (position + 0.5) / max(1, count)
    return 100 - middle if right_to_left else middle


def _highest(series: Sequence[Series]) -> float:
    return max((sum(value or 0.0 for value in column) for column in zip(*(each.values for each in series))), default=0.0)


def _top(series: Sequence[Series]) -> float:
    """The number that the top of the plot stands for: the next step of the scale."""
    steps = scale(_highest(series))
    return steps[-1]


def _y(value: float, top: float) -> float:
    return _TOP + _PLOT * (1 - value / top)


def _scale(highest: float, right_to_left: bool, write: Write) -> tuple[list[str], list[Text]]:
    steps = scale(highest)
    places = [_pixels(_y(step, steps[-1])) for step in steps]
    # Beside the plot, before its beginning (figures.css keeps the place free); "end" is the end of the text in its own direction.
    x = "100%" if right_to_left else "0%"
    return places, [Text(x, place, "end", write(step)) for place, step in zip(places, steps)]


def scale(highest: float) -> list[int]:
    """Round numbers from 0 to at least the highest value."""
    rough = max(1.0, highest / _STEPS)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [step * number for number in range(max(1, math.ceil(highest / step)) + 1)]


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"
