"""Figures as the text of cells."""

from __future__ import annotations

from zhibiao.scoring import Counts, Interval

__all__ = ["counts_cells", "range_cell", "ratio"]


def ratio(value: float) -> str:
    """Three places."""
    return f"{value:.3f}"


def range_cell(interval: Interval | None) -> str:
    """From where to where; a dash where there is none."""
    return "–" if interval is None else f"{ratio(interval.low)}–{ratio(interval.high)}"


def counts_cells(counts: Counts) -> tuple[str, ...]:
    """Gold, predicted and right; precision, recall and F1."""
    ratios = (counts.precision, counts.recall, counts.f1)
    return (str(counts.gold), str(counts.predicted), str(counts.correct), *map(ratio, ratios))
