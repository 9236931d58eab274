"""Temperatures: two numbers that make a model's confidence mean what it says, fitted on the dev reports.

Dividing all logits by one number changes no decision of a tag or a link, only how sure it is said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.calibration import calibrate
from training.evaluate import evaluate
from zhibiao.schema import GoldReport
from zhibiao.tagger.checkpoint import load_torch_model
from zhibiao.tagger.predictor import Engine, Floats, Ids, Model, TaggerPredictor
from zhibiao.tagger.settings import read_settings, write_settings

__all__ = ["calibrated", "fit_temperature"]

_CANDIDATES = tuple(float(value) for value in np.round(np.geomspace(0.5, 4.0, 16), 3))


def calibrated(folder: Path, dev: Sequence[GoldReport]) -> None:
    """Writes the temperatures, alone and advised by the rules, into the model at `folder`.

    Without dev reports they stay 1.
    """
    if not dev:
        return
    model = load_torch_model(folder)
    best = fit_temperature(model, dev)
    advised = fit_temperature(replace(model.advised(), link_temperature=best), dev, links=False)
    settings = read_settings(folder)
    write_settings(
        folder, replace(settings, temperature=best, link_temperature=best, advised_temperature=advised)
    )


def fit_temperature(model: Model, dev: Sequence[GoldReport], *, links: bool = True) -> float:
    """The temperature with the least expected calibration error of the records' confidence.

    With `links` it is that of the links too; else theirs stays.
    """

    engine = _Remembered(model.engine)

    def error(temperature: float) -> float:
        linking = temperature if links else model.link_temperature
        tried = replace(model, engine=engine, temperature=temperature, link_temperature=linking)
        found = calibrate(evaluate(dev, TaggerPredictor(tried)))
        return found.error if found else 1.0

    return _least(error)


class _Remembered:
    """An engine that runs every batch once: the temperature comes after it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[bytes, tuple[Floats, Floats]] = {}

    def __call__(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        key = ids.shape[1].to_bytes(4) + ids.tobytes()
        if key not in self._known:
            self._known[key] = self._engine(ids, mask)
        return self._known[key]


def _least(error: Callable[[float], float]) -> float:
    """The best candidate; the one nearest to 1 among equals."""
    return min(_CANDIDATES, key=lambda value: (round(error(value), 4), abs(np.log(value))))
