"""Fictional sentences with their spans marked in line: `[I产值]达[V5][U亿元]`."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from zhibiao.assemble import assemble
from zhibiao.documents import build
from zhibiao.schema import Finding, Label, Prediction, Record, Span

MARK = re.compile(r"\[([IVUGY])([^\]]+)\]")
LABELS = {label.value[0]: label for label in Label}

Predict = Callable[..., Prediction]


def unmarked(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The text without its marks, and the spans that they mark."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), LABELS[match[1]]))
        text, at = text + match[2], match.end()
    return text + marked[at:], tuple(spans)


def predicted(marked: str, **known: str | int | None) -> Prediction:
    """A prediction without links on a report that reviews 2023, unless `known` says otherwise or None."""
    text, spans = unmarked(marked)
    known = {"title": "岚城区政府工作报告", "report_year": 2023} | known
    findings = {name: Finding(value, "test") for name, value in known.items() if value is not None}
    return Prediction(build(text, id="lancheng", known=findings), spans, None, "model")


@pytest.fixture
def predict() -> Predict:
    """Marked text and metadata to a Prediction."""
    return predicted


@pytest.fixture
def records() -> Callable[..., list[Record]]:
    """Marked text and metadata to its Records."""
    return lambda marked, **known: assemble(predicted(marked, **known))


@pytest.fixture
def only() -> Callable[..., Record]:
    """Marked text that states one thing to its Record."""

    def one(marked: str, **known: str | int | None) -> Record:
        (record,) = assemble(predicted(marked, **known))
        return record

    return one
