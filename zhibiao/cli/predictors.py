"""Which predictor a command uses: `--method`, `--model`, `$ZHIBIAO_MODEL`, `models/latest`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from zhibiao.batch import PredictorFactory

__all__ = ["LATEST", "MODEL_VARIABLE", "Method", "choose_predictor", "model_of"]

MODEL_VARIABLE = "ZHIBIAO_MODEL"
LATEST = Path("models/latest")


class Method(StrEnum):
    """How records are found: `combined` is the model, advised by the rules, and what `auto` takes."""

    AUTO = "auto"
    RULES = "rules"
    MODEL = "model"
    COMBINED = "combined"


def choose_predictor(method: Method, model: Path | None) -> tuple[PredictorFactory, str]:
    """The predictor's factory, and a sentence that says which it is and why.

    A model that was asked for by name is never silently replaced by rules.
    """
    from zhibiao.rules import RulePredictor

    if method is Method.RULES:
        if model:
            raise ConfigError(f"--model {model} with --method rules: choose one of the two")
        return RulePredictor, "by rules, as asked"
    source, directory = _model(model)
    if method is Method.AUTO and directory is None:
        return RulePredictor, f"by rules: no --model, no ${MODEL_VARIABLE}, no {LATEST}"
    if directory is None:
        raise ConfigError(
            f"--method {method}, but no --model, no ${MODEL_VARIABLE} and no {LATEST}: train one with "
            "`zhibiao train`, or use --method rules"
        )
    from zhibiao.tagger.loading import ModelFactory
    from zhibiao.tagger.settings import read_settings, require_records

    try:
        require_records(directory, read_settings(directory))
    except ConfigError as error:
        raise ConfigError(f"{error} (the model was named by {source}); or use --method rules") from error
    if method is Method.MODEL:
        return ModelFactory(directory), f"by the model {directory} ({source})"
    return ModelFactory(directory, advised=True), f"by the model {directory} ({source}), advised by the rules"


def model_of(method: Method, model: Path | None) -> Path | None:
    """The folder of the model that `choose_predictor` would take, if it would take one."""
    return None if method is Method.RULES else _model(model)[1]


def _model(model: Path | None) -> tuple[str, Path | None]:
    """Where the model comes from, and its directory."""
    if model:
        return "--model", model
    if named := os.environ.get(MODEL_VARIABLE):
        return f"${MODEL_VARIABLE}", Path(named)
    return (str(LATEST), LATEST) if LATEST.is_dir() else ("--method model", None)
