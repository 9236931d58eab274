"""Leave one out: every district is scored by a predictor that was made without it.

`predictor_of` makes it from a fold; rules need no training and are the same in every fold. A model is trained
in a folder of its own, named by its configuration, its data and what was held out, so that nothing is
trained twice and a stopped run goes on.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from training.evaluate import UNKNOWN, Evaluation, ReportEvaluation, evaluate
from zhibiao.errors import ConfigError
from zhibiao.ports import SpanPredictor
from zhibiao.schema import GoldReport

__all__ = ["Fold", "PredictorOf", "cached", "fold_key", "folds_of", "leave_one_out"]


@dataclass(frozen=True, slots=True)
class Fold:
    """What is scored, and what may be trained on; `held_out` are the names of the scored districts."""

    held_out: tuple[str, ...]
    scored: tuple[GoldReport, ...]
    others: tuple[GoldReport, ...]

    @property
    def name(self) -> str:
        """`云麓区` or `云麓区+岚城区`."""
        return "+".join(self.held_out)


PredictorOf = Callable[[Fold], Callable[[], SpanPredictor]]
"""Makes the factory of the predictor that has not seen the fold's districts."""


def folds_of(reports: Sequence[GoldReport], field: str, *, count: int | None = None) -> list[Fold]:
    """A fold for each district, or `count` folds of about as many records, districts never cut.

    `field` is `district`, `city` or `publisher`. The same reports give the same folds in any order.
    """
    apart: dict[str, list[GoldReport]] = defaultdict(list)
    for report in reports:
        apart[getattr(report.document.metadata, field) or UNKNOWN].append(report)
    if len(apart) < 2:
        raise ConfigError(
            f"--leave-one-out {field}: the data hold one {field} only; nothing is left to train on"
        )
    if count is not None and not 2 <= count <= len(apart):
        raise ConfigError(
            f"--folds {count}: there are {len(apart)} of {field}; choose from 2 to {len(apart)}"
        )
    names = [(name,) for name in sorted(apart)] if count is None else _shared_out(apart, count)
    return [_fold(held_out, apart) for held_out in names]


def _shared_out(apart: Mapping[str, Sequence[GoldReport]], count: int) -> list[tuple[str, ...]]:
    """The largest first, each to the fold that holds least."""
    weights = {name: sum(len(report.records) for report in reports) for name, reports in apart.items()}
    folds: list[list[str]] = [[] for _ in range(count)]
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = min(folds, key=lambda fold: (sum(weights[other] for other in fold), len(fold)))
        lightest.append(name)
    return [tuple(sorted(fold)) for fold in folds]


def _fold(held_out: tuple[str, ...], apart: Mapping[str, Sequence[GoldReport]]) -> Fold:
    def of(names: Iterable[str]) -> tuple[GoldReport, ...]:
        return tuple(report for name in names for report in apart[name])

    return Fold(held_out, of(held_out), of(sorted(set(apart) - set(held_out))))


def leave_one_out(
    folds: Sequence[Fold],
    predictor_of: PredictorOf,
    *,
    group_by: str | None = None,
    watched: Callable[[Iterable[GoldReport]], Iterable[GoldReport]] = iter,
) -> Evaluation:
    """Every report once, scored by the predictor of its fold; `watched` sees each report go by."""
    names: list[str] = []
    reports: list[ReportEvaluation] = []
    for name, scored in _evaluated(folds, predictor_of, group_by, watched):
        names.append(name)
        reports += scored
    distinct = sorted(set(names))
    named = distinct[0] if len(distinct) == 1 else f"{distinct[0]} (and {len(distinct) - 1} more)"
    return Evaluation(f"{named}, leave-one-out", tuple(reports))


def _evaluated(
    folds: Sequence[Fold],
    predictor_of: PredictorOf,
    group_by: str | None,
    watched: Callable[[Iterable[GoldReport]], Iterable[GoldReport]],
) -> Iterator[tuple[str, tuple[ReportEvaluation, ...]]]:
    for fold in folds:
        evaluation = evaluate(watched(fold.scored), predictor_of(fold)(), group_by=group_by)
        yield evaluation.predictor, evaluation.reports


def fold_key(config: Mapping[str, object], data: Mapping[str, str], held_out: Sequence[str]) -> str:
    """A name for a fold's folder: another configuration, other data or another fold give another."""
    settings = {"config": config, "data": data, "held_out": sorted(held_out)}
    told = json.dumps(settings, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(told.encode("utf-8")).hexdigest()[:16]


def cached(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder` if it is complete; else `make` fills `folder.partial`, which then takes the name.

    A stopped `make` finds its partial folder as it left it, and may go on from there.
    """
    if folder.is_dir():
        return folder
    partial = folder.with_name(f"{folder.name}.partial")
    partial.mkdir(parents=True, exist_ok=True)
    make(partial)
    return partial.rename(folder)
