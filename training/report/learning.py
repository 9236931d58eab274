"""The section of the learning curve: what more annotated reports are worth, with silver and without."""

from __future__ import annotations

from collections.abc import Iterator

from training.curve_file import LearningCurve, Point
from training.report.cells import range_cell, ratio
from training.report.contents import Block, Line, LinePlot, Table
from training.report.words import Words
from zhibiao.scoring import Interval
from zhibiao.view.lang import Lang

__all__ = ["learning_blocks"]

NAMED = 5
"""So many of the reports that were scored are named."""


def learning_blocks(curve: LearningCurve, evaluated: frozenset[str], words: Words) -> Iterator[Block]:
    """`evaluated` are the ids of the reports of the evaluation that the curve stands beside."""
    yield _source(curve, evaluated, words)
    if curve.arm(silver=True):
        yield words("learning_silver_note")
    if curve.held_out is False:
        yield words("learning_dev")
    arms = [(words(f"learning_{name}"), curve.arm(silver=name == "silver")) for name in ("gold", "silver")]
    there = [(name, points) for name, points in arms if points]
    for name, points in there:
        if len(points) > 1:
            yield _gain(name, points, words)
    lines = tuple(Line(name, tuple(map(_placed, points))) for name, points in there)
    yield LinePlot(words("learning_plot"), words("learning_x"), lines)
    yield _table(there, words)


def _source(curve: LearningCurve, evaluated: frozenset[str], words: Words) -> str:
    names = "、" if words.lang is Lang.ZH else ", "
    more = len(curve.scored_on) - NAMED
    named = names.join(curve.scored_on[:NAMED]) + (words("learning_more", count=more) if more > 0 else "")
    shared = len(evaluated & set(curve.scored_on))
    told = {"source": curve.source, "scored": len(curve.scored_on), "names": named, "shared": shared}
    return words("learning_note", **told)


def _gain(name: str, points: tuple[Point, ...], words: Words) -> str:
    first, last = points[0], points[-1]
    return words(
        "learning_gain",
        name=name,
        few=first.reports,
        low=ratio(first.strict),
        many=last.reports,
        high=ratio(last.strict),
    )


def _placed(point: Point) -> tuple[int, float, float, float]:
    return (point.reports, point.strict, *point.strict_interval)


def _table(arms: list[tuple[str, tuple[Point, ...]]], words: Words) -> Table:
    columns = ("start", "reports", "records", "epochs", "f1_strict", "interval", "f1_relaxed")
    rows = [
        (
            name,
            str(point.reports),
            str(point.records),
            str(point.epochs),
            ratio(point.strict),
            range_cell(Interval(*point.strict_interval)),
            ratio(point.relaxed),
        )
        for name, points in arms
        for point in points
    ]
    return Table(tuple(words(f"column_{column}") for column in columns), tuple(rows))
