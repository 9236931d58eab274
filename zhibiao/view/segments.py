"""Cut a text at the edges of overlapping marks, so that every piece carries one set of marks.

It is done here and not in the browser because offsets count code points while JavaScript counts UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """`[start, end)` plays the part `slot` in the record numbered `record`."""

    start: int
    end: int
    slot: str
    record: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text over which the same marks hold."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def segments(text: str, marks: Iterable[Mark], cuts: Iterable[int] = ()) -> list[Segment]:
    """Cover the whole text, without gap or overlap, by segments cut at every mark's edge and at `cuts`.

    >>> [(s.start, s.end, len(s.marks)) for s in segments("新增岗位20个", [Mark(0, 4, "indicator", 0)])]
    [(0, 4, 1), (4, 7, 0)]
    """
    ordered = sorted(marks)
    edges = sorted({0, len(text), *_edges(ordered), *cuts})
    return list(_sweep(edges, ordered))


def _edges(marks: Iterable[Mark]) -> Iterator[int]:
    for mark in marks:
        yield mark.start
        yield mark.end


def _sweep(edges: list[int], ordered: list[Mark]) -> Iterator[Segment]:
    """Walk the edges with the marks that are open; both lists ascend, so no mark is looked for."""
    waiting = iter(ordered)
    upcoming = next(waiting, None)
    open_marks: list[Mark] = []
    for start, end in pairwise(edges):
        open_marks = [mark for mark in open_marks if mark.end > start]
        while upcoming is not None and upcoming.start == start:
            open_marks.append(upcoming)
            upcoming = next(waiting, None)
        yield Segment(start, end, tuple(sorted(open_marks, key=_by_record)))


def _by_record(mark: Mark) -> tuple[int, str]:
    return (mark.record, mark.slot)


def line_starts(text: str) -> list[int]:
    """The offsets at which a line begins, but for the first."""
    starts, offset = [], 0
    for line in text.splitlines(keepends=True):
        offset += len(line)
        starts.append(offset)
    return starts[:-1]
