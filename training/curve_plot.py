"""The learning curve as one SVG file that needs no style from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from training.report.markup import Markup, element, together

__all__ = ["Line", "plot"]

WIDTH, HEIGHT = 420.0, 260.0
LEFT, TOP = 48.0, 28.0
COLOURS = ("#1f6feb", "#c2410c")
TICKS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """`points` are the number of reports, F1, and the ends of its interval."""

    name: str
    points: Sequence[tuple[int, float, float, float]]


def plot(lines: Sequence[Line], title: str) -> Markup:
    """Lines over the number of reports, which doubles at equal steps; intervals as bars."""
    counts = sorted({count for line in lines for count, *_ in line.points})
    parts = [element("title", title), element("text", title, x=LEFT, y=16, font_size=13)]
    parts += [part for tick in range(TICKS + 1) for part in _level(tick / TICKS)]
    parts += [
        element("text", str(count), x=_x(count, counts), y=TOP + HEIGHT + 18, text_anchor="middle")
        for count in counts
    ]
    for number, line in enumerate(lines):
        parts += _drawn(line, counts, COLOURS[number % len(COLOURS)], number)
    box = f"0 0 {LEFT + WIDTH + 30:.0f} {TOP + HEIGHT + 30:.0f}"
    return element(
        "svg",
        together(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=box,
        font_family="sans-serif",
        font_size=12,
    )


def _level(value: float) -> Iterator[Markup]:
    y = _y(value)
    yield element("line", x1=LEFT, x2=LEFT + WIDTH, y1=y, y2=y, stroke="#ddd")
    yield element("text", f"{value:.1f}", x=LEFT - 8, y=y + 4, text_anchor="end")


def _drawn(line: Line, counts: Sequence[int], colour: str, number: int) -> Iterator[Markup]:
    # Two intervals at one count stand side by side.
    placed = [(_x(count, counts) + 4 * number, value, low, high) for count, value, low, high in line.points]
    steps = " ".join(f"{'L' if n else 'M'}{x:.1f} {_y(v):.1f}" for n, (x, v, _, _) in enumerate(placed))
    yield element("path", d=steps, fill="none", stroke=colour, stroke_width=2)
    for x, value, low, high in placed:
        yield element("line", x1=x, x2=x, y1=_y(low), y2=_y(high), stroke=colour)
        yield element("circle", cx=x, cy=_y(value), r=3.5, fill=colour)
    yield element("text", line.name, x=LEFT + WIDTH - 90, y=TOP + HEIGHT - 30 + 16 * number, fill=colour)


def _x(count: int, counts: Sequence[int]) -> float:
    if len(counts) == 1:
        return LEFT + WIDTH / 2
    return LEFT + 12 + (WIDTH - 24) * log(count / counts[0]) / log(counts[-1] / counts[0])


def _y(value: float) -> float:
    return TOP + HEIGHT * (1 - value)
