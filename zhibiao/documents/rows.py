"""Table rows as text lines, the same way for DOCX and HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_PROSE = 200
"""A cell with several paragraphs and more characters than this lays out a page; it is no table cell."""


def row_lines(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """One line, tabs between cells; a cell that holds prose, or stands alone, keeps its paragraphs."""
    filled = [lines for lines in cells if lines]
    if len(filled) <= 1 or any(len(lines) > 1 and sum(map(len, lines)) > _PROSE for lines in filled):
        for lines in filled:
            yield from lines
    else:
        yield "\t".join(" ".join(lines) for lines in cells).rstrip("\t")
