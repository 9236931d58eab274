"""Two evaluations side by side: read from their JSON, shown as tables, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from training.significance import FEW, Comparison, Difference
from training.tallies import Tallies, tallies_from_json
from zhibiao.errors import DataError

__all__ = ["Evaluated", "comparison_tables", "comparison_to_json", "read_evaluation", "verdict"]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation that was written before."""

    path: Path
    tallies: Tallies
    figures: Mapping[str, Any]


def read_evaluation(path: Path) -> Evaluated:
    """From the `.json` file of `zhibiao evaluate -o`, or from the folder of its report."""
    file = path / "report.json" if path.is_dir() else path
    try:
        figures = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: cannot be read ({error}); give what `zhibiao evaluate -o` wrote") from error
    if not isinstance(figures, dict) or "predictor" not in figures:
        raise DataError(f"{file}: holds no evaluation; give what `zhibiao evaluate -o` wrote")
    name = str(figures["predictor"])
    return Evaluated(file, tallies_from_json(name, figures.get("counts"), source=str(file)), figures)


def verdict(comparison: Comparison) -> str:
    """In one sentence, of strict F1: which is better, and whether that is more than chance."""
    over = comparison.over_reports["strict"]
    if not over.delta:
        return "strict F1 is the same"
    better = comparison.new if over.delta > 0 else comparison.old
    if comparison.old == comparison.new:
        better = "B" if over.delta > 0 else "A"
    sure = "more than chance explains" if over.significant else "but chance can explain it"
    return f"{better} is better by {abs(over.delta):.3f} strict F1, {sure} (p = {over.p_value:.4f})"


def comparison_tables(comparison: Comparison, a: Evaluated, b: Evaluated) -> Iterator[Table]:
    """F1 by measure with significance; then sorts of statements and causes, side by side.

    These are kept for all reports together only, so a part of the reports has none.
    """
    yield _measures_table(comparison)
    if comparison.reports == len(a.tallies.reports):
        yield _slices_table(a.figures, b.figures)
        yield _causes_table(a.figures, b.figures)


def _measures_table(comparison: Comparison) -> Table:
    columns = ("A", "B", "B - A", "over reports", "p", "over districts", "p")
    table = _table(f"F1: A {comparison.old}, B {comparison.new}", "measure", columns)
    for measure, over in comparison.over_reports.items():
        groups = comparison.over_groups[measure]
        table.add_row(measure, *_f1_cells(over), _range(over), _p(over), _range(groups), _p(groups))
    few = f"; fewer than {FEW} districts say little" if comparison.few_groups else ""
    table.caption = (
        f"{verdict(comparison)}; paired bootstrap, 95 % intervals of the difference, over "
        f"{comparison.reports} reports and {comparison.groups} districts{few}; * p < 0.05"
    )
    table.caption_justify = "left"
    return table


def _f1_cells(difference: Difference) -> tuple[str, str, str]:
    return (f"{difference.old:.3f}", f"{difference.new:.3f}", f"{difference.delta:+.3f}")


def _range(difference: Difference) -> str:
    return f"{difference.interval.low:+.3f} to {difference.interval.high:+.3f}"


def _p(difference: Difference) -> str:
    return f"{difference.p_value:.4f}{'*' if difference.significant else ' '}"


def _slices_table(a: Mapping[str, Any], b: Mapping[str, Any]) -> Table:
    table = _table("Strict F1 by sort of statement", "sort", ("gold", "A", "B", "B - A"))
    slices, others = a.get("slices", {}), b.get("slices", {})
    for name in slices:
        if name in others and slices[name]["strict"]["gold"]:
            first, second = slices[name]["strict"], others[name]["strict"]
            delta = second["f1"] - first["f1"]
            table.add_row(
                name, str(first["gold"]), f"{first['f1']:.3f}", f"{second['f1']:.3f}", f"{delta:+.3f}"
            )
    return table


def _causes_table(a: Mapping[str, Any], b: Mapping[str, Any]) -> Table:
    table = _table("Wrong records by cause", "cause", ("A", "B", "B - A"))
    causes, others = a.get("causes", {}), b.get("causes", {})
    for name in causes:
        if name in others:
            first, second = causes[name]["records"], others[name]["records"]
            table.add_row(name, str(first), str(second), f"{second - first:+d}")
    return table


def _table(title: str, name: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(name, overflow="fold", min_width=10)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def comparison_to_json(comparison: Comparison) -> dict[str, object]:
    """By measure, over reports and over districts."""
    return {
        "a": comparison.old,
        "b": comparison.new,
        "reports": comparison.reports,
        "districts": comparison.groups,
        "verdict": verdict(comparison),
        "measures": {
            measure: {
                "a": over.old,
                "b": over.new,
                "difference": over.delta,
                "over_reports": _difference(over),
                "over_districts": _difference(comparison.over_groups[measure]),
            }
            for measure, over in comparison.over_reports.items()
        },
    }


def _difference(difference: Difference) -> dict[str, object]:
    interval = [difference.interval.low, difference.interval.high]
    return {"interval": interval, "p": difference.p_value, "significant": difference.significant}
