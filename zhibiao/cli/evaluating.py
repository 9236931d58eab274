"""From the options of `zhibiao evaluate` to evaluations: by one predictor, one a fold, or of gold spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhibiao.cli.folds import LinkingOptions
from zhibiao.cli.predictors import Method, model_of
from zhibiao.cli.progress import progress
from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from training.evaluate import Evaluation
    from training.leave_one_out import PredictorOf
    from zhibiao.ports import SpanPredictor
    from zhibiao.schema import GoldReport

__all__ = ["Asked", "evaluated", "linkings"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options that decide which predictors there are and how reports are grouped.

    `leave_one_out` and `group_by` are fields of the metadata. Models of folds are kept in `cache`. `quiet`
    shows no progress, `silent` does not say either which predictor was chosen.
    """

    method: Method
    model: Path | None
    leave_one_out: str | None
    folds: int | None
    config: Path | None
    cache: Path
    group_by: str | None
    quiet: bool
    silent: bool

    @property
    def folder(self) -> Path | None:
        """The one model of all reports, if there is one."""
        return None if self.leave_one_out else model_of(self.method, self.model)

    @property
    def by_model(self) -> bool:
        """Whether a model predicts, or one a fold."""
        return self.config is not None if self.leave_one_out else self.folder is not None


def evaluated(asked: Asked, reports: list[GoldReport], options: LinkingOptions) -> Evaluation:
    """Every report scored by the predictor that is to score it."""
    from training.evaluate import evaluate
    from training.leave_one_out import folds_of, leave_one_out

    if not asked.leave_one_out:
        predictor = _chosen(asked, options)
        with _watching(asked.quiet) as watched:
            return evaluate(watched(reports), predictor, group_by=asked.group_by)
    predictors = _left_out_predictors(asked, asked.leave_one_out, options)
    plan = folds_of(reports, asked.leave_one_out, count=asked.folds)
    with _watching(asked.quiet) as watched:
        return leave_one_out(plan, predictors, group_by=asked.group_by, watched=watched)


def linkings(
    asked: Asked, reports: list[GoldReport], options: LinkingOptions, evaluation: Evaluation
) -> dict[str, Evaluation]:
    """The linking of gold spans: by the rules of assembly, and by the model's link head where one is used.

    `evaluation` was made with `options`; where it is of gold spans itself it is not made again.
    """
    from training.evaluate import GoldSpans, evaluate

    found = {"rules": evaluate(reports, GoldSpans(reports))}
    if not asked.by_model or options.rule_links:
        return found
    if options.gold is None:
        evaluation = evaluated(replace(asked, silent=True), reports, replace(options, gold=reports))
    return {**found, "model": evaluation}


def _chosen(asked: Asked, options: LinkingOptions) -> SpanPredictor:
    """With gold spans a model links them if there is one, else the rules do."""
    from training.evaluate import GoldSpans
    from zhibiao.cli.predictors import choose_predictor

    factory, reason = choose_predictor(asked.method, asked.model)
    if not asked.silent:
        typer.echo(f"evaluating {reason}", err=True)
    if asked.folder is not None and not options.plain:
        return options.predictor(asked.folder)
    return factory() if options.gold is None else GoldSpans(options.gold)


def _left_out_predictors(asked: Asked, field: str, options: LinkingOptions) -> PredictorOf:
    """Rules are the same whatever is left out; models are trained, one a fold."""
    if asked.model or (asked.method in (Method.MODEL, Method.COMBINED) and asked.config is None):
        raise ConfigError(
            "--leave-one-out needs a predictor for every fold, and one model has seen what it has seen: name "
            "a training config with --config, use --method rules, or train with data.hold_out and evaluate "
            "that model with --hold-out"
        )
    if asked.config is not None and asked.method is Method.RULES:
        raise ConfigError(f"--config {asked.config} with --method rules: choose one of the two")
    if asked.config is not None:
        from zhibiao.cli.folds import trained_predictors

        return trained_predictors(asked.config, field, cache=asked.cache, options=options, quiet=asked.silent)
    rules = _chosen(replace(asked, method=Method.RULES, leave_one_out=None), options)
    return lambda _: lambda: rules


@contextmanager
def _watching(quiet: bool) -> Iterator[Callable[[Iterable[GoldReport]], Iterator[GoldReport]]]:
    """What lets reports go by and counts them."""
    with progress("reports", quiet=quiet) as advance:

        def watched(reports: Iterable[GoldReport]) -> Iterator[GoldReport]:
            for report in reports:
                yield report
                advance(len(report.document.text))

        yield watched
