"""Cutting a text at overlapping marks loses nothing and quotes every span exactly."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.view.segments import Mark, line_starts, segments

SLOTS = st.sampled_from(["indicator", "value", "unit", "growth", "year", "context"])
TEXTS = st.text(st.characters(), min_size=1, max_size=60) | st.text("𠮷🎉增3%\r\n<", min_size=1, max_size=60)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    starts = st.integers(0, len(text) - 1)
    marks = []
    for record in range(draw(st.integers(0, 8))):
        start = draw(starts)
        marks.append(Mark(start, draw(st.integers(start + 1, len(text))), draw(SLOTS), record))
    return text, marks


@given(marked_texts())
def test_segments_cover_the_text_exactly(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    assert "".join(text[s.start : s.end] for s in segments(text, marks)) == text


@given(marked_texts())
def test_a_marks_segments_join_to_its_quote(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    pieces = segments(text, marks)
    for mark in marks:
        mine = [piece for piece in pieces if mark in piece.marks]
        assert "".join(text[s.start : s.end] for s in mine) == text[mark.start : mark.end]


@given(marked_texts(), st.lists(st.integers(0, 60)))
def test_cuts_become_edges(case: tuple[str, list[Mark]], cuts: list[int]) -> None:
    text, marks = case
    inside = {cut for cut in cuts if cut <= len(text)}
    edges = {s.start for s in segments(text, marks, inside)} | {len(text)}
    assert inside <= edges


@given(TEXTS)
def test_lines_start_where_python_splits_them(text: str) -> None:
    edges = [0, *line_starts(text), len(text)]
    lines = [text[a:b] for a, b in pairwise(edges)]
    assert lines == text.splitlines(keepends=True)


def test_marks_on_the_same_stretch_share_one_segment() -> None:
    pieces = segments("均达98%", [Mark(2, 4, "value", 0), Mark(2, 4, "value", 1)])
    assert [(s.start, s.end, [m.record for m in s.marks]) for s in pieces] == [
        (0, 2, []),
        (2, 4, [0, 1]),
        (4, 5, []),
    ]


def test_an_empty_text_has_no_segments() -> None:
    assert segments("", []) == []
