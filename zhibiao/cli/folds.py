"""`zhibiao evaluate --leave-one-out district --config CONFIG.toml`: a model for every fold, trained once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from training.config import TrainConfig
    from training.leave_one_out import Fold, PredictorOf
    from zhibiao.ports import SpanPredictor
    from zhibiao.schema import GoldReport

__all__ = ["LinkingOptions", "trained_predictors"]

PLACE = ("output", "save_seconds", "mlflow", "threads")
"""Settings of a run that change nothing of the model, so they are no part of its key."""


@dataclass(frozen=True)
class LinkingOptions:
    """How a model is used: with the links of the rules, advised by the rules, on the spans of the gold."""

    rule_links: bool = False
    combined: bool = False
    gold: Sequence[GoldReport] | None = None

    @property
    def plain(self) -> bool:
        """Whether the model is used as its method says."""
        return not self.rule_links and self.gold is None

    def predictor(self, model: Path) -> SpanPredictor:
        """The model of a folder, used so."""
        from zhibiao.scoring import gold_spans
        from zhibiao.tagger.loading import ModelFactory, load_model
        from zhibiao.tagger.predictor import TaggerPredictor

        if self.gold is None:
            return ModelFactory(model, linking=not self.rule_links, advised=self.combined)()
        spans = {report.document.id: gold_spans(report) for report in self.gold}
        return TaggerPredictor(
            load_model(model), linking=not self.rule_links, given=lambda document: spans[document.id]
        )


def trained_predictors(
    config: Path, field: str, *, cache: Path, options: LinkingOptions, quiet: bool
) -> PredictorOf:
    """What makes the predictor of a fold: a model trained without the fold's districts.

    A fold whose configuration, data and districts are those of a model in `cache` is not trained again; one
    that was stopped goes on.
    """
    from zhibiao.cli.training import configured

    settings = configured(config, None)
    if settings.data.group != field:
        raise ConfigError(
            f"{config}: data.group is {settings.data.group!r}, but --leave-one-out {field}; name the same"
        )

    def predictor_of(fold: Fold) -> Callable[[], SpanPredictor]:
        model = _model_of(settings, fold, cache, quiet=quiet)
        _refuse_seen(model, fold, field)
        return lambda: options.predictor(model)

    return predictor_of


def _model_of(settings: TrainConfig, fold: Fold, cache: Path, *, quiet: bool) -> Path:
    from training.learning import checksums
    from training.leave_one_out import cached, fold_key

    data = replace(
        settings.data,
        hold_out=tuple(sorted({*settings.data.hold_out, *fold.held_out})),
        dev=tuple(name for name in settings.data.dev if name not in fold.held_out),
    )
    own = replace(settings, data=data)
    told = own.to_json()
    for name in PLACE:
        told["run"].pop(name)
    folder = cache / fold_key(told, {**checksums(data), **_start(own)}, fold.held_out)
    if not quiet:
        known = "trained before" if folder.is_dir() else "training"
        typer.echo(f"fold {fold.name}: {known}, {folder}", err=True)
    return cached(folder, lambda partial: _train(own, partial, quiet=quiet)) / "model"


def _start(settings: TrainConfig) -> dict[str, str]:
    """The model that every fold starts from, by the name that its weights give it."""
    from zhibiao.tagger.settings import read_settings, weights_name

    start = settings.encoder.start
    return {} if start is None else {"start": weights_name(start, read_settings(start))}


def _train(settings: TrainConfig, folder: Path, *, quiet: bool) -> None:
    """Goes on where a stopped run left its state; what only a running run needs goes when it is over."""
    from zhibiao.cli.training import run_training

    states = folder / "model.run"
    own = replace(settings, run=replace(settings.run, output=folder / "model"))
    run_training(own, resume=(states / "state.safetensors").exists(), quiet=quiet)
    shutil.rmtree(states, ignore_errors=True)


def _refuse_seen(model: Path, fold: Fold, field: str) -> None:
    """The model says itself what it has seen; its word is taken, not the config's."""
    from training.provenance import HoldOut, read_provenance, refuse_seen

    provenance = read_provenance(model)
    for name in fold.held_out:
        refuse_seen(provenance, fold.scored, HoldOut(field, name))
