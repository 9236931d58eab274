"""What a report holds, before it is HTML or Markdown: both are written from these, so they say the same."""

from __future__ import annotations

from dataclasses import dataclass

from zhibiao.view.lang import Lang

__all__ = [
    "Bars",
    "Block",
    "Card",
    "Contents",
    "Curve",
    "Dot",
    "DotPlot",
    "Line",
    "LinePlot",
    "Piece",
    "Section",
    "Table",
]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; the first `words` columns hold words, the others numbers, `total` marks the last row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    total: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A value between 0 and 1, with its interval where there is one."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class DotPlot:
    """One line a label: a dot, and its interval."""

    title: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Two counts a label, side by side; `parts` says what they count."""

    title: str
    parts: tuple[str, str]
    rows: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points between 0 and 1 on both axes; `diagonal` draws where x equals y."""

    title: str
    x: str
    y: str
    points: tuple[tuple[float, float], ...]
    diagonal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """`points` are a count from 1 up, a value between 0 and 1, and the ends of its interval, by count."""

    name: str
    points: tuple[tuple[int, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class LinePlot:
    """One or two lines over a count that doubles at equal steps; `x` says what is counted."""

    title: str
    x: str
    lines: tuple[Line, ...]


Block = Table | DotPlot | Bars | Curve | LinePlot | str
"""A str is a paragraph."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; `name` is its anchor in the page."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence, and the slot that it fills, if any."""

    text: str
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One error: its sentence as the gold marks it and as it was predicted, and what differs.

    `gold` or `predicted` is empty where that side has no such record. `cause` is the name in JSON.
    """

    number: int
    report: str
    cause: str
    cause_title: str
    place: str
    gold: tuple[Piece, ...]
    predicted: tuple[Piece, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole report: the first screen, the sections, the errors, and how to make it again."""

    lang: Lang
    title: str
    summary: tuple[str, ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    cards: tuple[Card, ...]
    run: Section
