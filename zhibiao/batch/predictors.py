"""A predictor in each process, made there once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from zhibiao.ports import SpanPredictor

__all__ = ["PredictorFactory", "predictor_name", "predictor_of", "ready_predictor"]

PredictorFactory = Callable[[], SpanPredictor]
"""Makes the predictor in each process, once; must pickle, hash and compare (a class does).

One that takes long should have a `name`, that of its predictor, so that the process which only hands out the
work need not make it.
"""


@cache
def predictor_of(factory: PredictorFactory) -> SpanPredictor:
    """The predictor of this process."""
    return factory()


def ready_predictor(factory: PredictorFactory) -> SpanPredictor:
    """The same before work begins: made anew where a model was trained again into its folder."""
    predictor = predictor_of(factory)
    if predictor_name(factory) != predictor.name:
        predictor_of.cache_clear()
        predictor = predictor_of(factory)
    return predictor


def predictor_name(factory: PredictorFactory) -> str:
    """What a factory's predictor is called in manifests; it is not made where the factory has a `name`."""
    stated = getattr(factory, "name", None)
    return stated if isinstance(stated, str) else predictor_of(factory).name
