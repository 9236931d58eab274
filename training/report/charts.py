"""The plots, as inline SVG: labels are text in the page's own fonts, colours come from its style."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from training.report.contents import Bars, Curve, Dot, DotPlot
from training.report.markup import Markup, element, together

__all__ = ["STARTS", "TICKS", "bars", "curve", "dot_plot"]

LINE = 22.0
"""Height of a row."""

PLOT = 360.0
"""Width of the plotted area."""

SQUARE = 240.0
"""Side of a curve's area."""

EM = 12.5
"""Width of a Chinese character; a Latin one takes half."""

TICKS = 5

STARTS = (0.9, 0.75, 0.5, 0.0)
"""Where an axis may begin: its ticks are then round numbers."""


def dot_plot(plot: DotPlot) -> Markup:
    """Dots with their intervals, on an axis that begins where the lowest leaves room."""
    low = min((_least(dot) for dot in plot.dots), default=0.0)
    first = next(start for start in STARTS if start <= low)
    left = _width([dot.label for dot in plot.dots])
    rows = (part for number, dot in enumerate(plot.dots) for part in _dot(dot, number, left, first))
    height = LINE * len(plot.dots)
    axis = _axis(left, height, first)
    return _svg(plot.title, left + PLOT + 50, height + 30, [*axis, *rows])


def _least(dot: Dot) -> float:
    return dot.value if dot.low is None else dot.low


def _dot(dot: Dot, number: int, left: float, first: float) -> Iterator[Markup]:
    y = LINE * number + LINE / 2
    at = _scale(dot.value, left, first)
    yield element("text", dot.label, x=left - 8, y=y + 4, class_="label")
    if dot.low is not None and dot.high is not None:
        ends = _scale(dot.low, left, first), _scale(dot.high, left, first)
        yield element("line", x1=ends[0], x2=ends[1], y1=y, y2=y, class_="interval")
    yield element("circle", cx=at, cy=y, r=4, class_="dot")
    yield element("text", f"{dot.value:.3f}", x=left + PLOT + 8, y=y + 4, class_="number")


def _scale(value: float, left: float, first: float) -> float:
    return left + PLOT * (value - first) / (1 - first)


def _axis(left: float, height: float, first: float) -> Iterator[Markup]:
    for tick in range(TICKS + 1):
        value = first + (1 - first) * tick / TICKS
        x = _scale(value, left, first)
        yield element("line", x1=x, x2=x, y1=0, y2=height, class_="grid")
        yield element("text", f"{value:.2f}", x=x, y=height + 16, class_="tick")


def bars(chart: Bars) -> Markup:
    """Two thin bars a row, with their counts behind them."""
    left = _width([label for label, _, _ in chart.rows])
    most = max((max(a, b) for _, a, b in chart.rows), default=0) or 1
    rows = [
        part for number, row in enumerate(chart.rows) for part in _bar_row(row, number, left, PLOT / most)
    ]
    height = LINE * len(chart.rows)
    legend = [
        element("rect", x=left, y=height + 9, width=10, height=8, class_="first"),
        element("text", chart.parts[0], x=left + 14, y=height + 17, class_="key"),
        element("rect", x=left + PLOT / 2, y=height + 9, width=10, height=8, class_="second"),
        element("text", chart.parts[1], x=left + PLOT / 2 + 14, y=height + 17, class_="key"),
    ]
    return _svg(chart.title, left + PLOT + 50, height + 26, [*rows, *legend])


def _bar_row(row: tuple[str, int, int], number: int, left: float, unit: float) -> Iterator[Markup]:
    label, first, second = row
    top = LINE * number
    yield element("text", label, x=left - 8, y=top + LINE / 2 + 4, class_="label")
    for place, (count, name) in enumerate(((first, "first"), (second, "second"))):
        y = top + 3 + place * 8
        yield element("rect", x=left, y=y, width=count * unit, height=7, class_=name)
        yield element("text", str(count), x=left + count * unit + 4, y=y + 7, class_="count")


def curve(chart: Curve) -> Markup:
    """A line through its points in a square from 0 to 1."""
    left, top = 44.0, 8.0

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return left + SQUARE * point[0], top + SQUARE * (1 - point[1])

    grid = [part for tick in range(TICKS + 1) for part in _square_grid(tick / TICKS, left, top)]
    ends = [*place((0, 0)), *place((1, 1))]
    diagonal = [element("line", x1=ends[0], y1=ends[1], x2=ends[2], y2=ends[3], class_="diagonal")]
    placed = [place(point) for point in chart.points]
    steps = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(placed))
    line = [element("path", d=steps or "M0 0", class_="curve")]
    dots = [element("circle", cx=x, cy=y, r=3, class_="dot") for x, y in placed]
    middle = left + SQUARE / 2
    names = [
        element("text", chart.x, x=middle, y=top + SQUARE + 36, class_="tick"),
        element("text", chart.y, x=left - 30, y=top - 12, class_="key"),
    ]
    parts = [*grid, *(diagonal if chart.diagonal else []), *line, *dots, *names]
    return _svg(chart.title, left + SQUARE + 20, top + SQUARE + 44, parts, above=20)


def _square_grid(value: float, left: float, top: float) -> Iterator[Markup]:
    x, y = left + SQUARE * value, top + SQUARE * (1 - value)
    yield element("line", x1=x, x2=x, y1=top, y2=top + SQUARE, class_="grid")
    yield element("line", x1=left, x2=left + SQUARE, y1=y, y2=y, class_="grid")
    yield element("text", f"{value:.1f}", x=x, y=top + SQUARE + 16, class_="tick")
    yield element("text", f"{value:.1f}", x=left - 6, y=y + 4, class_="label")


def _svg(title: str, width: float, height: float, parts: Sequence[Markup], *, above: float = 0) -> Markup:
    box = f"0 {-above:.0f} {width:.0f} {height + above:.0f}"
    picture = element(
        "svg",
        element("title", title),
        together(parts),
        viewBox=box,
        width=width,
        role="img",
        aria_label=title,
    )
    return element("figure", element("figcaption", title), picture)


def _width(labels: Sequence[str]) -> float:
    """Room for the longest label."""
    return 16 + max((_length(label) for label in labels), default=0.0)


def _length(label: str) -> float:
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in label)
    return EM * wide + EM * 0.58 * (len(label) - wide)
