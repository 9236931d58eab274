"""Lines over a number of reports: a figure of the page, or an SVG file that needs no style from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from training.report.charts import STARTS, TICKS
from training.report.contents import Line, LinePlot
from training.report.markup import Markup, element, together

__all__ = ["line_plot", "standalone"]

WIDTH, HEIGHT = 380.0, 230.0
LEFT, TOP = 44.0, 34.0
MARGIN = 16.0
"""Between the first point and the axis, and the last and the edge."""

APART = 26.0
"""Counts that stand closer than this would run into one another."""

COLOURS = ("#0067a6", "#c24e00")
DASHES = (None, "7 4")
"""So that the lines differ on paper without colour too."""

SHIFT = 5.0
"""Two intervals at one count stand side by side."""


def line_plot(plot: LinePlot) -> Markup:
    """The figure, in the page's own fonts."""
    return element("figure", element("figcaption", plot.title), _picture(plot))


def standalone(plot: LinePlot) -> Markup:
    """A file of its own: colours are attributes, which the page's policy admits and a file needs."""
    return _picture(
        plot, xmlns="http://www.w3.org/2000/svg", font_family="sans-serif", font_size=12.5, fill="#1b242c"
    )


@dataclass(frozen=True, slots=True)
class _Scales:
    """Counts to places across, values to places down."""

    counts: Sequence[int]
    first: float

    def across(self, count: int) -> float:
        if len(self.counts) == 1:
            return LEFT + WIDTH / 2
        part = log(count / self.counts[0]) / log(self.counts[-1] / self.counts[0])
        return LEFT + MARGIN + (WIDTH - 2 * MARGIN) * part

    def down(self, value: float) -> float:
        return TOP + HEIGHT * (1 - (value - self.first) / (1 - self.first))


def _picture(plot: LinePlot, **attributes: str | float) -> Markup:
    counts = sorted({count for line in plot.lines for count, *_ in line.points})
    lowest = min(low for line in plot.lines for _, _, low, _ in line.points)
    scales = _Scales(counts, next(start for start in STARTS if start <= lowest))
    parts = [element("title", plot.title), *_values(scales), *_counts(scales, plot.x)]
    for number, line in enumerate(plot.lines):
        parts += [*_key(line, number, len(plot.lines)), *_drawn(line, scales, number, len(plot.lines))]
    box = f"0 0 {LEFT + WIDTH + MARGIN:.0f} {TOP + HEIGHT + 46:.0f}"
    return element(
        "svg",
        together(parts),
        viewBox=box,
        width=LEFT + WIDTH + MARGIN,
        role="img",
        aria_label=plot.title,
        **attributes,
    )


def _values(scales: _Scales) -> Iterator[Markup]:
    for tick in range(TICKS + 1):
        value = scales.first + (1 - scales.first) * tick / TICKS
        y = scales.down(value)
        yield element("line", x1=LEFT, x2=LEFT + WIDTH, y1=y, y2=y, stroke="#d5dbe1")
        yield element("text", f"{value:.2f}", x=LEFT - 7, y=y + 4, text_anchor="end")


def _counts(scales: _Scales, name: str) -> Iterator[Markup]:
    """From the right: the most reports are always told."""
    free = LEFT + WIDTH + APART
    for count in reversed(scales.counts):
        x = scales.across(count)
        yield element("line", x1=x, x2=x, y1=TOP + HEIGHT, y2=TOP + HEIGHT + 5, stroke="#55626e")
        if free - x >= APART:
            yield element("text", str(count), x=x, y=TOP + HEIGHT + 19, text_anchor="middle")
            free = x
    yield element("text", name, x=LEFT + WIDTH / 2, y=TOP + HEIGHT + 39, text_anchor="middle", fill="#55626e")


def _key(line: Line, number: int, of: int) -> Iterator[Markup]:
    x, y = LEFT + number * WIDTH / of, 12.0
    yield element("line", x1=x, x2=x + 26, y1=y, y2=y, **_stroke(number))
    yield _dot(x + 13, y, number)
    yield element("text", line.name, x=x + 32, y=y + 4, fill=COLOURS[number])


def _drawn(line: Line, scales: _Scales, number: int, of: int) -> Iterator[Markup]:
    shift = SHIFT * (number - (of - 1) / 2)
    placed = [(scales.across(count) + shift, *map(scales.down, values)) for count, *values in line.points]
    steps = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y, _, _) in enumerate(placed))
    for x, _, low, high in placed:
        yield element(
            "line", x1=x, x2=x, y1=low, y2=high, stroke=COLOURS[number], stroke_width=3, stroke_opacity=0.35
        )
    yield element("path", d=steps, fill="none", **_stroke(number))
    for x, y, _, _ in placed:
        yield _dot(x, y, number)


def _stroke(number: int) -> dict[str, str | float | None]:
    return {"stroke": COLOURS[number], "stroke_width": 2, "stroke_dasharray": DASHES[number]}


def _dot(x: float, y: float, number: int) -> Markup:
    return element("circle", cx=x, cy=y, r=4, fill=COLOURS[number])
