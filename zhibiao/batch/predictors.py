"""A predictor in each process, made there once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from zhibiao.ports import SpanPredictor

__all__ = ["PredictorFactory", "predictor_name", "predictor_of"]

PredictorFactory = Callable[[], SpanPredictor]
"""Makes the predictor in each process, once; must pickle, hash and compare (a class does)."""


@cache
def predictor_of(factory: PredictorFactory) -> SpanPredictor:
    """The predictor of this process."""
    return factory()


def predictor_name(factory: PredictorFactory) -> str:
    """What a factory's predictor is called in manifests."""
    return predictor_of(factory).name
